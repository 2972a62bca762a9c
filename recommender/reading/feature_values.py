"""Columns and cells of a `datasets` data set as plain values: labels by name, pictures as files."""

from collections.abc import Mapping
from typing import Any

import datasets

# A list of numbers, such as a box, is no attribute.
_LEAVES = (datasets.Value, datasets.ClassLabel, datasets.Image)
_LISTS = (datasets.List, datasets.LargeList)


def columns_of(features: Mapping[str, Any]) -> list[str]:
    """Columns with plain values; an object's are called `outer.inner`, as in lists of objects."""
    columns: list[str] = []
    for name, feature in features.items():
        inner = _objects(feature)
        if inner is None:
            columns.append(name)
        else:
            columns += [f"{name}.{key}" for key, f in inner.items() if _leaf(f) is not None]
    return columns


def is_pictures(features: Mapping[str, Any], column: str) -> bool:
    """Whether a column holds pictures or lists of them, by its type."""
    feature = features.get(column)
    leaf = _leaf(feature) if feature is not None else None
    if isinstance(leaf, datasets.Value):
        return leaf.dtype in ("binary", "large_binary")
    return isinstance(leaf, datasets.Image)


def undecoded(stream: Any) -> Any:
    """The stream with its pictures as the files they are: decoding is our own stage."""
    for column, feature in (stream.features or {}).items():
        if isinstance(feature, datasets.Image):
            stream = stream.cast_column(column, datasets.Image(decode=False))
        elif isinstance(feature, _LISTS) and isinstance(feature.feature, datasets.Image):
            inner = type(feature)(datasets.Image(decode=False))
            stream = stream.cast_column(column, inner)
    return stream


def row_of(row: Mapping[str, Any], features: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the columns of `columns_of`."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        feature = features[name]
        inner = _objects(feature)
        if inner is None:
            values[name] = _plain(value, feature)
            continue
        for key, leaf in inner.items():
            if _leaf(leaf) is not None:
                values[f"{name}.{key}"] = _plain(_gather(value, key), leaf)
    return values


def _objects(feature: Any) -> Mapping[str, Any] | None:
    """The features of an object or of a list of objects; None for anything else."""
    if isinstance(feature, _LISTS):
        feature = feature.feature
    return feature if isinstance(feature, dict) else None


def _leaf(feature: Any) -> Any:
    if isinstance(feature, _LISTS):
        feature = feature.feature
    return feature if isinstance(feature, _LEAVES) else None


def _gather(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [part.get(key) for part in value if isinstance(part, dict)]
    return value.get(key) if isinstance(value, dict) else None


def _plain(value: Any, feature: Any) -> Any:
    if isinstance(value, list):
        return [_plain(part, feature) for part in value]
    leaf = _leaf(feature)
    if isinstance(leaf, datasets.ClassLabel) and isinstance(value, int):
        return leaf.int2str(value) if 0 <= value < leaf.num_classes else None
    return value
