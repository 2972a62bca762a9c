"""Search actions: a visitor's session in, the session and the search that follow out.

Nothing here knows of the layout or of Gradio.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from recommender.answers.contact_sheet import Tile, draw_contact_sheet
from recommender.answers.recommendation import Answer, MixComponent, Query
from recommender.answers.recommender import Recommender
from recommender.answers.regions import Region
from recommender.answers.text_queries import Suggestion
from recommender.errors import SettingsError
from recommender.index.offer import PRICE
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import (
    MAX_MIX_ITEMS,
    WHOLE,
    Box,
    HistoryEntry,
    MixItem,
    Session,
    cropped,
    data_url,
    picture_from,
    preview_of,
)
from recommender.interface.thumbnails import Thumbnails
from recommender.pictures.decoding import PictureSource

YOUR_PICTURE, THE_MIX = "Your picture", "Your mix"


# Characters of a text in the history.
_LABEL = 60


class SearchActions:
    """Turns a visitor's doings into searches.

    Args:
        recommender: answers them.
        thumbnails: shows the products of a mix.
    """

    def __init__(self, recommender: Recommender, thumbnails: Thumbnails) -> None:
        self.recommender, self._thumbnails = recommender, thumbnails
        self.catalogue = recommender.catalogue

    def search(self, entry: HistoryEntry, controls: Controls, offset: int = 0) -> Answer:
        """What an entry finds; the network has done its part already.

        Args:
            entry: a query of the history.
            controls: what bounds the search.
            offset: results to pass over, which the page shows already.

        Raises:
            FilterError, SettingsError: the controls make no sense.
        """
        return self.recommender.search(
            entry.query,
            controls.k,
            controls.filters,
            colour_weight=controls.weight,
            include_same=controls.include_same or entry.preview is None,
            exclude=entry.exclude,
            min_similarity=controls.min_similarity,
            offset=offset,
        )

    def with_picture(self, session: Session, source: PictureSource) -> Session:
        """Begin anew with a picture that was sent.

        Raises:
            PictureError: it is not one we can use.
        """
        picture = self.recommender.opened(source)
        query = self.recommender.embed_picture(picture)
        return session.anew(
            HistoryEntry(YOUR_PICTURE, query, preview=preview_of(picture), whole=query)
        )

    def with_crop(self, session: Session, box: Sequence[Any]) -> Session:
        """Search with a part of the picture shown; on any other entry nothing happens."""
        entry = session.entry
        if entry is None or entry.preview is None:
            return session
        checked = _box(box)
        if entry.base is not None:
            # The words refine the part, too.
            plain = replace(entry, label=YOUR_PICTURE, query=entry.base, text="", base=None)
            refined = self.refined(self.with_crop(session.instead(plain), box), entry.text)
            return session.instead(refined.entry) if refined.entry is not None else session
        if checked == WHOLE and entry.whole is not None:
            whole = replace(entry, label=YOUR_PICTURE, query=entry.whole, box=WHOLE)
            return session.instead(whole)
        query = self.recommender.embed_picture(cropped(picture_from(entry.preview), checked))
        cut = replace(entry, label=f"{YOUR_PICTURE}, cut", query=query, box=checked)
        return session.instead(cut)

    def regions(self, session: Session) -> list[Region]:
        """Garments of the picture shown, if it shows several."""
        entry = session.entry
        if entry is None or entry.preview is None:
            return []
        return self.recommender.regions(picture_from(entry.preview))

    def with_words(self, session: Session, text: str) -> Session:
        """Search with words alone, from a new beginning.

        Raises:
            TextError: they cannot be searched with.
        """
        query = self.recommender.embed_text(text)
        return session.anew(HistoryEntry(shortened(text), query, text=" ".join(text.split())))

    def refined(self, session: Session, text: str) -> Session:
        """The query shown with these words in place of those that refine it; without, as it was.

        Raises:
            TextError: they cannot be searched with.
        """
        entry = session.entry
        if entry is None:
            return session
        alone = entry.base is None and bool(entry.text)
        if alone:
            return self.with_words(session, text) if text.strip() else session.back_to(-1)
        base = entry.query if entry.base is None else entry.base
        label = entry.label if entry.base is None else entry.label.removesuffix(added(entry.text))
        words = " ".join(text.split())
        if not words:
            plain = replace(entry, label=label, query=base, text="", base=None)
            return session.instead(plain)
        query = self.recommender.refine(base, words)
        changed = replace(entry, label=f"{label}{added(words)}", query=query, text=words, base=base)
        return session.onward(changed) if entry.base is None else session.instead(changed)

    def suggestions(self, entry: HistoryEntry) -> list[Suggestion]:
        """Words that would refine an entry's picture or product."""
        if entry.text:
            return []
        price = None
        if entry.item_id is not None:
            prices = self.catalogue.numbers.get(PRICE)
            own = np.nan if prices is None else prices[self.catalogue.position(entry.item_id)]
            price = float(own) if np.isfinite(own) else None
        return self.recommender.words.suggestions(entry.query.embedding, price)

    def with_item(self, session: Session, item_id: str, *, onward: bool) -> Session:
        """Search with a product: from where the visitor is, or as a new beginning.

        Raises:
            UnknownItemError: there is no such product.
        """
        position = self.catalogue.position(item_id)
        entry = HistoryEntry(
            self.catalogue.name(position),
            Query(self.recommender.embedding_of(position)),
            item_id=self.catalogue.ids[position],
            exclude=self.recommender.same_product(position),
        )
        return session.onward(entry) if onward else session.anew(entry)

    def add_to_mix(self, session: Session, item_id: str | None) -> Session:
        """Put a product, or the picture shown, into the mix.

        Raises:
            SettingsError: the mix is full.
        """
        if len(session.mix) >= MAX_MIX_ITEMS:
            raise SettingsError(f"A mix has at most {MAX_MIX_ITEMS} pictures. Remove one first.")
        entry = session.entry
        if item_id is not None:
            position = self.catalogue.position(item_id)
            item = MixItem(
                self.catalogue.name(position),
                self._thumbnails.url(position),
                self.recommender.embedding_of(position),
                item_id=item_id,
            )
        elif entry is not None and entry.preview is not None:
            part = cropped(picture_from(entry.preview), entry.box)
            item = MixItem(entry.label, data_url(preview_of(part, 120)), entry.query.embedding)
        else:
            return session
        return replace(session, mix=(*session.mix, item))

    def reweighed(self, session: Session, mix_items: Iterable[Mapping[str, Any]]) -> Session:
        """The mix with new weights: each of {"item": number, "part": name, "value": weight}."""
        mix = list(session.mix)
        for item in mix_items:
            number, part, value = int(item["item"]), str(item["part"]), float(item["value"])
            if 0 <= number < len(mix) and part == "style":
                mix[number] = replace(mix[number], style=value)
            elif 0 <= number < len(mix) and part == "colour":
                mix[number] = replace(mix[number], colour=value)
        return replace(session, mix=tuple(mix))

    def without(self, session: Session, number: int) -> Session:
        """The session without one picture of its mix, counted from 0."""
        kept = (item for i, item in enumerate(session.mix) if i != number)
        return replace(session, mix=tuple(kept))

    def with_mix(self, session: Session) -> Session:
        """Search with the mix.

        Raises:
            SettingsError: its parts cancel each other out.
        """
        query = self.recommender.mix(
            [MixComponent(item.embedding, item.style, item.colour) for item in session.mix]
        )
        items = [self.catalogue.position(s.item_id) for s in session.mix if s.item_id is not None]
        copies = tuple(
            copy for position in items for copy in self.recommender.same_product(position)
        )
        entry = HistoryEntry(THE_MIX, query, exclude=copies, mix_items=session.mix)
        again = session.entry is not None and session.entry.label == THE_MIX
        return session.instead(entry) if again else session.onward(entry)

    @property
    def default_weight(self) -> float:
        """The catalogue's own balance of colour and style."""
        return self.recommender.index.manifest.colour_weight

    def picture(self, entry: HistoryEntry) -> Image.Image | None:
        """The picture that an entry searches with, RGB; None for a mix."""
        if entry.item_id is not None:
            return self.catalogue.thumbnail(self.catalogue.position(entry.item_id))
        return cropped(picture_from(entry.preview), entry.box) if entry.preview else None

    def similarity(self, entry: HistoryEntry, position: int, weight: float | None) -> float:
        """How similar a product is to an entry's query, 0-1, as the results say it."""
        return self.recommender.similarity(entry.query, position, weight)

    def sheet(self, entry: HistoryEntry, answer: Answer) -> Image.Image:
        """Query and results on one picture."""
        query = self.picture(entry)
        tiles = [] if query is None else [Tile(query, entry.label, "the query", is_query=True)]
        tiles += [
            Tile(
                self.catalogue.thumbnail(self.catalogue.position(result.id), result.picture),
                result.name,
                f"{result.similarity:.0%} similar",
            )
            for result in answer.results
        ]
        index = self.recommender.index
        return draw_contact_sheet(tiles, f"{index.manifest.title}, {index.backbone.title}")


def shortened(text: str) -> str:
    """Words as the history shows them."""
    words = " ".join(text.split())
    return words if len(words) <= _LABEL else f"{words[:_LABEL]}…"


def added(text: str) -> str:
    """What words add to the label of the entry that they refine."""
    return f", {shortened(text)}"


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
