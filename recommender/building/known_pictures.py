"""Known pictures: those of an index and of an interrupted update, found without decoding them.

`picture_vectors.npy` of an index has one row per row of its vectors: style and colour by the
picture alone, before the label prior, which cannot be taken off again without rounding. Indexes
built before this file existed have no known pictures: their first update encodes all of them.

An update keeps what it encodes in its working folder, so that after an interruption nothing is
encoded twice:

    encoded-00012.parquet   place, content, digest: string (`recommender.reading.picture_keys`)
                            thumbnail: binary
                            vector: list of float32, as in `picture_vectors.npy`
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.building.decode import DecodedPicture
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import StoredVectors

_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("place", "content", "digest")),
        ("thumbnail", pa.binary()),
        ("vector", pa.list_(pa.float32())),
    ]
)
_PARTS_KEPT = 4
_NO_COLOUR = np.zeros(0, np.float32)


class KnownPictures:
    """Known pictures by place, by content and by digest.

    Args:
        catalogue: of the index.
        vectors: `picture_vectors.npy`, or `vectors.npy` where no label prior was added; None where
            the index lacks it: then none of its pictures is known.
        parts: files of an interrupted update.
    """

    def __init__(
        self, catalogue: Catalogue, vectors: Path | None, parts: Sequence[Path] = ()
    ) -> None:
        self._catalogue = catalogue
        # As Python's integers: a row is looked up for each picture.
        self._owners: list[int] = catalogue.pictures.owners.tolist()
        self._first: list[int] = catalogue.pictures.first.tolist()
        keys = catalogue.pictures.keys() if vectors is not None else {}
        self._of_index = len(keys.get("digest", ()))
        unknown = [None] * self._of_index
        self._columns: dict[str, list[str | None]] = {
            name: list(keys.get(name, unknown)) for name in ("place", "content", "digest")
        }
        self._vectors = StoredVectors(vectors) if vectors is not None else None
        self._parts: list[tuple[Path, int]] = []
        for part in parts:
            table = pq.read_table(part, columns=["place", "content", "digest"])
            for name, column in self._columns.items():
                column.extend(table[name].to_pylist())
            self._parts += [(part, row) for row in range(len(table))]
        self._rows = {
            name: {key: row for row, key in enumerate(column) if key is not None}
            for name, column in self._columns.items()
        }
        self._part = lru_cache(maxsize=_PARTS_KEPT)(pq.read_table)

    def __len__(self) -> int:
        return len(self._columns["digest"])

    def has_place(self, key: str) -> bool:
        """Whether a place's picture is known."""
        return key in self._rows["place"]

    def find(self, key: str | None, of: str) -> int | None:
        """Row of a known picture by a key: those of the index first; None where it is not known.

        Args:
            key: to look up; None is never known.
            of: "place", "content" or "digest".
        """
        return self._rows[of].get(key) if key is not None else None

    def row_of_index(self, row: int) -> int:
        """Row of the index's vectors; -1 where an update encoded the picture."""
        return row if row < self._of_index else -1

    def picture(self, row: int) -> DecodedPicture:
        """Known picture, without pixels."""
        place, content, digest = (self._columns[n][row] for n in ("place", "content", "digest"))
        if row < self._of_index:
            owner = self._owners[row]
            thumbnail = self._catalogue.thumbnail_bytes(owner, row - self._first[owner])
        else:
            part, at = self._parts[row - self._of_index]
            thumbnail = self._part(part)["thumbnail"][at].as_py()
        return DecodedPicture(None, _NO_COLOUR, thumbnail, str(digest), content, place)

    def vectors(self, rows: Sequence[int]) -> np.ndarray:
        """Vectors of known pictures before the label prior, (m, d) float32."""
        wanted = np.asarray(rows, np.int64)
        of_index = wanted < self._of_index
        others = [self._part_vector(int(row)) for row in wanted[~of_index]]
        if self._vectors is None:
            return np.stack(others)
        found = np.empty((len(wanted), self._vectors.shape[1]), np.float32)
        found[of_index] = self._vectors.rows(wanted[of_index])
        if others:
            found[~of_index] = np.stack(others)
        return found

    def _part_vector(self, row: int) -> np.ndarray:
        part, at = self._parts[row - self._of_index]
        return np.array(self._part(part)["vector"][at].as_py(), np.float32)

    def close(self) -> None:
        """Closing of the vectors' file."""
        if self._vectors is not None:
            self._vectors.close()


def write_part(path: Path, pictures: Sequence[tuple[DecodedPicture, np.ndarray]]) -> None:
    """Writing of encoded pictures with their (d,) float32 vectors; complete or not at all."""
    rows: list[Mapping[str, object]] = [
        {
            "place": picture.place,
            "content": picture.content,
            "digest": picture.digest,
            "thumbnail": picture.thumbnail,
            "vector": vector,
        }
        for picture, vector in pictures
    ]
    temporary = path.with_suffix(".new")
    pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), temporary)
    temporary.replace(path)
