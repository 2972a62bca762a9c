"""Sessions carried over from an earlier index: the same searches, in the index that answers now."""

from dataclasses import replace

from recommender.errors import TextError
from recommender.interface.state.actions import SearchActions, added
from recommender.interface.state.history import (
    WHOLE,
    HistoryEntry,
    MixItem,
    Session,
    cropped,
    picture_from,
)

# After the name of a product that an earlier index had.
NO_LONGER = "(no longer in the catalogue)"


def carried_over(actions: SearchActions, session: Session, *, same_space: bool) -> Session:
    """A session of an earlier index, as a session of this one.

    Products that are gone stay in the history and the mix as what they looked like, and say so;
    where the indexes' vectors cannot be compared, they are lost.

    Args:
        actions: searches in this index.
        session: of the earlier index.
        same_space: whether vectors of both indexes can be compared.
    """
    history: list[HistoryEntry] = []
    lost = session.lost_entries
    for number, entry in enumerate(session.history):
        moved = _entry(actions, entry, same_space)
        if moved is None:
            history, lost = [], session.lost_entries + number + 1
        else:
            history.append(moved)
    mix = [_mix_item(actions, item, same_space) for item in session.mix]
    kept = tuple(item for item in mix if item is not None)
    return replace(
        session,
        history=tuple(history),
        mix=kept,
        lost_entries=lost,
        lost_mix_items=session.lost_mix_items + len(mix) - len(kept),
    )


def _entry(actions: SearchActions, entry: HistoryEntry, same_space: bool) -> HistoryEntry | None:
    """An entry in this index; None where it is lost."""
    if entry.base is None:
        return _plain_entry(actions, entry, same_space)
    own = added(entry.text)
    plain = replace(
        entry, label=entry.label.removesuffix(own), query=entry.base, text="", base=None
    )
    moved = _plain_entry(actions, plain, same_space)
    if moved is None:
        return None
    try:
        query = actions.recommender.refine(moved.query, entry.text)
    except TextError:  # this index has no words, or not these
        return moved
    return replace(
        moved, label=f"{moved.label}{own}", query=query, text=entry.text, base=moved.query
    )


def _plain_entry(
    actions: SearchActions, entry: HistoryEntry, same_space: bool
) -> HistoryEntry | None:
    """An entry that no words refine, in this index."""
    if entry.item_id is not None:
        if entry.item_id in actions.catalogue:
            return actions.with_item(Session(), entry.item_id, onward=False).entry
        gone = replace(entry, label=_gone(entry.label), item_id=None, exclude=())
        return gone if same_space else None
    if entry.mix_items:
        mix_items = [_mix_item(actions, item, same_space) for item in entry.mix_items]
        mix = tuple(item for item in mix_items if item is not None)
        return actions.with_mix(Session(mix=mix)).entry if len(mix) == len(mix_items) else None
    if same_space:
        return replace(entry, exclude=())
    if entry.preview is not None:
        picture = picture_from(entry.preview)
        whole = actions.recommender.embed_picture(picture)
        cut = whole
        if entry.box != WHOLE:
            cut = actions.recommender.embed_picture(cropped(picture, entry.box))
        return replace(entry, query=cut, whole=whole, exclude=())
    try:
        return actions.with_words(Session(), entry.text).entry if entry.text else None
    except TextError:
        return None


def _mix_item(actions: SearchActions, item: MixItem, same_space: bool) -> MixItem | None:
    if item.item_id is None or item.item_id not in actions.catalogue:
        gone = item if item.item_id is None else replace(item, label=_gone(item.label))
        return replace(gone, item_id=None) if same_space else None
    [new] = actions.add_to_mix(Session(), item.item_id).mix
    return replace(new, style=item.style, colour=item.colour)


def _gone(label: str) -> str:
    return label if label.endswith(NO_LONGER) else f"{label} {NO_LONGER}"
