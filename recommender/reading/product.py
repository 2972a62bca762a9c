"""Product and columns: what every reader gives to the builder."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from recommender.index.offer import Offer
from recommender.pictures.decoding import PictureSource


@dataclass(frozen=True)
class KnownPicture:
    """Picture that an index has already, so that it is neither fetched nor decoded."""

    address: str | None = None
    """`recommender.reading.kept_pictures.address_key` of its address; None: see `row`."""
    row: int = -1
    """Row of the index's vectors."""


@dataclass(frozen=True)
class Product:
    """One product of a catalogue; its pictures are still the files they came as."""

    position: int
    """Place among the products of its source, from 0."""
    id: str
    name: str
    attributes: dict[str, str | None]
    """As text; several values of one attribute are joined by ", "."""
    pictures: tuple[PictureSource | KnownPicture, ...] = ()
    """A file's content, its path, or a picture; the first is the main one. Known pictures are given
    only to who asked for them."""
    group: str | None = None
    """What variants of one product share."""
    offer: Offer = field(default_factory=Offer)
    description: str | None = None
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of the attributes that have several; the first is the label to learn."""
    unread: tuple[str, ...] = ()
    """Why pictures of it are missing, one sentence each."""

    @property
    def picture(self) -> PictureSource | None:
        """The main picture; None where there is none, or where it is a known one."""
        first = self.pictures[0] if self.pictures else None
        return None if isinstance(first, KnownPicture) else first


@dataclass(frozen=True)
class Columns:
    """Which column of a catalogue is what."""

    image: str
    """The column of the main picture."""
    id: str | None
    name: str | None
    attributes: tuple[str, ...]
    renamed: dict[str, str] = field(default_factory=dict)
    """Column of the catalogue by the attribute that is called otherwise than it."""
    roles: dict[str, str] = field(default_factory=dict)
    """Column by role of `recommender.schema`, pictures beside the main one left out."""


class ProductSource(Protocol):
    """A catalogue: products in a fixed order, any range of which can be read alone."""

    columns: Columns

    def count(self) -> int:
        """How many products there are."""
        ...

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products from a position up to, not including, another."""
        ...
