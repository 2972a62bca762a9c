"""Sessions carried over from an earlier index: the same searches, in the index that answers now."""

from dataclasses import replace

from recommender.errors import TextError
from recommender.interface.state.actions import Visit, added
from recommender.interface.state.history import (
    WHOLE,
    Session,
    Share,
    Step,
    cropped,
    picture_from,
)

# After the name of a product that an earlier index had.
NO_LONGER = "(no longer in the catalogue)"


def carried_over(visit: Visit, session: Session, *, same_space: bool) -> Session:
    """A session of an earlier index, as a session of this one.

    Products that are gone stay in the trail and the mix as what they looked like, and say so;
    where the indexes' vectors cannot be compared, they are lost.

    Args:
        visit: searches in this index.
        session: of the earlier index.
        same_space: whether vectors of both indexes can be compared.
    """
    trail: list[Step] = []
    lost = session.lost_steps
    for number, step in enumerate(session.trail):
        moved = _step(visit, step, same_space)
        if moved is None:
            trail, lost = [], session.lost_steps + number + 1
        else:
            trail.append(moved)
    mix = [_share(visit, share, same_space) for share in session.mix]
    kept = tuple(share for share in mix if share is not None)
    return replace(
        session,
        trail=tuple(trail),
        mix=kept,
        lost_steps=lost,
        lost_shares=session.lost_shares + len(mix) - len(kept),
    )


def _step(visit: Visit, step: Step, same_space: bool) -> Step | None:
    """A step in this index; None where it is lost."""
    if step.base is None:
        return _plain_step(visit, step, same_space)
    own = added(step.text)
    plain = replace(step, label=step.label.removesuffix(own), query=step.base, text="", base=None)
    moved = _plain_step(visit, plain, same_space)
    if moved is None:
        return None
    try:
        query = visit.recommender.refine(moved.query, step.text)
    except TextError:  # this index has no words, or not these
        return moved
    return replace(
        moved, label=f"{moved.label}{own}", query=query, text=step.text, base=moved.query
    )


def _plain_step(visit: Visit, step: Step, same_space: bool) -> Step | None:
    """A step that no words refine, in this index."""
    if step.item_id is not None:
        if step.item_id in visit.catalogue:
            return visit.with_item(Session(), step.item_id, onward=False).step
        gone = replace(step, label=_gone(step.label), item_id=None, exclude=())
        return gone if same_space else None
    if step.shares:
        shares = [_share(visit, share, same_space) for share in step.shares]
        mix = tuple(share for share in shares if share is not None)
        return visit.with_mix(Session(mix=mix)).step if len(mix) == len(shares) else None
    if same_space:
        return replace(step, exclude=())
    if step.preview is not None:
        picture = picture_from(step.preview)
        whole = visit.recommender.embed_picture(picture)
        cut = whole
        if step.box != WHOLE:
            cut = visit.recommender.embed_picture(cropped(picture, step.box))
        return replace(step, query=cut, whole=whole, exclude=())
    try:
        return visit.with_words(Session(), step.text).step if step.text else None
    except TextError:
        return None


def _share(visit: Visit, share: Share, same_space: bool) -> Share | None:
    if share.item_id is None or share.item_id not in visit.catalogue:
        gone = share if share.item_id is None else replace(share, label=_gone(share.label))
        return replace(gone, item_id=None) if same_space else None
    [new] = visit.add_to_mix(Session(), share.item_id).mix
    return replace(new, style=share.style, colour=share.colour)


def _gone(label: str) -> str:
    return label if label.endswith(NO_LONGER) else f"{label} {NO_LONGER}"
