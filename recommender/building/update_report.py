"""Changes between two catalogues of an index: products added, changed, removed and unchanged."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.building.chunks import ChunkReader
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.pictures_file import digests_of
from recommender.index.catalogue import Catalogue


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


def changes_between(old: Catalogue, new: EncodedCatalogue) -> Changes:
    """Changes from an index's catalogue to that of its update.

    Args:
        old: of the index.
        new: of the update.
    """
    before, after = old.own_columns(), _columns(new)
    was = old.positions_of(new.ids).astype(np.int64)
    stay = np.flatnonzero(was >= 0)
    differ = np.zeros(len(was), bool)
    for name in {**before, **after}:
        differ[stay] |= _differ(before.get(name), after.get(name), was[stay], stay)
    with_other_pictures = np.zeros(len(was), bool)
    others = old.pictures.digests()
    if others is None:  # Older indexes do not say which pictures they have.
        with_other_pictures[stay] = True
    else:
        theirs = _Digests(pa.array(others, pa.string()), old.pictures.first)
        digests = digests_of(new)
        own = _Digests(digests, np.append(new.first_pictures, len(digests)))
        with_other_pictures[stay] = own.differ_from(theirs, was[stay], stay)
    changed = differ | with_other_pictures
    kept = set(new.ids)
    return Changes(
        [new.ids[row] for row in np.flatnonzero(was < 0)],
        [new.ids[row] for row in np.flatnonzero(changed)],
        [new.ids[row] for row in np.flatnonzero(with_other_pictures)],
        [id_ for id_ in old.ids if id_ not in kept],
        int(len(stay) - changed.sum()),
        bool((np.diff(was[stay]) < 0).any()),
    )


def _columns(products: EncodedCatalogue) -> dict[str, pa.Array]:
    """What `Catalogue.own_columns` gives of an index, from the products that it is written of."""
    kept = ChunkReader(products.rows, products.optional).table(range(len(products.ids)))
    texts = {"name": products.names, **products.attributes}
    columns = {name: pa.array(values, pa.string()) for name, values in texts.items()}
    return columns | {name: kept[name].combine_chunks() for name in products.optional}


def _differ(
    before: pa.Array | None, after: pa.Array | None, old: np.ndarray, new: np.ndarray
) -> np.ndarray:
    """(m,) bool: where the values of a column differ; a missing column has no values."""
    if before is None or after is None:
        column, rows = (after, new) if before is None else (before, old)
        assert column is not None
        known: np.ndarray = column.take(pa.array(rows)).is_valid().to_numpy(zero_copy_only=False)
        return known
    one, other = before.take(pa.array(old)), after.take(pa.array(new))
    same = pc.equal(one, other).fill_null(False)
    both_unknown = pc.and_(one.is_null(), other.is_null())
    equal: np.ndarray = pc.or_(same, both_unknown).to_numpy(zero_copy_only=False)
    return ~equal


@dataclass(frozen=True)
class _Digests:
    """Digests of an index's pictures, and the row of each product's first one and the end."""

    values: pa.Array
    first: np.ndarray

    def differ_from(self, other: "_Digests", theirs: np.ndarray, own: np.ndarray) -> np.ndarray:
        """(m,) bool: where the pictures of a product are not those of another index's product."""
        counts = np.diff(self.first)[own]
        differ = counts != np.diff(other.first)[theirs]
        alike = np.flatnonzero(~differ)
        counts = counts[alike]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        here = self.values.take(pa.array(np.repeat(self.first[own[alike]], counts) + within))
        there = other.values.take(pa.array(np.repeat(other.first[theirs[alike]], counts) + within))
        unequal = pc.not_equal(here, there).fill_null(True).to_numpy(zero_copy_only=False)
        differ[np.repeat(alike, counts)[unequal]] = True
        return differ
