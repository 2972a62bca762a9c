"""The page's own pieces of HTML, rendered here: every text from outside passes through `escape`."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PIL import Image

from recommender.answers.explanation import Explanation
from recommender.answers.outfits import Look
from recommender.answers.recommender import Recommendation
from recommender.index.calibration import words
from recommender.index.catalogue import Catalogue
from recommender.interface.state.history import Session, Share, Step, data_url, preview_of
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.wording import (
    LOOK,
    LOOK_WORDS,
    NO_LINK,
    NOTHING_PASSES,
    START,
    WHY,
    WHY_WORDS,
    attribute_title,
    card_facts,
)

_CORNERS = {"nw": "Top left", "ne": "Top right", "sw": "Bottom left", "se": "Bottom right"}


@dataclass(frozen=True)
class Cards:
    """Renders products of a catalogue."""

    catalogue: Catalogue
    thumbnails: Thumbnails

    def results(
        self,
        session: Session,
        results: Sequence[Recommendation],
        link: str,
        notice: str | None,
    ) -> str:
        """What a search found: the trail to it, the notice, the grid of cards."""
        step = session.step
        assert step is not None
        parts = [
            f'<section class="found" data-link="{escape(link)}" data-steps="{len(session.trail)}" '
            'aria-label="Results">'
        ]
        parts.append(self._trail(session.trail))
        if notice:
            parts.append(f'<p class="notice" role="status">{escape(notice)}</p>')
        if not results:
            parts.append(f'<p class="notice" role="status">{NOTHING_PASSES}</p>')
        parts.append('<ul class="cards" role="list">')
        parts += [self._result(result) for result in results]
        parts.append("</ul>")
        if results:
            parts.append(_keep(link))
        parts.append("</section>")
        return "".join(parts)

    def start(self, positions: Sequence[int]) -> str:
        """What stands in the place of results before there is a search."""
        return f'<section class="start"><h2>{START}</h2>{self.products(positions)}</section>'

    def products(self, positions: Sequence[int]) -> str:
        """A grid of products that no search ranked."""
        cards = "".join(self._card(position, "") for position in positions)
        return f'<ul class="cards" role="list">{cards}</ul>'

    def detail(self, position: int, similarity: float | None, *, has_looks: bool) -> str:
        """A product large, with its attributes and what can be done from it."""
        catalogue = self.catalogue
        name, item_id = escape(catalogue.name(position)), escape(catalogue.ids[position])
        rows = "".join(
            f"<dt>{escape(attribute_title(a))}</dt><dd>{escape(value)}</dd>"
            for a, value in catalogue.attributes_of(position).items()
        )
        why = "" if similarity is None else _similarity(similarity)
        look = '<button class="act" data-act="look">Complete the look</button>' if has_looks else ""
        return (
            f'<article class="detail" data-id="{item_id}">'
            f'<div class="detail-picture">{self._picture(position, eager=True)}</div>'
            f'<div class="detail-words"><h2 id="detail-name">{name}</h2>{why}'
            f"<dl>{rows}<dt>Id</dt><dd><code>{item_id}</code></dd></dl>"
            '<div class="actions">'
            '<button class="act primary" data-act="more">More like this</button>'
            f'{look}<button class="act" data-act="mix">Add to mix</button></div></div>'
            '<section class="look" aria-live="polite"></section>'
            '<section class="explanation" aria-live="polite"></section></article>'
        )

    def look(self, look: Look, positions: Sequence[int]) -> str:
        """What goes with a product, each with the reason."""
        if look.notice:
            return f'<p class="notice" role="status">{escape(look.notice)}</p>'
        cards = "".join(
            self._card(position, f'<span class="card-facts">{escape(item.reason)}</span>')
            for position, item in zip(positions, look.items, strict=True)
        )
        return (
            f"<h3>{LOOK}</h3><p class='hint'>{LOOK_WORDS}</p>"
            f'<ul class="cards" role="list">{cards}</ul>'
        )

    def explanation(
        self, step: Step, found: Explanation, query: Image.Image, result: Image.Image
    ) -> str:
        """Query and result side by side, with what made them similar."""
        figures = "".join(
            f'<figure><img src="{data_url(preview_of(picture))}" alt="{alt}">'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
            for picture, caption, alt in (
                (query, step.label, "The query, with the parts that matter outlined"),
                (result, "This product", "The product, with the parts that matter outlined"),
            )
        )
        without = max(0.0, min(found.query.similarity_without, found.result.similarity_without))
        return (
            f"<h3>{WHY}</h3><p class='hint'>{WHY_WORDS} Without them the similarity of style "
            f"would fall from {found.similarity:.2f} to {without:.2f}.</p>"
            f'<div class="figures">{figures}</div>'
        )

    def mix(self, shares: Sequence[Share]) -> str:
        """The tray: every picture with its shares of style and colour."""
        if not shares:
            return ""
        rows = "".join(_share(number, share) for number, share in enumerate(shares))
        return (
            '<section class="mix" aria-label="Mix"><h3>Mix</h3>'
            '<p class="hint">Slide left of the middle for less of it.</p>'
            f"<ul role='list'>{rows}</ul>"
            '<div class="actions"><button class="act primary" data-act="search">'
            'Search with the mix</button><button class="act" data-act="clear">Empty</button>'
            "</div></section>"
        )

    def query(self, step: Step) -> str:
        """The picture that is searched with; a visitor's own can be cut."""
        again = '<button class="act" data-act="again">Another picture</button>'
        if step.preview is not None:
            corners = "".join(
                f'<button class="corner {corner}" data-corner="{corner}" aria-label="{name} corner '
                'of the cut: arrow keys move it, with shift the whole cut"></button>'
                for corner, name in _CORNERS.items()
            )
            box = ",".join(f"{side:g}" for side in step.box)
            return (
                f'<div class="query"><div class="stage"><div class="crop" data-box="{box}">'
                f'<img src="{data_url(step.preview)}" alt="Your picture" draggable="false">'
                f'<div class="frame">{corners}</div></div></div>'
                '<p class="hint">Drag the corners to cut to the garment.</p>'
                f'<div class="actions">{again}'
                '<button class="act" data-act="whole">Whole picture</button>'
                '<button class="act" data-act="mix">Add to mix</button></div></div>'
            )
        if step.item_id is not None:
            position = self.catalogue.position(step.item_id)
            picture = self._picture(position, eager=True)
            facts = f"<b>{escape(step.label)}</b>"
        else:
            picture, facts = "", "Searched with the mix below."
        return (
            f'<div class="query"><div class="stage">{picture}</div><p class="hint">{facts}</p>'
            f'<div class="actions">{again}</div></div>'
        )

    def _trail(self, trail: Sequence[Step]) -> str:
        crumbs = []
        for number, step in enumerate(trail):
            label = escape(step.label)
            if number == len(trail) - 1:
                crumbs.append(f'<li aria-current="page">{label}</li>')
            else:
                crumbs.append(f'<li><button data-step="{number}">{label}</button></li>')
        return f'<nav class="trail" aria-label="Trail"><ol>{"".join(crumbs)}</ol></nav>'

    def _result(self, result: Recommendation) -> str:
        return self._card(
            self.catalogue.position(result.id), _similarity(result.similarity), result.rank
        )

    def _card(self, position: int, why: str, rank: int = 0) -> str:
        attributes = self.catalogue.attributes_of(position)
        facts = card_facts(attributes)
        place = f' data-rank="{rank}"' if rank else ""
        return (
            f'<li><button class="card" data-id="{escape(self.catalogue.ids[position])}"{place}>'
            f"{self._picture(position)}"
            f'<span class="card-name">{escape(self.catalogue.name(position))}</span>{why}'
            f'<span class="card-facts">{escape(facts)}</span></button></li>'
        )

    def _picture(self, position: int, eager: bool = False) -> str:
        name = escape(self.catalogue.name(position))
        loading = "" if eager else ' loading="lazy"'
        return f'<img src="{self.thumbnails.url(position)}" alt="Picture of {name}"{loading}>'


def _keep(link: str) -> str:
    shared = (
        '<button class="act" data-act="link">Copy link to this search</button>'
        if link
        else f'<span class="hint">{NO_LINK}</span>'
    )
    return (
        '<div class="actions keep"><button class="act" data-act="sheet">Save as a picture</button>'
        f"{shared}</div>"
    )


def _similarity(similarity: float) -> str:
    percent = f"{similarity:.0%}"
    return (
        f'<span class="why"><span class="bar" aria-hidden="true">'
        f'<span style="width:{percent}"></span></span>'
        f"<b>{percent}</b> {words(similarity)}</span>"
    )


def _share(number: int, share: Share) -> str:
    label = escape(share.label)
    sliders = "".join(
        f"<label>{word}<input type='range' min='-1' max='2' step='0.25' value='{value:g}' "
        f"data-share='{number}' data-part='{part}' aria-label='{word} of {label}'></label>"
        for part, word, value in (
            ("style", "Style", share.style),
            ("colour", "Colour", share.colour),
        )
    )
    return (
        f"<li><img src='{share.picture}' alt=''><div><span class='card-name'>{label}</span>"
        f"{sliders}</div><button class='remove' data-remove='{number}' "
        f"aria-label='Remove {label} from the mix'>&times;</button></li>"
    )
