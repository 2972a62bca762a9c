"""Read the products of a dataset, one after the other, whatever its columns are called."""

import csv
import itertools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets

from recommender.errors import DatasetError
from recommender.pictures.decoding import PictureSource

# First match wins; compared without case, spaces, dashes and underscores.
IMAGE_COLUMNS = (
    "image",
    "img",
    "picture",
    "photo",
    "imagepath",
    "imagefile",
    "filename",
    "file",
    "path",
)
ID_COLUMNS = ("id", "itemid", "productid", "articleid", "imageid", "sku", "asin", "uid")
NAME_COLUMNS = (
    "productdisplayname",
    "displayname",
    "productname",
    "prodname",
    "name",
    "title",
    "caption",
)

# What catalogues write where a value is not known.
UNKNOWN = frozenset({"", "na", "n/a", "nan", "none", "null", "unknown"})

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}
)
# Rows the reader hands over at a time.
_ROWS = 256


@dataclass(frozen=True)
class Product:
    """One row of a dataset; the picture is still the file it came as."""

    position: int
    """Row in the dataset."""
    id: str
    name: str
    attributes: dict[str, str | None]
    picture: PictureSource | None
    """As it came: a file's content, its path, or a picture."""


@dataclass(frozen=True)
class Columns:
    """Which column is what."""

    image: str
    id: str | None
    name: str | None
    attributes: tuple[str, ...]


class Products:
    """The products of a dataset, read as a stream by `datasets`, never held in memory together.

    Args:
        source: a dataset of the Hub (`owner/name`), a folder of Parquet files or pictures, with or
            without a CSV that describes them, or anything else that `datasets.load_dataset` takes.
        split: of the dataset.
        revision: commit, branch or tag of a Hub dataset.
        image, id, name: columns; None guesses them by their names.

    Raises:
        DatasetError: there is no such dataset or split, or no column with pictures.
    """

    def __init__(
        self,
        source: str,
        *,
        split: str = "train",
        revision: str | None = None,
        image: str | None = None,
        id: str | None = None,
        name: str | None = None,
    ) -> None:
        self.source, self.split = source, split
        self._stream = _open(source, split, revision)
        if self._stream.features is None:
            self._stream = self._stream._resolve_features()
        self.columns = _choose_columns(self._stream.features, image, id, name)
        self._stream = _without_decoding(self._stream, self.columns.image)
        self.licence = str(self._stream.info.license or "")
        self.revision = _commit(self._stream)

    def count(self) -> int:
        """Rows of the split; reads one small column where the dataset does not say."""
        splits = self._stream.info.splits
        if splits and self.split in splits and splits[self.split].num_examples:
            return int(splits[self.split].num_examples)
        small = next(iter((self.columns.id, self.columns.name, *self.columns.attributes)), None)
        rows = self._stream.select_columns([small or self.columns.image])
        return sum(len(next(iter(batch.values()))) for batch in rows.iter(4096))

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products of the rows from start up to, not including, stop."""
        rows = self._stream.skip(start).take(stop - start)
        batches = rows.iter(_ROWS)
        position = start
        for batch in batches:
            for values in zip(*batch.values(), strict=True):
                yield self._product(position, dict(zip(batch, values, strict=True)))
                position += 1

    def _product(self, position: int, row: dict[str, Any]) -> Product:
        columns = self.columns
        picture = row[columns.image]
        path = None
        if isinstance(picture, dict):
            path = picture.get("path")
            picture = picture["bytes"] if picture.get("bytes") is not None else path
        attributes = {name: _text(row[name]) for name in columns.attributes}
        stem = Path(str(path)).stem if path else str(position)
        id_ = (_text(row[columns.id]) if columns.id else None) or stem
        name = (_text(row[columns.name]) if columns.name else None) or _described(attributes) or id_
        return Product(position, id_, name, attributes, picture)


def _open(source: str, split: str, revision: str | None) -> datasets.IterableDataset:
    folder = Path(source)
    try:
        if folder.is_dir() and (described := _pictures_with_csv(folder)) is not None:
            return described
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return datasets.load_dataset(source, split=split, revision=revision, streaming=True)
    except DatasetError:
        raise
    except Exception as error:  # datasets, fsspec, the Hub's client and pyarrow each have their own
        reason = " ".join(str(error).split())[:300]
        raise DatasetError(
            f"The dataset {source!r} (split {split!r}) cannot be read: {reason}. "
            "Check its name and split, that the Hub can be reached, or give a local folder."
        ) from error


def _pictures_with_csv(folder: Path) -> datasets.IterableDataset | None:
    """A folder of pictures whose CSV names them by file name or id; None where it is not one."""
    tables = sorted(folder.glob("*.csv"))
    if not tables or (folder / "metadata.csv").exists():
        return None  # metadata.csv is the convention that `datasets` reads by itself
    pictures = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
    if not pictures:
        return None
    by_name = {key: path for path in reversed(pictures) for key in (path.name, path.stem)}
    with tables[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0]) if rows else []
    matches = {c: sum(Path(str(row[c])).name in by_name for row in rows) for c in columns}
    if not matches or not max(matches.values()):
        raise DatasetError(
            f"No column of {tables[0].name} names the pictures in {folder} by file name or id. "
            "Add one, or remove the CSV to index the pictures alone."
        )
    key = max(matches, key=lambda column: matches[column])
    table: dict[str, list[Any]] = {c: [row[c] for row in rows] for c in columns if c != "image"}
    table["image"] = [str(by_name.get(Path(str(row[key])).name, row[key])) for row in rows]
    data = datasets.Dataset.from_dict(table)
    return data.cast_column("image", datasets.Image(decode=False)).to_iterable_dataset()


def _choose_columns(
    features: datasets.Features, image: str | None, id_: str | None, name: str | None
) -> Columns:
    available = list(features)
    for column in (image, id_, name):
        if column is not None and column not in available:
            raise DatasetError(
                f"The dataset has no column {column!r}. Its columns are: {', '.join(available)}."
            )
    if image is None:
        pictures = [c for c in available if isinstance(features[c], datasets.Image)]
        image = pictures[0] if pictures else _named(available, IMAGE_COLUMNS)
    if image is None:
        raise DatasetError(
            f"None of the columns {', '.join(available)} looks like a picture. "
            "Name the one that is with --image-column."
        )
    rest = [c for c in available if c != image]
    id_ = id_ or _named(rest, ID_COLUMNS)
    name = name or _named([c for c in rest if c != id_], NAME_COLUMNS)
    attributes = tuple(
        c
        for c in rest
        if c not in (id_, name) and isinstance(features[c], datasets.Value | datasets.ClassLabel)
    )
    return Columns(image, id_, name, attributes)


def _named(columns: Sequence[str], known: Sequence[str]) -> str | None:
    plain = {c.lower().replace("_", "").replace("-", "").replace(" ", ""): c for c in columns}
    return next((plain[name] for name in known if name in plain), None)


def _without_decoding(stream: datasets.IterableDataset, image: str) -> datasets.IterableDataset:
    """Class labels as their names, pictures as the files they are: decoding is our own stage."""
    features = stream.features
    if isinstance(features[image], datasets.Image):
        stream = stream.cast_column(image, datasets.Image(decode=False))
    labels = {c: f for c, f in features.items() if isinstance(f, datasets.ClassLabel)}
    if not labels:
        return stream

    def named(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        known = {
            c: [None if v is None or v < 0 else f.int2str(v) for v in batch[c]]
            for c, f in labels.items()
        }
        return {**batch, **known}

    texts = datasets.Features(
        {**stream.features, **dict.fromkeys(labels, datasets.Value("string"))}
    )
    return stream.map(named, batched=True, batch_size=_ROWS, features=texts)


def _text(value: Any) -> str | None:
    """A value as text; None for everything that means "not known"."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # years arrive as floats because some are missing
    text = str(value).strip()
    return None if text.lower() in UNKNOWN else text


def _described(attributes: dict[str, str | None]) -> str:
    return " ".join(itertools.islice((value for value in attributes.values() if value), 3))


def _commit(stream: datasets.IterableDataset) -> str | None:
    """Commit of a Hub dataset, which `datasets` keeps in the addresses of its files."""
    checksums = stream.info.download_checksums or {}
    commits = {
        address.partition("@")[2].partition("/")[0] for address in checksums if "@" in address
    }
    return commits.pop() if len(commits) == 1 else None
