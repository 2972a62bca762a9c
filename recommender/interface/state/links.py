"""Links: the end of the address that reopens a search, written and read."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from recommender.answers.arguments import MAX_K
from recommender.errors import TextError, UnknownItemError
from recommender.index.filters import MAX, MIN, Wanted
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import PAGE_K, Controls
from recommender.interface.state.history import HistoryEntry, MixItem, Session
from recommender.interface.wording import attribute_title

# A product of a mix with its weights of style and colour; the tray's sliders end at 2.
MIX = "mix"
_MIXED = re.compile(
    r"(?P<item>.+):(?P<style>-?[01](\.\d+)?|2):(?P<colour>-?[01](\.\d+)?|2)",
    re.ASCII | re.DOTALL,
)
# Before an attribute's name: a catalogue may have one called "item" or "view", which mean something
# else to this page or to Gradio.
FILTER = "filter."
# Before the name of a number of the catalogue: its ends are "min..max", either of which may be
# left out.
RANGE = "range."
_END = r"-?\d{1,15}(\.\d{1,9})?"
_RANGE = re.compile(rf"(?P<min>{_END})?\.\.(?P<max>{_END})?", re.ASCII)
# Words that are searched with, or that refine the product or the mix of the link.
TEXT = "text"
# Digits of a number in a link; Python refuses to read more than 4,300.
_NUMBER = re.compile(r"\d{1,20}(\.\d{0,20})?", re.ASCII)
# Characters of a value that a notice quotes, at most.
_QUOTED = 60


@dataclass(frozen=True)
class Reopened:
    """What a link asks for."""

    session: Session
    controls: Controls
    notices: tuple[str, ...]
    """Sentences about what was left out of it."""


class Links:
    """Writes the links of searches, and reads them.

    Args:
        actions: knows the catalogue, and makes searches of what links name.
    """

    def __init__(self, actions: SearchActions) -> None:
        self._actions, self._catalogue = actions, actions.catalogue

    def write(self, entry: HistoryEntry, controls: Controls) -> str:
        """End of the address that reopens a search; empty if a picture was sent for it."""
        pairs = [(MIX, mixed(item)) for item in entry.mix_items if item.item_id is not None]
        if entry.item_id is not None:
            pairs = [("item", entry.item_id)]
        elif (entry.base is not None or not entry.text) and (
            not pairs or len(pairs) < len(entry.mix_items)
        ):
            return ""
        if entry.text:
            pairs.append((TEXT, entry.text))
        if controls.k != PAGE_K:
            pairs.append(("k", str(controls.k)))
        if controls.weight is not None and controls.weight != self._actions.default_weight:
            pairs.append(("colour", f"{controls.weight:g}"))
        if controls.min_similarity:
            pairs.append(("least", f"{controls.min_similarity:g}"))
        for name, wanted in controls.filters.items():
            pairs += _filter_pairs(name, wanted)
        return f"?{urlencode(pairs)}"

    def read(self, pairs: Iterable[tuple[str, str]]) -> Reopened:
        """The search that the end of an address asks for.

        Args:
            pairs: names and values; those that mean nothing here, such as a campaign's, are left
                out, and those that say something wrong are left out with a sentence.

        Raises:
            UnknownItemError: the product is not in the catalogue (any more).
            SettingsError: the mix has too many products, or they cancel each other out.
        """
        read = _Read(self._actions.default_weight)
        for name, value in pairs:
            if name == "item":
                self._check(value)
                read.session = self._actions.with_item(read.session, value, onward=False)
            elif name == MIX:
                mixing = self.with_mix_item(read.session, value)
                read.session = mixing or read.session
                if mixing is None:
                    read.notices.append(
                        f"The link's mix={_quoted(value)} is no product with its weights."
                    )
            elif name == TEXT:
                read.text = value
            elif name in ("k", "colour", "least"):
                read.number(name, value)
            else:
                self._read_filter(name, value, read)
        if read.session.mix and read.session.entry is None:
            read.session = self._actions.with_mix(read.session)
        if read.text:
            self._read_words(read)
        return read.reopened()

    def with_mix_item(self, session: Session, text: str) -> Session | None:
        """Session with one more product in its mix, from a link; None if the text names no product.

        Raises:
            UnknownItemError: there is no such product.
            SettingsError: the mix is full.
        """
        item = _MIXED.fullmatch(text)
        if item is None:
            return None
        self._check(item["item"])
        session = self._actions.add_to_mix(session, item["item"])
        number = len(session.mix) - 1
        parts = ("style", "colour")
        return self._actions.reweighed(
            session, [{"item": number, "part": part, "value": item[part]} for part in parts]
        )

    def _check(self, item_id: str) -> None:
        if item_id not in self._catalogue:
            raise UnknownItemError(
                f"This link's product, {_quoted(item_id)}, is no longer in the catalogue, or never "
                "was. Search for something like it."
            )

    def _read_words(self, read: "_Read") -> None:
        try:
            if read.session.entry is None:
                read.session = self._actions.with_words(read.session, read.text)
            else:
                refined = self._actions.refined(read.session, read.text)
                assert refined.entry is not None
                read.session = read.session.instead(refined.entry)
        except TextError as error:
            read.notices.append(str(error))

    def _read_filter(self, name: str, value: str, read: "_Read") -> None:
        # Links made before filters had a prefix name them as they are.
        attribute = name.removeprefix(FILTER)
        if attribute in self._catalogue.filters:
            if self._catalogue.has_value(attribute, value):
                read.values.setdefault(attribute, []).append(value)
            else:
                title = attribute_title(attribute)
                read.notices.append(f"The catalogue has no product of {title} {_quoted(value)}.")
        elif name.removeprefix(RANGE) in self._catalogue.numbers:
            ends = _ends(value)
            if ends is None:
                read.notices.append(
                    f"The link's {name}={_quoted(value)} is no range such as 10..50."
                )
            else:
                read.ranges[name.removeprefix(RANGE)] = ends


@dataclass
class _Read:
    """What was read of a link so far."""

    default_weight: float
    session: Session = field(default_factory=Session)
    text: str = ""
    k: int = PAGE_K
    weight: float | None = None
    least: float = 0.0
    values: dict[str, list[str]] = field(default_factory=dict)
    ranges: dict[str, dict[str, float]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def number(self, name: str, value: str) -> None:
        """Take one of the numbers that every link may have."""
        number = float(value) if _NUMBER.fullmatch(value) else None
        if number is None:
            says = f"number; {self.k} are shown" if name == "k" else "number from 0 to 1"
            self.notices.append(f"The link's {name}={_quoted(value)} is no {says}.")
        elif name == "k":
            self.k = int(min(max(number, 1), MAX_K))
        elif name == "colour":
            self.weight = min(number, 1.0)
        else:
            self.least = min(number, 1.0)

    def reopened(self) -> Reopened:
        """What the link asks for."""
        weight = self.default_weight if self.weight is None else self.weight
        filters: dict[str, Wanted] = {**self.values, **self.ranges}
        controls = Controls(self.k, weight, filters=filters, min_similarity=self.least)
        return Reopened(self.session, controls, tuple(self.notices))


def mixed(item: MixItem) -> str:
    """A product of a mix with its weights, as links have it; empty for a visitor's picture."""
    return "" if item.item_id is None else f"{item.item_id}:{item.style:g}:{item.colour:g}"


def _filter_pairs(name: str, wanted: Wanted) -> list[tuple[str, str]]:
    if isinstance(wanted, Mapping):
        low, high = (wanted.get(end) for end in (MIN, MAX))
        ends = ["" if end is None else _digits(end) for end in (low, high)]
        return [(f"{RANGE}{name}", "..".join(ends))]
    values = [wanted] if isinstance(wanted, str) else wanted
    return [(f"{FILTER}{name}", value) for value in values]


def _digits(number: float) -> str:
    """A number in digits alone, without an exponent."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


def _ends(text: str) -> dict[str, float] | None:
    """Ends of a range in a link, by name; None where the text is no range."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    ends = {end: float(found[end]) for end in (MIN, MAX) if found[end] is not None}
    is_range = bool(ends) and ends.get(MIN, -math.inf) <= ends.get(MAX, math.inf)
    return ends if is_range else None


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…")
