"""People's own photographs against a catalogue: is the right kind of product found?"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from recommender.building.encode import ProductSource
from recommender.embedding.head import query_vectors
from recommender.embedding.vectors import normalised
from recommender.errors import SettingsError
from recommender.evaluation.ablation import CLASSIC_RECIPE, Comparison
from recommender.evaluation.feature_cache import Encoded
from recommender.evaluation.query_vectors import QueryPath
from recommender.evaluation.reliability import Reliability, of_photographs
from recommender.features.preprocessing import MIN_SIDE
from recommender.index.calibration import Calibration
from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import MAP_DEPTH, Judged, retrieval
from recommender.metrics.splits import nearest
from recommender.pictures.decoding import open_picture

KIND = "right kind"
AS_THE_APP_ASKS = "this index, asked as the app asks"
STYLE_ALONE = "style alone, asked as the app asks"
CONSUMER_PHOTOS = Path(__file__).with_name("consumer_photos.toml")


@dataclass(frozen=True)
class Kinds:
    """What counts as the right kind of product for a photograph's label."""

    column: str
    """Column of the photographs that has the label."""
    products: dict[str, dict[str, list[str]]]
    """By label: attributes of the catalogue and the values that are right."""

    def right(self, attributes: Mapping[str, Sequence[str | None]]) -> dict[str, np.ndarray]:
        """Which of n products are right for each label; labels that fit no product are left out.

        Args:
            attributes: columns of n values.

        Returns:
            (n,) bool by label.
        """
        masks = {}
        for label, wanted in self.products.items():
            columns = [
                np.isin(np.array([v or "" for v in attributes[attribute]]), values)
                for attribute, values in wanted.items()
                if attribute in attributes
            ]
            if columns and (mask := np.all(columns, axis=0)).any():
                masks[label] = mask
        return masks


def read_kinds(path: Path) -> Kinds:
    """Read a mapping of labels to kinds of products (`consumer_photos.toml` is an example).

    Raises:
        SettingsError: there is no such file, or it is not such a mapping.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        kinds = Kinds(content["label"], content["kinds"])
        well_formed = isinstance(kinds.column, str) and all(
            isinstance(values, list)
            for wanted in kinds.products.values()
            for values in wanted.values()
        )
    except OSError:
        raise SettingsError(f"The mapping {path} cannot be read. Is the file there?") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError, TypeError):
        well_formed = False
    if not well_formed:
        raise SettingsError(
            f"{path} is not a mapping of labels to kinds of products: it needs a line "
            'label = "the column with the label" and, below [kinds], lines such as '
            'Shirt = { articleType = ["Shirts"] }.'
        )
    return kinds


def judge_kinds(
    neighbours: np.ndarray, labels: Sequence[str | None], right: Mapping[str, np.ndarray]
) -> Judged:
    """Neighbours are right where they are of the kind that the photograph's label asks for.

    Args:
        neighbours: (q, depth) int, positions in the index; -1 where there is none.
        labels: of q photographs; a label that `right` does not have makes no query.
        right: (n,) bool by label.
    """
    kinds = list(right)
    rows = np.array([row for row, label in enumerate(labels) if label in right], np.int64)
    codes = np.array([kinds.index(str(labels[row])) for row in rows], np.int64)
    masks = np.array([right[kind] for kind in kinds])
    found = neighbours[rows]
    return Judged(
        rows,
        codes,
        masks[codes[:, None], found] & (found >= 0),
        masks.sum(axis=1)[codes],
        np.full(len(rows), masks.shape[1]),
    )


@dataclass(frozen=True)
class Photographs:
    """What the neighbours of p labelled photographs are worth."""

    kinds: list[str]
    """The labels, by code."""
    positions: np.ndarray
    """(p,) int64: the photographs, among those that were encoded."""
    neighbours: np.ndarray
    """(p, depth) int64: what this index finds, by position in the index."""
    comparisons: list[Comparison]
    """Of one label, `KIND`; this index first."""
    reliability: Reliability | None
    """Of the similarity shown, where there is a calibration."""


def photographs(
    held_out: HeldOut,
    right: Mapping[str, np.ndarray],
    column: str,
    photos: Encoded,
    source: ProductSource,
    path: QueryPath,
    colour_weight: float,
    calibration: Calibration | None,
    seed: int = 0,
) -> Photographs:
    """Search a catalogue for the products on photographs.

    Args:
        held_out: the catalogue; only its index is searched.
        right: (n,) bool by label: which items of the index are right for it.
        column: of the photographs, with their labels.
        photos: the photographs, encoded without any treatment.
        source: the same as files, to be treated as the app treats a query.
        path: embeds a picture as the app does.
        colour_weight: the index's own.
        calibration: of similarities by style alone.
        seed: of the intervals.

    Raises:
        SettingsError: no photograph has a label that fits a product.
    """
    products = photos.products
    if column not in products.attributes:
        known = ", ".join(products.attributes) or "none"
        raise SettingsError(
            f"The photographs have no column {column!r}; their labels are: {known}."
        )
    every = products.attributes[column]
    rows = np.array([row for row, label in enumerate(every) if label in right], np.int64)
    if len(rows) == 0:
        raise SettingsError("Not one photograph has a label that fits a product of the catalogue.")
    labels = [every[row] for row in rows]
    features = products.features.take(rows).in_memory
    untreated = query_vectors(held_out.head, *features)
    treated = path.learned(_opened(source, [products.ids[row] for row in rows]))
    items = held_out.learned[1]
    asked = {
        AS_THE_APP_ASKS: held_out.parts.weighed(treated, colour_weight),
        "this index, photographs as they are": held_out.parts.weighed(untreated, colour_weight),
    }
    if held_out.parts.colour:
        asked[STYLE_ALONE] = held_out.parts.weighed(treated, 0.0)
    found = {name: nearest(queries, items, MAP_DEPTH) for name, queries in asked.items()}
    classic = normalised(features[0]), held_out.classic[1]
    found[CLASSIC_RECIPE] = nearest(*classic, MAP_DEPTH)
    comparisons = []
    for name, neighbours in found.items():
        judged = judge_kinds(neighbours, labels, right)
        comparisons.append(Comparison(name, {KIND: judged}, {KIND: retrieval(judged, seed)}))
    reliability = None
    if calibration is not None:
        name = STYLE_ALONE if held_out.parts.colour else AS_THE_APP_ASKS
        (judged,) = (c.judged[KIND] for c in comparisons if c.name == name)
        reliability = of_photographs(calibration, asked[name], items, found[name], judged)
    return Photographs(list(right), rows, found[AS_THE_APP_ASKS], comparisons, reliability)


def _opened(source: ProductSource, ids: Sequence[str]) -> Iterator[Image.Image]:
    """The photographs of these ids, which come in the source's order, as the app opens a query."""
    wanted = iter(ids)
    next_id = next(wanted)
    with tqdm(total=len(ids), unit=" photographs", desc="Photographs") as bar:
        for product in source.read(0, source.count()):
            if product.id == next_id and product.picture is not None:
                yield open_picture(product.picture, min_side=MIN_SIDE)
                bar.update()
                next_id = next(wanted, "")
                if not next_id:
                    return
