"""What happens when a visitor does something: sessions in, sessions and searches out.

Nothing here knows of the layout or of Gradio.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from PIL import Image

from recommender.answers.contact_sheet import Tile, draw_contact_sheet
from recommender.answers.recommender import (
    MAX_K,
    MIN_QUERY_SIDE,
    Answer,
    MixComponent,
    Query,
    Recommender,
)
from recommender.answers.regions import Region
from recommender.errors import SettingsError
from recommender.interface.state.history import (
    MAX_SHARES,
    WHOLE,
    Box,
    Session,
    Share,
    Step,
    cropped,
    data_url,
    picture_from,
    preview_of,
)
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.wording import attribute_title
from recommender.pictures.decoding import PictureSource, open_picture

# Fills three rows of four, or six of two on a phone. The API's default is the classic five.
PAGE_K = 12

YOUR_PICTURE, THE_MIX = "Your picture", "Your mix"
# In a link, a product of a mix with its shares of style and colour; the tray's sliders end at 2.
MIX = "mix"
_MIXED = re.compile(
    r"(?P<item>.+):(?P<style>-?[01](\.\d+)?|2):(?P<colour>-?[01](\.\d+)?|2)",
    re.ASCII | re.DOTALL,
)
# In a link, before an attribute's name: a catalogue may have one called "item" or "view", which
# mean something else to this page or to Gradio.
FILTER = "filter."
# Digits of a number in a link; Python refuses to read more than 4,300.
_NUMBER = re.compile(r"\d{1,20}(\.\d{0,20})?", re.ASCII)
# Characters of a link that a sentence repeats.
_QUOTED = 60


@dataclass(frozen=True)
class Controls:
    """What the visitor has set beside the picture."""

    k: int = PAGE_K
    weight: float | None = None
    include_same: bool = False
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reopened:
    """What a link asks for."""

    session: Session
    controls: Controls
    notices: tuple[str, ...]
    """What of it was left out, in sentences."""


class Visit:
    """Turns a visitor's doings into searches.

    Args:
        recommender: answers them.
        thumbnails: shows the products of a mix.
    """

    def __init__(self, recommender: Recommender, thumbnails: Thumbnails) -> None:
        self.recommender, self._thumbnails = recommender, thumbnails
        self.catalogue = recommender.catalogue

    def search(self, step: Step, controls: Controls) -> Answer:
        """What a step finds; the network has done its part already.

        Raises:
            FilterError, SettingsError: the controls make no sense.
        """
        return self.recommender.search(
            step.query,
            controls.k,
            controls.filters,
            colour_weight=controls.weight,
            include_same=controls.include_same or step.preview is None,
            exclude=step.exclude,
        )

    def with_picture(self, session: Session, source: PictureSource) -> Session:
        """Begin anew with a picture that was sent.

        Raises:
            PictureError: it is not one we can use.
        """
        picture = open_picture(source, min_side=MIN_QUERY_SIDE)
        query = self.recommender.embed_picture(picture)
        return session.anew(Step(YOUR_PICTURE, query, preview=preview_of(picture), whole=query))

    def with_crop(self, session: Session, box: Sequence[Any]) -> Session:
        """Search with a part of the picture shown; on any other step nothing happens."""
        step = session.step
        if step is None or step.preview is None:
            return session
        checked = _box(box)
        if checked == WHOLE and step.whole is not None:
            whole = replace(step, label=YOUR_PICTURE, query=step.whole, box=WHOLE)
            return session.instead(whole)
        query = self.recommender.embed_picture(cropped(picture_from(step.preview), checked))
        cut = replace(step, label=f"{YOUR_PICTURE}, cut", query=query, box=checked)
        return session.instead(cut)

    def regions(self, session: Session) -> list[Region]:
        """Garments of the picture shown, if it shows several."""
        step = session.step
        if step is None or step.preview is None:
            return []
        return self.recommender.regions(picture_from(step.preview))

    def with_item(self, session: Session, item_id: str, *, onward: bool) -> Session:
        """Search with a product: from where the visitor is, or as a new beginning.

        Raises:
            UnknownItemError: there is no such product.
        """
        position = self.catalogue.position(item_id)
        step = Step(
            self.catalogue.name(position),
            Query(self.recommender.embedding_of(position)),
            item_id=self.catalogue.ids[position],
            exclude=self._copies(position),
        )
        return session.onward(step) if onward else session.anew(step)

    def add_to_mix(self, session: Session, item_id: str | None) -> Session:
        """Put a product, or the picture shown, into the mix.

        Raises:
            SettingsError: the mix is full.
        """
        if len(session.mix) >= MAX_SHARES:
            raise SettingsError(f"A mix has at most {MAX_SHARES} pictures. Remove one first.")
        step = session.step
        if item_id is not None:
            position = self.catalogue.position(item_id)
            share = Share(
                self.catalogue.name(position),
                self._thumbnails.url(position),
                self.recommender.embedding_of(position),
                item_id=item_id,
            )
        elif step is not None and step.preview is not None:
            part = cropped(picture_from(step.preview), step.box)
            share = Share(step.label, data_url(preview_of(part, 120)), step.query.embedding)
        else:
            return session
        return replace(session, mix=(*session.mix, share))

    def reweighed(self, session: Session, shares: Iterable[Mapping[str, Any]]) -> Session:
        """The mix with new weights: each of {"share": number, "part": name, "value": weight}."""
        mix = list(session.mix)
        for share in shares:
            number, part, value = int(share["share"]), str(share["part"]), float(share["value"])
            if 0 <= number < len(mix) and part == "style":
                mix[number] = replace(mix[number], style=value)
            elif 0 <= number < len(mix) and part == "colour":
                mix[number] = replace(mix[number], colour=value)
        return replace(session, mix=tuple(mix))

    def without(self, session: Session, number: int) -> Session:
        """The session without one picture of its mix, counted from 0."""
        kept = (share for i, share in enumerate(session.mix) if i != number)
        return replace(session, mix=tuple(kept))

    def with_mix(self, session: Session) -> Session:
        """Search with the mix.

        Raises:
            SettingsError: its parts cancel each other out.
        """
        query = self.recommender.mix(
            [MixComponent(share.embedding, share.style, share.colour) for share in session.mix]
        )
        items = [self.catalogue.position(s.item_id) for s in session.mix if s.item_id is not None]
        copies = tuple(copy for position in items for copy in self._copies(position))
        step = Step(THE_MIX, query, exclude=copies, shares=session.mix)
        again = session.step is not None and session.step.label == THE_MIX
        return session.instead(step) if again else session.onward(step)

    def link(self, step: Step, controls: Controls) -> str:
        """The end of the address that reopens a search; empty where only the visitor has it."""
        pairs = [(MIX, mixed(share)) for share in step.shares if share.item_id is not None]
        if step.item_id is not None:
            pairs = [("item", step.item_id)]
        elif not pairs or len(pairs) < len(step.shares):
            return ""
        if controls.k != PAGE_K:
            pairs.append(("k", str(controls.k)))
        if controls.weight is not None and controls.weight != self.default_weight:
            pairs.append(("colour", f"{controls.weight:g}"))
        pairs += [
            (f"{FILTER}{name}", value)
            for name, values in controls.filters.items()
            for value in values
        ]
        return f"?{urlencode(pairs)}"

    def from_link(self, pairs: Iterable[tuple[str, str]]) -> Reopened:
        """The search that the end of an address asks for.

        Args:
            pairs: names and values; those that mean nothing here, such as a campaign's, are left
                out, and those that say something wrong are left out with a sentence.

        Raises:
            UnknownItemError: the product is not in the catalogue (any more).
            SettingsError: the mix has too many products, or they cancel each other out.
        """
        session, k, weight = Session(), PAGE_K, self.default_weight
        notices: list[str] = []
        filters: dict[str, list[str]] = {}
        for name, value in pairs:
            # Links made before filters had a prefix name them as they are.
            attribute = name.removeprefix(FILTER)
            if name == "item":
                session = self.with_item(session, value, onward=False)
            elif name == MIX:
                mixing = self.with_share(session, value)
                session = mixing or session
                if mixing is None:
                    notices.append(
                        f"The link's mix={_quoted(value)} is no product with its shares."
                    )
            elif name == "k":
                number = _number(value)
                if number is None:
                    notices.append(f"The link's k={_quoted(value)} is no number; {k} are shown.")
                else:
                    k = int(min(max(number, 1), MAX_K))
            elif name == "colour":
                number = _number(value)
                if number is None:
                    notices.append(f"The link's colour={_quoted(value)} is no number from 0 to 1.")
                else:
                    weight = min(number, 1.0)
            elif attribute in self.catalogue.filters:
                if value in self.catalogue.values(attribute):
                    filters.setdefault(attribute, []).append(value)
                else:
                    title = attribute_title(attribute)
                    notices.append(f"The catalogue has no product of {title} {_quoted(value)}.")
        if session.mix and session.step is None:
            session = self.with_mix(session)
        return Reopened(session, Controls(k, weight, filters=filters), tuple(notices))

    def with_share(self, session: Session, text: str) -> Session | None:
        """Put a product with its shares into the mix, as links have it; None where it is none.

        Raises:
            UnknownItemError: there is no such product.
            SettingsError: the mix is full.
        """
        share = _MIXED.fullmatch(text)
        if share is None:
            return None
        session = self.add_to_mix(session, share["item"])
        number = len(session.mix) - 1
        parts = ("style", "colour")
        return self.reweighed(
            session, [{"share": number, "part": part, "value": share[part]} for part in parts]
        )

    @property
    def default_weight(self) -> float:
        """The catalogue's own balance of colour and style."""
        return self.recommender.index.manifest.colour_weight

    def picture(self, step: Step) -> Image.Image | None:
        """The picture that a step searches with, RGB; None for a mix."""
        if step.item_id is not None:
            return self.catalogue.thumbnail(self.catalogue.position(step.item_id))
        return cropped(picture_from(step.preview), step.box) if step.preview else None

    def similarity(self, step: Step, position: int, weight: float | None) -> float:
        """How similar a product is to a step's query, 0-1, as the results say it."""
        index = self.recommender.index
        weight = self.recommender.check(1, {}, weight)
        vector = index.search.vectors([position])[0]
        product = np.array([vector @ step.query.embedding.query(weight)])
        return float(index.calibration.similarity(product, weight)[0])

    def sheet(self, step: Step, answer: Answer) -> Image.Image:
        """Query and results on one picture."""
        query = self.picture(step)
        tiles = [] if query is None else [Tile(query, step.label, "the query", is_query=True)]
        tiles += [
            Tile(
                self.catalogue.thumbnail(self.catalogue.position(result.id)),
                result.name,
                f"{result.similarity:.0%} similar",
            )
            for result in answer.results
        ]
        index = self.recommender.index
        return draw_contact_sheet(tiles, f"{index.manifest.title}, {index.backbone.title}")

    def _copies(self, position: int) -> tuple[int, ...]:
        original = self.catalogue.original
        return tuple(int(p) for p in np.flatnonzero(original == original[position]))


def mixed(share: Share) -> str:
    """A product of a mix with its shares, as links have it; empty for a visitor's picture."""
    return "" if share.item_id is None else f"{share.item_id}:{share.style:g}:{share.colour:g}"


def _number(text: str) -> float | None:
    """A number of a link, from 0; None where it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…")


def _box(sides: Sequence[Any]) -> Box:
    """A box sent by a browser, checked.

    Raises:
        SettingsError: it is none.
    """
    try:
        left, top, right, bottom = (min(max(float(side), 0.0), 1.0) for side in sides)
    except (TypeError, ValueError):
        raise SettingsError("A crop is left, top, right and bottom, from 0 to 1.") from None
    if not (left < right and top < bottom):
        raise SettingsError("That crop holds nothing. Drag the corners apart.")
    return left, top, right, bottom
