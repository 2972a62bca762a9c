"""Changes between two catalogues of an index: products added, changed, removed and unchanged."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.product_pictures import PICTURES_FILE

# Columns that follow from other products, and the thumbnails, which follow from the pictures.
_NOT_OWN = ("id", "duplicate_of", "map_x", "map_y", "image")


@dataclass(frozen=True)
class Changes:
    """Changes by id, in the order of the new catalogue; those removed, in that of the old one."""

    added: list[str]
    changed: list[str]
    """Other words, prices or pictures."""
    with_other_pictures: list[str]
    """Those of the changed products that have other pictures."""
    removed: list[str]
    unchanged: int
    is_reordered: bool
    """Whether the products that stay come in another order."""

    @property
    def are_any(self) -> bool:
        """Whether the catalogues differ."""
        return bool(self.added or self.changed or self.removed or self.is_reordered)


def changes_between(old: Path, new: Path) -> Changes:
    """Changes from one index folder's catalogue to another's."""
    before, after = _columns(old), _columns(new)
    old_ids, new_ids = before["id"].to_pylist(), after["id"].to_pylist()
    rows = {id_: row for row, id_ in enumerate(old_ids)}
    was = np.array([rows.get(id_, -1) for id_ in new_ids], np.int64)
    stay = np.flatnonzero(was >= 0)
    differ = np.zeros(len(new_ids), bool)
    names = [name for name in {**before, **after} if name not in _NOT_OWN]
    for name in names:
        differ[stay] |= _differ(before.get(name), after.get(name), was[stay], stay)
    pictures = np.zeros(len(new_ids), bool)
    others, own = _Digests.of(old), _Digests.of(new)
    # Older indexes do not say which pictures they have.
    if others is None or own is None:
        pictures[stay] = True
    else:
        pictures[stay] = own.differ_from(others, was[stay], stay)
    changed = differ | pictures
    kept = set(new_ids)
    return Changes(
        [new_ids[row] for row in np.flatnonzero(was < 0)],
        [new_ids[row] for row in np.flatnonzero(changed)],
        [new_ids[row] for row in np.flatnonzero(pictures)],
        [id_ for id_ in old_ids if id_ not in kept],
        int(len(stay) - changed.sum()),
        bool((np.diff(was[stay]) < 0).any()),
    )


def _columns(folder: Path) -> dict[str, pa.ChunkedArray]:
    path = folder / CATALOGUE_FILE
    names = [name for name in pq.read_schema(path).names if name not in _NOT_OWN[1:]]
    table = pq.read_table(path, columns=names)
    return {name: table[name] for name in names}


def _differ(
    before: pa.ChunkedArray | None,
    after: pa.ChunkedArray | None,
    old: np.ndarray,
    new: np.ndarray,
) -> np.ndarray:
    """(m,) bool: where the values of a column differ; a missing column has no values."""
    if before is None or after is None:
        column, rows = (after, new) if before is None else (before, old)
        assert column is not None
        known: np.ndarray = column.take(pa.array(rows)).is_valid().to_numpy()
        return known
    one, other = before.take(pa.array(old)), after.take(pa.array(new))
    same = pc.equal(one, other).fill_null(False)
    both_unknown = pc.and_(one.is_null(), other.is_null())
    equal: np.ndarray = pc.or_(same, both_unknown).to_numpy()
    return ~equal


@dataclass(frozen=True)
class _Digests:
    """Digests of an index's pictures, and the row of each product's first one and the end."""

    values: pa.ChunkedArray
    first: np.ndarray

    @classmethod
    def of(cls, folder: Path) -> "_Digests | None":
        """Digests of an index; None where it does not have them."""
        path = folder / PICTURES_FILE
        if not path.exists():
            return None
        table = pq.read_table(path, columns=["product", "digest"])
        owners = table["product"].to_numpy()
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        return cls(table["digest"], np.append(starts, len(owners)))

    def differ_from(self, other: "_Digests", theirs: np.ndarray, own: np.ndarray) -> np.ndarray:
        """(m,) bool: where the pictures of a product are not those of another index's product."""
        counts = np.diff(self.first)[own]
        differ = counts != np.diff(other.first)[theirs]
        alike = np.flatnonzero(~differ)
        counts = counts[alike]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        here = self.values.take(pa.array(np.repeat(self.first[own[alike]], counts) + within))
        there = other.values.take(pa.array(np.repeat(other.first[theirs[alike]], counts) + within))
        unequal = pc.not_equal(here, there).fill_null(True).to_numpy()
        differ[np.repeat(alike, counts)[unequal]] = True
        return differ
