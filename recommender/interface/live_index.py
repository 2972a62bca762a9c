"""Live index: the index that the server answers from, replaced while it runs.

A request holds a lease on one index from its first step to its last. A new index takes the place
of the old one for requests that begin afterwards; the old one is closed once its last lease ends.
"""

import functools
import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from recommender.answers.outfits import Wardrobe
from recommender.answers.recommender import Recommender
from recommender.interface.api.catalogue import CatalogueEndpoints
from recommender.interface.api.pictures import PictureEndpoints
from recommender.interface.api.queries import QueryEndpoints
from recommender.interface.api.search import SearchEndpoints
from recommender.interface.cards import Cards
from recommender.interface.catalogue_map import CatalogueMap
from recommender.interface.health import HEALTH, health
from recommender.interface.state.actions import SearchActions
from recommender.interface.tabs.starting_products import starting_products
from recommender.interface.thumbnails import (
    FOREVER,
    NO_PICTURE,
    Thumbnails,
    picture_of,
    picture_response,
)
from recommender.startup import Source

# Earlier indexes whose addresses of pictures are still answered: pages that are open ask for them.
# Each keeps four bytes a product.
EARLIER_KEPT = 8
# An address of an earlier index shows what the product has now, which may change again.
_FOR_NOW = {"Cache-Control": "no-cache"}


@dataclass(frozen=True)
class Answering:
    """Everything that answers from one index."""

    source: Source
    recommender: Recommender
    thumbnails: Thumbnails
    drawn: CatalogueMap
    actions: SearchActions
    wardrobe: Wardrobe
    cards: Cards
    starting: tuple[int, ...]
    """Positions of the products that the page shows before there is a search."""
    searches: SearchEndpoints
    queries: QueryEndpoints
    listings: CatalogueEndpoints
    pictures: PictureEndpoints

    @classmethod
    def of(cls, source: Source) -> "Answering":
        """What answers from an opened index."""
        recommender, thumbnails = Recommender(source.index), Thumbnails(source.index)
        actions, wardrobe = SearchActions(recommender, thumbnails), Wardrobe(recommender)
        return cls(
            source,
            recommender,
            thumbnails,
            CatalogueMap(source.index),
            actions,
            wardrobe,
            Cards(recommender.catalogue, thumbnails),
            tuple(starting_products(recommender.catalogue)),
            SearchEndpoints(recommender, thumbnails),
            QueryEndpoints(recommender),
            CatalogueEndpoints(recommender, thumbnails),
            PictureEndpoints(actions, wardrobe),
        )


# Attributes that are parts of the index themselves: whoever keeps one keeps what stands for it.
_LIVE_PARTS = ("catalogue", "recommender")


class _Leased:
    """An index in use: what answers from it, and the number of leases on it."""

    def __init__(self, answering: Answering) -> None:
        self.answering, self.leases = answering, 0


class LiveIndex:
    """The index that answers, and leases on it. Safe to share between threads.

    Args:
        source: the index to begin with.
    """

    def __init__(self, source: Source) -> None:
        self._changed = threading.Condition()
        self._newest = _Leased(Answering.of(source))
        self._own: ContextVar[Answering | None] = ContextVar("index", default=None)
        # By the version of an earlier index, the position of each of its products now, or -1.
        self._moved: OrderedDict[str, np.ndarray] = OrderedDict()
        self.refresh: list[Callable[[], None]] = []
        """What is called after an index has taken another's place, in order."""

    @property
    def current(self) -> Answering:
        """What answers this request; outside of one, what answers the next."""
        return self._own.get() or self._newest.answering

    @contextmanager
    def lease(self) -> Iterator[Answering]:
        """Hold on to one index while the block runs; within a lease, the same one again."""
        own = self._own.get()
        if own is not None:
            yield own
            return
        with self._changed:
            leased = self._newest
            leased.leases += 1
        token = self._own.set(leased.answering)
        try:
            yield leased.answering
        finally:
            self._own.reset(token)
            with self._changed:
                leased.leases -= 1
                self._changed.notify_all()

    def replace(self, source: Source) -> None:
        """Answer from another index from now on; returns when the old one is closed.

        Args:
            source: an opened index. If its encoder is the old one's, it goes on with it.
        """
        new = _Leased(Answering.of(source))
        old = self._newest.answering
        moved = _moved(old, new.answering)
        with self._changed:
            retired, self._newest = self._newest, new
            earlier = {
                version: np.where(positions < 0, -1, moved[positions])
                for version, positions in self._moved.items()
            }
            self._moved = OrderedDict(earlier)
            if old.thumbnails.version != new.answering.thumbnails.version:
                self._moved[old.thumbnails.version] = moved
            self._moved.pop(new.answering.thumbnails.version, None)
            while len(self._moved) > EARLIER_KEPT:
                self._moved.popitem(last=False)
        del old
        try:
            for refresh in self.refresh:
                refresh()
        finally:
            with self._changed:
                self._changed.wait_for(lambda: retired.leases == 0)
            retired.answering.source.index.close()

    def standing_for(self, choose: Callable[[Answering], Any]) -> Any:
        """An object that stands for one of `Answering`'s, and always for the current one.

        Args:
            choose: gives the object.
        """
        return _Current(self, choose)

    def routes(self) -> list[Route]:
        """Routes of the products' pictures, of the map and of the server's health."""
        return [
            Route("/thumbnail/{version}/{picture:path}", self._thumbnail),
            Route("/map/{version}.webp", self._map),
            Route(HEALTH, self._health),
        ]

    def _health(self, _: Request) -> Response:
        with self.lease() as answering:
            return health(answering.source.index)

    def _thumbnail(self, request: Request) -> Response:
        version, asked = request.path_params["version"], request.path_params["picture"]
        with self.lease() as answering:
            thumbnails = answering.thumbnails
            position, picture = picture_of(asked)
            if version == thumbnails.version:
                return picture_response(thumbnails.data(position, picture), FOREVER)
            moved = self._moved.get(version)
            if moved is None or not 0 <= position < len(moved):
                raise HTTPException(404, NO_PICTURE)
            return picture_response(thumbnails.data(int(moved[position]), picture), _FOR_NOW)

    def _map(self, request: Request) -> Response:
        version = request.path_params["version"]
        with self.lease() as answering:
            if version == answering.drawn.version:
                return answering.drawn.response(FOREVER)
            known = (*self._moved, answering.thumbnails.version)
            if version.partition("-")[0] not in known:
                raise HTTPException(404, "There is no map of that catalogue.")
            return answering.drawn.response(_FOR_NOW)


class _Current:
    """Stands for an object of the current `Answering`: its attributes and methods are that one's.

    A method can be kept, as an event's listener: each call runs on the object that is then current.
    """

    def __init__(self, live: LiveIndex, choose: Callable[[Answering], Any]) -> None:
        self._live, self._choose = live, choose

    def __getattr__(self, name: str) -> Any:
        if name in _LIVE_PARTS:
            part = self._live.standing_for(lambda answering: getattr(self._choose(answering), name))
            self.__dict__[name] = part
            return part
        value = getattr(self._choose(self._live.current), name)
        if not inspect.ismethod(value):
            return value
        called = _late(self._live, lambda answering: getattr(self._choose(answering), name), value)
        self.__dict__[name] = called  # The next time it is not made anew.
        return called

    def __len__(self) -> int:
        return len(self._choose(self._live.current))

    def __contains__(self, item: object) -> bool:
        return item in self._choose(self._live.current)


def _late(
    live: LiveIndex, choose: Callable[[Answering], Callable[..., Any]], example: Any
) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        with live.lease() as answering:
            return choose(answering)(*args, **kwargs)

    # Not `functools.wraps` of the bound method, which would keep the first index in memory.
    functools.update_wrapper(called, example.__func__)
    del called.__dict__["__wrapped__"]
    called.__signature__ = inspect.signature(example)  # type: ignore[attr-defined]
    return called


def _moved(old: Answering, new: Answering) -> np.ndarray:
    """(n,) int32: position of each product of the old index in the new one; -1 where it is gone."""
    return new.recommender.catalogue.positions_of(old.recommender.catalogue.ids)
