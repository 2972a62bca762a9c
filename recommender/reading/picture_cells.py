"""Pictures in the cells of a row: files as bytes, names of files, and addresses."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fsspec

from recommender.pictures.decoding import PictureSource
from recommender.reading.picture_files import PictureFiles
from recommender.reading.values import addresses_in, is_address, text, web_address

_DATA_URL = "data:image/"


@dataclass
class RowPictures:
    """Pictures of a product in the order of its cells; addresses are still to be fetched."""

    found: list[PictureSource] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Paths that the pictures came with."""


class PictureCells:
    """Reads the cells of picture columns.

    Args:
        columns: with pictures, the main one first.
        files: gives the picture files among which names are looked up; None where there are none.
        origin: address of a Hub data set's own files, the only ones that its cells may name.
    """

    def __init__(
        self,
        columns: Sequence[str],
        files: Callable[[], PictureFiles | None],
        origin: str | None,
    ) -> None:
        self.columns, self._files, self._origin = tuple(columns), files, origin

    def of(self, rows: Sequence[Mapping[str, Any]]) -> RowPictures:
        """All pictures of the rows of one product, each once."""
        pictures = RowPictures()
        seen: set[Any] = set()
        for row in rows:
            for column in self.columns:
                for cell in _cells(row[column]):
                    key = cell.get("bytes") or cell.get("path") if isinstance(cell, dict) else cell
                    if key is None or key in seen:
                        continue
                    seen.add(key)
                    self._add(pictures, cell)
        return pictures

    def _add(self, pictures: RowPictures, cell: Any) -> None:
        if isinstance(cell, dict):
            name, data = text(cell.get("path")), cell.get("bytes")
            if name:
                pictures.names.append(name)
            if data is not None:
                pictures.found.append(data)
            elif name:
                self._named(pictures, name)
        elif isinstance(cell, bytes):
            pictures.found.append(cell)
        elif words := text(cell):
            if words.startswith(_DATA_URL):
                pictures.found.append(words)
                return
            pictures.names.append(words)
            if is_address(words):
                found = map(web_address, addresses_in(words))
                new = [a for a in found if a is not None and a not in pictures.addresses]
                pictures.addresses += new
            else:
                self._named(pictures, words)

    def _own(self, name: str) -> bool:
        """Whether a name is an address that `datasets` gives the data set's own files.

        They lie open or in a ZIP archive. Any other chain could name a file of this machine, too.
        """
        if self._origin is None:
            return False
        in_archive, chained, archive = name.partition("::")
        inside = archive if chained and in_archive.startswith("zip://") else name
        return inside.startswith(self._origin) and "::" not in inside and ".." not in inside

    def _named(self, pictures: RowPictures, name: str) -> None:
        if self._own(name):
            try:
                with fsspec.open(name) as file:
                    pictures.found.append(file.read())
            except OSError as error:
                pictures.reasons.append(f"{name} cannot be read: {error}.")
            return
        files = self._files()
        if files is None:
            pictures.reasons.append(f"{name[:100]!r} names no file of the data set.")
            return
        for found in files.find_all(_below(files.folder, name)):
            if found.path is None:
                pictures.reasons.append(found.reason)
            elif (path := files.beside + found.path) not in pictures.found:
                pictures.found.append(path)


def _below(folder: Path, name: str) -> str:
    """An absolute path inside the folder as a relative one; any other name as it is."""
    if not os.path.isabs(name):
        return name
    for root in (folder, folder.resolve()):
        if Path(name).is_relative_to(root):
            return str(Path(name).relative_to(root))
    return name


def _cells(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
