"""Search history of a visitor: the queries gone through, and the mix being made."""

import base64
import io
from dataclasses import dataclass, replace

from PIL import Image

from recommender.answers.recommendation import Query
from recommender.embedding.vectors import Embedding

# A step keeps a preview of some 60 kB: this bounds what a visitor costs.
MAX_STEPS = 12
MAX_SHARES = 4

# Longest side of the copy of a visitor's picture that is kept, in memory, to crop and explain.
PREVIEW_SIDE = 640

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Share:
    """One picture of the mix."""

    label: str
    picture: str
    """Address of its thumbnail, or a `data:` URL."""
    embedding: Embedding
    item_id: str | None = None
    style: float = 1.0
    colour: float = 1.0


@dataclass(frozen=True)
class Step:
    """One query of the trail."""

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
    shares: tuple[Share, ...] = ()
    """What is mixed, if the query is a mix."""
    text: str = ""
    """The words that are searched with, or that refine the query."""
    base: Query | None = None
    """The query without its words; None where there are no words, or nothing else."""


@dataclass(frozen=True)
class Session:
    """Everything the server keeps of a visitor, in memory only."""

    trail: tuple[Step, ...] = ()
    mix: tuple[Share, ...] = ()
    key: str = ""
    """By which the server finds it again; empty where it does not keep it yet."""
    lost_steps: int = 0
    """Steps that the page shows before `trail`, and whose pictures the server no longer has."""
    lost_shares: int = 0
    """Pictures that the page shows in the mix, and that the server no longer has."""
    index: str = ""
    """Version of the index whose positions it holds; empty where it holds none."""

    @property
    def step(self) -> Step | None:
        """The query whose results are shown."""
        return self.trail[-1] if self.trail else None

    def onward(self, step: Step) -> "Session":
        """The session with one more step."""
        return replace(self, trail=(*self.trail, step)[-MAX_STEPS:])

    def anew(self, step: Step) -> "Session":
        """The session with a trail that begins with this step."""
        return replace(self, trail=(step,))

    def back_to(self, number: int) -> "Session":
        """The session as it was at a step that the page shows, from 0; -1 is before the first."""
        return replace(self, trail=self.trail[: max(number - self.lost_steps, -1) + 1])

    def instead(self, step: Step) -> "Session":
        """The session with its last step replaced."""
        return replace(self, trail=(*self.trail[:-1], step))


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
