"""Cards: products, searches and mixes as HTML, rendered by the page's templates."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from PIL import Image

from recommender.answers.explanation import Explanation
from recommender.answers.outfits import Outfit
from recommender.answers.recommendation import Answer, EmptyReason
from recommender.answers.regions import Region
from recommender.answers.text_queries import Suggestion
from recommender.features.text_encoder import MOST_CHARACTERS
from recommender.index.calibration import words
from recommender.index.catalogue import Catalogue
from recommender.index.offer import Offer
from recommender.interface.state.history import HistoryEntry, MixItem, Session, data_url, preview_of
from recommender.interface.templates import render
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.wording import (
    AVAILABILITY_WORDS,
    IN_CATALOGUE,
    LOOK,
    LOOK_WORDS,
    NO_LINK,
    NOT_AS_SIMILAR,
    NOTHING_PASSES,
    SHEET_WORDS,
    START,
    TO_SHOP,
    VARIANTS,
    WHY,
    WHY_WORDS,
    attribute_title,
    card_facts,
    more_shown,
    variants_words,
    without_offer,
)

_CORNERS = (("nw", "Top left"), ("ne", "Top right"), ("sw", "Bottom left"), ("se", "Bottom right"))

# Variants that the dialog of a product shows: two rows.
_MOST_VARIANTS = 12
# A part of the page acts when its content changes: a number makes the same content new.
_opened = itertools.count()


@dataclass(frozen=True)
class Card:
    """What a template shows of a product."""

    id: str
    name: str
    picture: str
    """Address of its thumbnail."""
    facts: str
    offer: Offer
    availability: str = ""
    """Whether it can be had, in words; empty where the catalogue does not say it."""
    variants: str = ""
    """How many variants there are of it, and what they differ in; empty for a single one."""
    similarity: float | None = None
    """To the query, 0-1; None where there is no query."""
    words: str = ""
    """What such a similarity is called."""
    rank: int = 0
    """Place among the results, from 1; 0 where no search ranked it."""
    reason: str = ""
    """Why it goes with another product."""


@dataclass(frozen=True)
class Chip:
    """What a template shows of something that the words of a query name."""

    title: str
    is_filter: bool
    """Whether it can become a filter."""
    is_chosen: bool = False
    """Whether it is a filter already."""


@dataclass(frozen=True)
class Cards:
    """Renders products of a catalogue."""

    catalogue: Catalogue
    thumbnails: Thumbnails

    def results(
        self,
        session: Session,
        answer: Answer,
        link: str,
        chips: Sequence[Chip] = (),
    ) -> Markup:
        """What a search found: the history to it, the notices, the grid of cards.

        Args:
            session: its history is shown.
            answer: of the last entry.
            link: the end of the address that reopens the search; empty where there is none.
            chips: what the words of the query name.
        """
        notices = [answer.notice] if answer.notice else []
        if answer.nothing is not None:
            similar = answer.nothing is EmptyReason.NOT_AS_SIMILAR
            notices.append(NOT_AS_SIMILAR if similar else NOTHING_PASSES)
        return render(
            "results",
            link=link,
            history=[entry.label for entry in session.history],
            opened=next(_opened),
            same=None if answer.in_catalogue is None else self._card(answer.in_catalogue),
            in_catalogue=IN_CATALOGUE,
            notices=notices,
            chips=chips,
            products=self._ranked(answer),
            has_more=answer.has_more,
            no_link=NO_LINK,
            sheet_words=SHEET_WORDS,
        )

    def more(self, answer: Answer, offset: int) -> Markup:
        """Further results of the search that is shown, after the first `offset`."""
        return render(
            "more",
            opened=next(_opened),
            offset=offset,
            products=self._ranked(answer),
            said=more_shown(len(answer.results), offset + len(answer.results)),
            has_more=answer.has_more,
        )

    def start(self, positions: Sequence[int], notice: str | None = None) -> Markup:
        """What stands in the place of results before there is a search."""
        products = [self._card(position) for position in positions]
        return render("start", title=START, products=products, notice=notice)

    def products(self, positions: Sequence[int]) -> Markup:
        """A grid of products that no search ranked."""
        return render("products", products=[self._card(position) for position in positions])

    def detail(
        self, position: int, similarity: float | None, *, has_looks: bool, picture: int = 0
    ) -> Markup:
        """A product large, with its attributes and what can be done from it.

        Args:
            position: of the product.
            similarity: to the query, 0-1; None where there is no query.
            has_looks: whether the catalogue has outfits.
            picture: number of the picture that is shown large; the others are small beside it.
        """
        offer = self.catalogue.offer(position)
        attributes = without_offer(self.catalogue.attributes_of(position), offer).items()
        return render(
            "detail",
            product=replace(
                self._card(position, similarity), picture=self.thumbnails.url(position, picture)
            ),
            pictures=self._pictures(position, picture),
            variants=self._variants(position),
            variants_title=VARIANTS,
            attributes=[(attribute_title(name), value) for name, value in attributes],
            to_shop=TO_SHOP,
            has_looks=has_looks,
            opened=next(_opened),
        )

    def look(self, outfit: Outfit, positions: Sequence[int]) -> Markup:
        """What goes with a product, each with the reason."""
        products = [
            self._card(position, reason=item.reason)
            for position, item in zip(positions, outfit.items, strict=True)
        ]
        return render(
            "look",
            opened=next(_opened),
            notice=outfit.notice,
            title=LOOK,
            words=LOOK_WORDS,
            products=products,
        )

    def explanation(
        self, entry: HistoryEntry, found: Explanation, query: Image.Image, result: Image.Image
    ) -> Markup:
        """Query and result side by side, with what made them similar."""
        figures = [
            {"picture": data_url(preview_of(picture)), "caption": caption, "alt": alt}
            for picture, caption, alt in (
                (query, entry.label, "The query, with the parts that matter outlined"),
                (result, "This product", "The product, with the parts that matter outlined"),
            )
        ]
        without = max(0.0, min(found.query.similarity_without, found.result.similarity_without))
        return render(
            "explanation",
            opened=next(_opened),
            title=WHY,
            words=WHY_WORDS,
            similarity=found.similarity,
            without=without,
            figures=figures,
        )

    def mix(self, mix_items: Sequence[MixItem]) -> Markup:
        """The tray: every picture with its weights of style and colour."""
        return render("mix", mix_items=mix_items) if mix_items else Markup()

    def query(
        self, entry: HistoryEntry, *, words: bool = False, suggestions: Sequence[Suggestion] = ()
    ) -> Markup:
        """The picture that is searched with; a visitor's own can be cut, and words refine it.

        Args:
            entry: what is searched with.
            words: whether the index can be searched with words.
            suggestions: words that would refine it.
        """
        product = None
        if entry.item_id is not None:
            product = self._card(self.catalogue.position(entry.item_id))
        return render(
            "query",
            label=entry.label,
            preview=None if entry.preview is None else data_url(entry.preview),
            box=",".join(f"{side:g}" for side in entry.box),
            corners=_CORNERS,
            product=product,
            words=words,
            text=entry.text,
            alone=bool(entry.text) and entry.base is None,
            longest=MOST_CHARACTERS,
            suggestions=suggestions,
        )

    def regions(self, regions: Sequence[Region]) -> Markup:
        """Marks of a picture's regions, which the page's script lays on the picture."""
        marks = [
            {"name": region.name, "box": ",".join(f"{side:.4f}" for side in region.box)}
            for region in regions
        ]
        return render("regions", marks=marks, opened=next(_opened))

    def _ranked(self, answer: Answer) -> list[Card]:
        return [
            replace(
                self._card(self.catalogue.position(result.id), result.similarity, result.rank),
                picture=self.thumbnails.url(self.catalogue.position(result.id), result.picture),
                variants=variants_words(result.variants, result.differs),
            )
            for result in answer.results
        ]

    def _pictures(self, position: int, shown: int) -> list[dict[str, Any]]:
        """What a template shows of all pictures of a product."""
        count = self.catalogue.pictures.count(position)
        return [
            {"url": self.thumbnails.url(position, number), "is_shown": number == shown}
            for number in range(count)
        ]

    def _variants(self, position: int) -> list[Card]:
        """Other variants of a product, those that have pictures of their own."""
        seen = {int(self.catalogue.original[position])}
        cards: list[Card] = []
        for variant in self.catalogue.variants.of(position).tolist():
            original = int(self.catalogue.original[variant])
            if original not in seen:
                seen.add(original)
                cards.append(self._card(variant))
            if len(cards) == _MOST_VARIANTS:
                break
        return cards

    def _card(
        self, position: int, similarity: float | None = None, rank: int = 0, reason: str = ""
    ) -> Card:
        attributes = self.catalogue.attributes_of(position)
        offer = self.catalogue.offer(position)
        return Card(
            self.catalogue.ids[position],
            self.catalogue.name(position),
            self.thumbnails.url(position),
            card_facts(attributes),
            offer,
            AVAILABILITY_WORDS.get(offer.availability or "", ""),
            similarity=similarity,
            words="" if similarity is None else words(similarity),
            rank=rank,
            reason=reason,
        )
