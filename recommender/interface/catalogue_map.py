"""Map of the catalogue: one picture with every product's thumbnail at its coordinates."""

import functools
import io
import threading
from dataclasses import dataclass

import numpy as np
from PIL import Image
from starlette.responses import Response

from recommender.answers.recommendation import Query
from recommender.answers.recommender import Recommender
from recommender.index.catalogue import Catalogue
from recommender.index.folder import Index
from recommender.schema import type_column

# Pixels: about what a screen shows at double zoom, in a screen's proportions.
WIDTH, HEIGHT = 2560, 1536
# Cells across, by the number of products that it is used from: up to 3,840 thumbnails, drawn once
# in a few seconds. More would be too small to tell apart; a small catalogue would look lost.
_COLUMNS = ((2_000, 80), (0, 40))
QUALITY = 80

# A kind gets its name on the map from this share of the products on, and so far from the others.
_LEAST_SHARE, _LEAST_DISTANCE, _MOST_LABELS = 0.006, 0.07, 26
_LABEL_CELLS = 32

# As in `recommender.training.projection.coordinates_near`.
_PLACED_BY, _SHARPNESS = 3, 50.0


@dataclass(frozen=True)
class Label:
    """The name of an island, at its densest place, 0-1."""

    text: str
    x: float
    y: float


class CatalogueMap:
    """Draws the map, names its islands, and finds what lies where."""

    def __init__(self, index: Index) -> None:
        self._catalogue = index.catalogue
        self.version = index.manifest.version
        """In the address: the map of another catalogue is another picture."""
        self._lock = threading.Lock()
        columns = next(c for least, c in _COLUMNS if len(index.catalogue) >= least)
        self._columns, self._rows = columns, columns * HEIGHT // WIDTH
        self._cells = _representatives(index.catalogue, self._columns, self._rows)

    @property
    def url(self) -> str:
        """Address of the picture, relative to the page."""
        return f"map/{self.version}.webp"

    def response(self, headers: dict[str, str]) -> Response:
        """Answer with the picture."""
        with self._lock:  # Whoever comes while it is drawn waits for it.
            return Response(self.picture, media_type="image/webp", headers=headers)

    @functools.cached_property
    def picture(self) -> bytes:
        """A WebP of `WIDTH` by `HEIGHT` pixels, drawn when it is first asked for."""
        canvas = Image.new("RGBA", (WIDTH, HEIGHT), (255, 255, 255, 0))
        side = WIDTH // self._columns
        # In the order of the file, so that each of its row groups is read once.
        for cell, position in sorted(self._cells.items(), key=lambda pair: pair[1]):
            tile = Image.new("RGB", (side, side), "white")
            thumbnail = self._catalogue.thumbnail(position)
            thumbnail.thumbnail((side, side), Image.Resampling.BILINEAR)
            corner = ((side - thumbnail.width) // 2, (side - thumbnail.height) // 2)
            tile.paste(thumbnail, corner)
            canvas.paste(tile, (cell % self._columns * side, cell // self._columns * side))
        file = io.BytesIO()
        canvas.save(file, "WEBP", quality=QUALITY, method=2)
        return file.getvalue()

    @functools.cached_property
    def labels(self) -> list[Label]:
        """Names of the islands, the largest first."""
        kinds = type_column(self._catalogue.filters)
        return _labels(self._catalogue, kinds) if kinds else []

    def at(self, x: float, y: float) -> int:
        """Position of the product that is seen at a place, or else of the nearest."""
        column = min(max(int(x * self._columns), 0), self._columns - 1)
        row = min(max(int(y * self._rows), 0), self._rows - 1)
        shown = self._cells.get(row * self._columns + column)
        if shown is not None:
            return shown
        return int(((self._catalogue.map - (x, y)) ** 2).sum(axis=1).argmin())


def place_of(recommender: Recommender, query: Query) -> tuple[float, float]:
    """Where a query belongs on the map, 0-1: among the products nearest to it."""
    weight = recommender.index.manifest.colour_weight
    found = recommender.index.search.search(query.embedding.query(weight), _PLACED_BY, {}, ())
    weights = np.exp((found.scores - found.scores.max()) * _SHARPNESS)
    x, y = weights @ recommender.catalogue.map[found.positions] / weights.sum()
    return float(x), float(y)


def _representatives(catalogue: Catalogue, columns: int, rows: int) -> dict[int, int]:
    """By cell, the product nearest to its middle; of copies only the first."""
    places, size = catalogue.map, np.array([columns, rows])
    cells = np.clip((places * size).astype(int), 0, size - 1)
    away = ((places * size - cells - 0.5) ** 2).sum(axis=1)
    away[catalogue.original != np.arange(len(places))] = np.inf
    numbers = cells[:, 1] * columns + cells[:, 0]
    order = np.lexsort((away, numbers))
    first = np.unique(numbers[order], return_index=True)[1]
    return {int(numbers[p]): int(p) for p in order[first] if np.isfinite(away[p])}


def _labels(catalogue: Catalogue, kinds: str) -> list[Label]:
    names = np.array([name or "" for name in catalogue.labels(kinds)])
    labels: list[Label] = []
    for name, count in catalogue.values(kinds).items():
        if count < max(2, _LEAST_SHARE * len(catalogue)) or len(labels) == _MOST_LABELS:
            break
        places = catalogue.map[names == name]
        density, _, _ = np.histogram2d(
            places[:, 0], places[:, 1], _LABEL_CELLS, np.array([[0, 1], [0, 1]])
        )
        padded = np.pad(density, 1)
        smooth = sum(
            padded[i : i + _LABEL_CELLS, j : j + _LABEL_CELLS] for i in range(3) for j in range(3)
        )
        peak = np.unravel_index(np.argmax(smooth), density.shape)
        x, y = ((side + 0.5) / _LABEL_CELLS for side in peak)
        if all(np.hypot(x - other.x, y - other.y) >= _LEAST_DISTANCE for other in labels):
            labels.append(Label(name, float(x), float(y)))
    return labels
