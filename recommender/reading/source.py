"""Sources: what a dataset given by a person is, decided by its content."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from recommender import schema
from recommender.errors import DatasetError
from recommender.reading.delimited import read_delimited
from recommender.reading.json_lines import read_json
from recommender.reading.merchant_feed import read_feed
from recommender.reading.picture_files import PICTURE_SUFFIXES, PictureFiles
from recommender.reading.picture_folder import FILE, pictures_alone, pictures_with_tables
from recommender.reading.shopify import is_shopify, shopify_products
from recommender.reading.table import Table
from recommender.reading.woocommerce import is_woocommerce, woocommerce_products
from recommender.schema import roles

TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson")
# Also tables, where a folder has no pictures: beside pictures they are mostly annotations.
_ALONE_SUFFIXES = (*TABLE_SUFFIXES, ".txt", ".xml", ".rss", ".atom", ".json")
_STREAMED_SUFFIXES = (".parquet", ".arrow", ".tar")

# How files begin that are something else, and what to do with them.
_OTHERS = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook. Unpack it, or save the table as a CSV.",
    b"\x1f\x8b": "compressed. Unpack it first, for example with gunzip.",
    b"BZh": "compressed. Unpack it first, for example with bunzip2.",
    b"\xfd7zXZ": "compressed. Unpack it first, for example with unxz.",
    b"\x28\xb5\x2f\xfd": "compressed. Unpack it first, for example with unzstd.",
    b"7z\xbc\xaf": "an archive. Unpack it first.",
    b"Rar!": "an archive. Unpack it first.",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook. Save the table as a CSV.",
    b"SQLite": "a database. Export the table of products as a CSV.",
    b"%PDF": "a PDF document. Export the products as a CSV.",
}


class Rows(Protocol):
    """Rows of a catalogue before they are products."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def licence(self) -> str: ...
    @property
    def revision(self) -> str | None: ...
    def count(self) -> int: ...
    def sample(self, rows: int) -> list[dict[str, Any]]: ...
    def read(self, start: int, stop: int) -> Iterator[dict[str, Any]]: ...
    def values(self, column: str) -> Iterator[Any]: ...


class Source:
    """A catalogue that is found: its rows, and the folder in which they name pictures.

    Args:
        rows: of the catalogue.
        folder: of the pictures that cells name; None where cells name none of this machine.
        picture_columns: that hold pictures by their type.
        files: the pictures of the folder, where they are known already.
    """

    def __init__(
        self,
        rows: Rows,
        folder: Path | None,
        picture_columns: Sequence[str] = (),
        files: PictureFiles | None = None,
    ) -> None:
        self.rows, self.picture_columns = rows, list(picture_columns)
        self._folder, self._files = folder, files

    def files(self) -> PictureFiles | None:
        """The pictures of the folder; it is searched when this is first asked."""
        if self._files is None and self._folder is not None:
            self._files = PictureFiles(self._folder)
        return self._files


def open_source(
    dataset: str, config: str | None, split: str | None, revision: str | None
) -> Source:
    """Find out what a dataset is, and open it.

    Args:
        dataset: a folder or file of this machine, or a data set of the Hub (`owner/name`).
        config, split, revision: of a data set of the Hub, or of local files of its form.

    Raises:
        DatasetError: it is not there, or nothing that can be read.
    """
    if dataset.lower().startswith(("http://", "https://")):
        raise DatasetError(
            f"{dataset[:100]} is an address, and only the pictures of a catalogue are fetched. "
            "Download the table or feed first (curl -L -o FILE ADDRESS), and give the file."
        )
    path = Path(dataset)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError) as error:
        raise DatasetError(f"{dataset[:100]!r} is no name of a dataset. Check it.") from error
    if is_folder:
        return _open_folder(path, dataset, config, split, revision)
    if is_file:
        if _begins(path).startswith(b"PAR1"):
            return _streamed(dataset, config, split, revision, path.parent)
        return Source(_read_table(path), path.parent)
    if _means_this_machine(dataset):
        raise DatasetError(f"There is no folder or file {dataset}. Check the path.")
    return _streamed(dataset, config, split, revision, None)


def _means_this_machine(dataset: str) -> bool:
    """Whether a name that is not there was meant as a path, and not as `owner/name`."""
    has_suffix = Path(dataset).suffix.lower() in (*_ALONE_SUFFIXES, *_STREAMED_SUFFIXES)
    is_path = dataset.startswith((".", "/", "~")) or "\\" in dataset or dataset.count("/") > 1
    return is_path or has_suffix or dataset.endswith("/")


def _streamed(
    dataset: str, config: str | None, split: str | None, revision: str | None, folder: Path | None
) -> Source:
    # `datasets` takes seconds to import: only where it is needed.
    from recommender.reading.hub_dataset import StreamedRows

    rows = StreamedRows(dataset, config, split, revision)
    return Source(rows, folder, rows.picture_columns)


def _open_folder(
    folder: Path, dataset: str, config: str | None, split: str | None, revision: str | None
) -> Source:
    files = PictureFiles(folder)
    inside = _files_inside(folder)
    streamed = [path for path in inside if path.suffix.lower() in _STREAMED_SUFFIXES]
    if streamed or config is not None:
        return _streamed(dataset, config, split, revision, folder)
    suffixes = TABLE_SUFFIXES if len(files) else _ALONE_SUFFIXES
    tables = [
        path
        for path in inside
        if path.suffix.lower() in suffixes and (path.parent == folder or _describes(path))
    ]
    if not len(files) and not tables:
        raise DatasetError(
            f"{folder} holds neither pictures nor Parquet files nor a table. "
            f"Pictures are {', '.join(sorted(PICTURE_SUFFIXES))}; "
            f"tables are {', '.join(TABLE_SUFFIXES)}."
        )
    if not tables:
        return Source(pictures_alone(files), folder, [FILE], files)
    read = [_read_table(path) for path in tables]
    if len(files):
        return Source(pictures_with_tables(files, read), folder, [FILE], files)
    best = max(read, key=lambda table: (len(roles(table.columns, schema.ROLES)), table.count()))
    if len(read) > 1:
        others = ", ".join(table.name for table in read if table is not best)
        note = f"{best.name} is read: it says most of products. Not read: {others}."
        best = Table(best.name, best.data, (*best.notes, note), best.kind)
    return Source(best, folder, (), files)


def _files_inside(folder: Path) -> list[Path]:
    """Tables and streamed files; pictures, which may be many, are not asked for what they are."""
    wanted = (*_ALONE_SUFFIXES, *_STREAMED_SUFFIXES)
    # Text, not a `Path` for each picture, which takes ten times as long.
    found = (
        os.path.join(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(wanted) and not name.startswith(".")
    )
    return sorted(path for path in map(Path, found) if path.is_file())


def _describes(path: Path) -> bool:
    """Whether a table in a folder below is of the form that `datasets` reads beside pictures."""
    return path.stem == "metadata"


def _begins(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}. Check its rights.") from error


def _read_table(path: Path) -> Table:
    """The products of a table, an export or a feed."""
    head = _begins(path)
    what = next((words for mark, words in _OTHERS.items() if head.startswith(mark)), None)
    if what is not None:
        raise DatasetError(f"{path.name} is {what}")
    if path.suffix.lower() in PICTURE_SUFFIXES:
        raise DatasetError(f"{path.name} is a picture. Give the folder that holds the pictures.")
    if not head.strip():
        raise DatasetError(f"{path.name} is empty. Export it again.")
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith((b"<!doctype html", b"<html")):
        raise DatasetError(f"{path.name} is a web page. Export the products as a CSV.")
    if plain.startswith(b"<"):
        return read_feed(path)
    table = read_json(path) if plain.startswith((b"{", b"[")) else read_delimited(path)
    if is_shopify(table.columns):
        return shopify_products(table)
    return woocommerce_products(table) if is_woocommerce(table) else table
