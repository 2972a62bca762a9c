"""Precision on photographs people took, labelled with what they show, against a catalogue."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from recommender.building.encode import ProductSource
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.embedding.head_vectors import query_vectors
from recommender.embedding.query import SeenPicture
from recommender.embedding.vectors import normalised
from recommender.errors import SettingsError
from recommender.evaluation.ablation import CLASSIC_RECIPE, Comparison
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.query_vectors import QueryPath, embedded
from recommender.evaluation.reliability import Reliability, of_photographs
from recommender.features.table import FeatureTable
from recommender.index.calibration import Calibration
from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import MAP_DEPTH, Judged, retrieval
from recommender.metrics.splits import nearest
from recommender.pictures.decoding import open_picture

# Name of the one label in the results: the product is of the type that the photograph shows.
RIGHT_TYPE = "right kind"
AS_THE_APP_ASKS = "this index, asked as the app asks"
STYLE_ALONE = "style alone, asked as the app asks"
CONSUMER_PHOTOS = Path(__file__).with_name("consumer_photos.toml")


@dataclass(frozen=True)
class LabelMapping:
    """Mapping of photographs' labels to the attributes of right products."""

    column: str
    """Column of the photographs with their labels."""
    products: dict[str, dict[str, list[str]]]
    """Right values by attribute of the catalogue, by label; all attributes must match."""

    def right(self, attributes: Mapping[str, Sequence[str | None]]) -> dict[str, np.ndarray]:
        """Right products for each label; labels without a right product are left out.

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


def read_label_mapping(path: Path) -> LabelMapping:
    """Label mapping from a TOML file (`consumer_photos.toml` is an example).

    Raises:
        SettingsError: the file cannot be read, or is no label mapping.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        mapping = LabelMapping(content["label"], content["kinds"])
        well_formed = isinstance(mapping.column, str) and all(
            isinstance(values, list)
            for wanted in mapping.products.values()
            for values in wanted.values()
        )
    except OSError:
        raise SettingsError(f"The mapping {path} cannot be read. Is the file there?") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError, TypeError):
        well_formed = False
    if not well_formed:
        raise SettingsError(
            f"{path} is not a mapping of labels to products: it needs a line "
            'label = "the column with the label" and, below [kinds], lines such as '
            'Shirt = { articleType = ["Shirts"] }.'
        )
    return mapping


def judge_photographs(
    neighbours: np.ndarray, labels: Sequence[str | None], right: Mapping[str, np.ndarray]
) -> Judged:
    """Judged neighbours of photographs: right where `right` says so for the photograph's label.

    Args:
        neighbours: (q, depth) int, positions in the index; -1 where there is none.
        labels: of q photographs; photographs of a label outside of `right` are no queries.
        right: (n,) bool, right items of the index, by label.
    """
    names = list(right)
    rows = np.array([row for row, label in enumerate(labels) if label in right], np.int64)
    codes = np.array([names.index(str(labels[row])) for row in rows], np.int64)
    masks = np.array([right[name] for name in names])
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
    """Measured precision on p labelled photographs."""

    labels: list[str]
    """Names of the labels, by code."""
    positions: np.ndarray
    """(p,) int64: positions of the photographs among all that were encoded."""
    neighbours: np.ndarray
    """(p, depth) int64: positions of the neighbours in the index."""
    comparisons: list[Comparison]
    """Variants of the query, measured on the label `RIGHT_TYPE`; as the app asks first."""
    reliability: Reliability | None
    """Reliability of the similarity shown; None without a calibration."""
    types: np.ndarray
    """(p, types) float32: probabilities of the head's article types."""
    own_labels: list[str]
    """Label of each photograph."""


@dataclass(frozen=True)
class SeenPhotographs:
    """Features of p labelled photographs, before any head."""

    labels: list[str]
    positions: np.ndarray
    """(p,) int64: positions of the photographs among all that were encoded."""
    untreated: FeatureTable
    """Of the whole photographs."""
    treated: list[SeenPicture]
    """As the app looks at them."""

    def of(self, labels: Collection[str]) -> "SeenPhotographs":
        """Photographs with one of these labels."""
        rows = [row for row, label in enumerate(self.labels) if label in labels]
        return SeenPhotographs(
            [self.labels[row] for row in rows],
            self.positions[rows],
            self.untreated.take(np.array(rows, np.int64)),
            [self.treated[row] for row in rows],
        )


def see_photographs(
    photos: FeatureCache, source: ProductSource, mapping: LabelMapping, path: QueryPath
) -> SeenPhotographs:
    """Features of the photographs whose label the mapping knows.

    Args:
        photos: the photographs, encoded without treatment.
        source: the photographs as files, for the app's treatment.
        mapping: of their labels.
        path: looks at a picture as the app does.

    Raises:
        SettingsError: there is no such column, or no photograph has a label of the mapping.
    """
    products = photos.products
    labels, rows = labelled(products, mapping, mapping.products)
    ids = [products.ids[row] for row in rows]
    treated = path.seen(_opened(source, ids, photos.backbone.decoded_side))
    return SeenPhotographs(labels, rows, products.main_features.take(rows).load(), treated)


def labelled(
    products: EncodedCatalogue, mapping: LabelMapping, labels: Collection[str]
) -> tuple[list[str], np.ndarray]:
    """Photographs with one of some labels: their labels, and their positions, (p,) int64.

    Raises:
        SettingsError: there is no column of labels, or no photograph has one of them.
    """
    if mapping.column not in products.attributes:
        known = ", ".join(products.attributes) or "none"
        raise SettingsError(
            f"The photographs have no column {mapping.column!r}; their labels are: {known}."
        )
    every = products.attributes[mapping.column]
    rows = [row for row, label in enumerate(every) if label in labels]
    if not rows:
        raise SettingsError("Not one photograph has a label that fits a product of the catalogue.")
    return [str(every[row]) for row in rows], np.array(rows, np.int64)


def photographs(
    held_out: HeldOut,
    right: Mapping[str, np.ndarray],
    seen: SeenPhotographs,
    categories: np.ndarray | None,
    colour_weight: float,
    calibration: Calibration | None,
    seed: int = 0,
) -> Photographs:
    """Precision of a catalogue's index on photographs, with and without the app's treatment.

    Args:
        held_out: the catalogue; only its index is searched.
        right: (n,) bool, right items of the index, by label.
        seen: features of the photographs; those of other labels are left out.
        categories: of the head's article types, as `embed_query` takes them.
        colour_weight: of the index, 0-1.
        calibration: of similarities by style alone.
        seed: of the intervals.

    Raises:
        SettingsError: no label has a right product.
    """
    seen = seen.of(right)
    if not seen.labels:
        raise SettingsError("Not one photograph has a label that fits a product of the catalogue.")
    rows, labels, features = seen.positions, seen.labels, seen.untreated.in_memory
    untreated = query_vectors(held_out.head, *features)
    treated, types = embedded(seen.treated, held_out.head, categories)
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
        judged = judge_photographs(neighbours, labels, right)
        comparisons.append(
            Comparison(name, {RIGHT_TYPE: judged}, {RIGHT_TYPE: retrieval(judged, seed)})
        )
    reliability = None
    if calibration is not None:
        name = STYLE_ALONE if held_out.parts.colour else AS_THE_APP_ASKS
        (judged,) = (c.judged[RIGHT_TYPE] for c in comparisons if c.name == name)
        reliability = of_photographs(calibration, asked[name], items, found[name], judged)
    return Photographs(
        list(right), rows, found[AS_THE_APP_ASKS], comparisons, reliability, types, labels
    )


def _opened(source: ProductSource, ids: Sequence[str], min_side: int) -> Iterator[Image.Image]:
    """Photographs of these ids, in the source's order, decoded as the app decodes a query."""
    wanted = iter(ids)
    next_id = next(wanted)
    with tqdm(total=len(ids), unit=" photographs", desc="Photographs") as bar:
        for product in source.read(0, source.count()):
            if product.id == next_id and product.picture is not None:
                yield open_picture(product.picture, min_side=min_side)
                bar.update()
                next_id = next(wanted, "")
                if not next_id:
                    return
