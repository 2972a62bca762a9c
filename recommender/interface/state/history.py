"""Search history of a visitor: the queries gone through, and the mix being made."""

import base64
import io
from dataclasses import dataclass, replace

from PIL import Image

from recommender.answers.recommendation import Query
from recommender.embedding.vectors import Embedding

# An entry keeps a preview of some 60 kB: this bounds what a visitor costs.
MAX_ENTRIES = 12
MAX_MIX_ITEMS = 4

# Longest side of the copy of a visitor's picture that is kept, in memory, to crop and explain.
PREVIEW_SIDE = 640

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class MixItem:
    """One picture of the mix."""

    label: str
    picture: str
    """Address of its thumbnail, or a `data:` URL."""
    embedding: Embedding
    item_id: str | None = None
    style: float = 1.0
    colour: float = 1.0


@dataclass(frozen=True)
class HistoryEntry:
    """One query of the history."""

    label: str
    query: Query
    item_id: str | None = None
    """The product that is the query, if one is."""
    preview: bytes | None = None
    """JPEG of the visitor's picture, if that is the query."""
    whole: Query | None = None
    """The query that the whole of that picture is."""
    box: Box = WHOLE
    """The part of the picture that is searched with: left, top, right, bottom, 0-1."""
    exclude: tuple[int, ...] = ()
    """Positions that must not be found: the product itself and its copies."""
    mix_items: tuple[MixItem, ...] = ()
    """What is mixed, if the query is a mix."""
    text: str = ""
    """The words that are searched with, or that refine the query."""
    base: Query | None = None
    """The query without its words; None where there are no words, or nothing else."""


@dataclass(frozen=True)
class Session:
    """Everything the server keeps of a visitor, in memory only."""

    history: tuple[HistoryEntry, ...] = ()
    mix: tuple[MixItem, ...] = ()
    key: str = ""
    """By which the server finds it again; empty where it does not keep it yet."""
    lost_entries: int = 0
    """Entries that the page shows before `history`, and whose pictures the server no longer has."""
    lost_mix_items: int = 0
    """Pictures that the page shows in the mix, and that the server no longer has."""
    index: str = ""
    """Version of the index whose positions it holds; empty where it holds none."""

    @property
    def entry(self) -> HistoryEntry | None:
        """The query whose results are shown."""
        return self.history[-1] if self.history else None

    def onward(self, entry: HistoryEntry) -> "Session":
        """The session with one more entry."""
        return replace(self, history=(*self.history, entry)[-MAX_ENTRIES:])

    def anew(self, entry: HistoryEntry) -> "Session":
        """The session with a history that begins with this entry."""
        return replace(self, history=(entry,))

    def back_to(self, number: int) -> "Session":
        """The session as it was at an entry that the page shows, from 0; -1 is before the first."""
        return replace(self, history=self.history[: max(number - self.lost_entries, -1) + 1])

    def instead(self, entry: HistoryEntry) -> "Session":
        """The session with its last entry replaced."""
        return replace(self, history=(*self.history[:-1], entry))


def preview_of(picture: Image.Image, side: int = PREVIEW_SIDE) -> bytes:
    """A small JPEG of an RGB picture, its longer side at most so many pixels."""
    copy = picture.copy()
    copy.thumbnail((side, side), Image.Resampling.BILINEAR)
    return jpeg(copy)


def jpeg(picture: Image.Image) -> bytes:
    """An RGB picture as a JPEG."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def picture_from(preview: bytes) -> Image.Image:
    """The RGB picture that such a JPEG holds."""
    return Image.open(io.BytesIO(preview)).convert("RGB")


def data_url(jpeg: bytes) -> str:
    """A JPEG as an address that needs no file."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def cropped(picture: Image.Image, box: Box) -> Image.Image:
    """The part of a picture that a box of fractions marks; at least a pixel."""
    left, top = int(box[0] * picture.width), int(box[1] * picture.height)
    right, bottom = round(box[2] * picture.width), round(box[3] * picture.height)
    return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
