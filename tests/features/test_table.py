"""Feature tables: written block by block, read row by row, in memory or on disk alike."""

from pathlib import Path

import numpy as np
import pytest

from recommender.features.table import (
    ArrayWriter,
    AugmentedFeatures,
    DiskArray,
    FeatureTable,
    FeatureWriter,
)

ROWS = 23


@pytest.fixture
def in_memory() -> FeatureTable:
    random = np.random.default_rng(0)
    return FeatureTable(*(random.random((ROWS, d)).astype(np.float32) for d in (6, 6, 4)))


@pytest.fixture
def on_disk(in_memory: FeatureTable, tmp_path: Path) -> FeatureTable:
    writer = FeatureWriter(tmp_path / "features")
    for _, block in in_memory.blocks(5):
        writer.append(block)
    return writer.close()


def same(one: FeatureTable, other: FeatureTable) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.arrays, other.arrays, strict=True))


def test_what_was_appended_in_blocks_is_read_again(
    in_memory: FeatureTable, on_disk: FeatureTable
) -> None:
    assert len(on_disk) == ROWS
    assert all(isinstance(array, DiskArray) for array in on_disk.arrays)
    assert same(on_disk.load(), in_memory)


def test_the_files_are_plain_numpy_files(in_memory: FeatureTable, on_disk: FeatureTable) -> None:
    folder = on_disk.max_pooled.path.parent
    for name in ("max_pooled", "avg_pooled", "colour"):
        stored = np.load(folder / f"{name}.npy", allow_pickle=False)
        assert np.array_equal(stored, getattr(in_memory, name))


@pytest.mark.parametrize(
    "key",
    [
        3,
        -1,
        slice(4, 9),
        slice(None, None, 7),
        np.array([5, 2, 2, 20]),
        np.arange(ROWS) % 3 == 0,
        (slice(2, 8), slice(1, 3)),
        (np.array([7, 1]), slice(None, 2)),
    ],
    ids=str,
)
def test_rows_on_disk_are_indexed_like_an_array_in_memory(
    in_memory: FeatureTable, on_disk: FeatureTable, key: object
) -> None:
    read = on_disk.max_pooled[key]
    assert np.array_equal(read, in_memory.max_pooled[key])
    assert not isinstance(read, np.memmap)


def test_rows_taken_stay_on_disk_and_can_be_taken_from_again(
    in_memory: FeatureTable, on_disk: FeatureTable
) -> None:
    first, second = np.array([20, 3, 8, 8, 11]), np.array([4, 0, 2])
    taken = on_disk.take(first).take(second)
    assert isinstance(taken.colour, DiskArray)
    assert same(taken.load(), in_memory.take(first[second]))
    assert np.array_equal(taken.colour[1:, :2], in_memory.colour[[20, 8], :2])


def test_blocks_have_all_rows_in_order(in_memory: FeatureTable, on_disk: FeatureTable) -> None:
    places, blocks = zip(*on_disk.blocks(10), strict=True)
    assert [(rows.start, rows.stop) for rows in places] == [(0, 10), (10, 20), (20, ROWS)]
    assert same(FeatureTable.concatenate(blocks), in_memory)


def test_a_table_may_have_no_rows(tmp_path: Path) -> None:
    writer = FeatureWriter(tmp_path)
    writer.append(FeatureTable.empty(6, 4))
    assert same(writer.close().load(), FeatureTable.empty(6, 4))
    with pytest.raises(ValueError, match="at least one block"):
        FeatureWriter(tmp_path / "other").close()


def test_a_writer_takes_no_rows_of_another_width(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "rows.npy", 3) as writer:
        writer.append(np.ones((2, 3), np.float32))
        with pytest.raises(ValueError, match="3 columns"):
            writer.append(np.ones((2, 4), np.float32))
    assert DiskArray(tmp_path / "rows.npy").shape == (2, 3)


def test_a_new_table_replaces_an_earlier_one(
    in_memory: FeatureTable, on_disk: FeatureTable
) -> None:
    writer = FeatureWriter(on_disk.max_pooled.path.parent)
    writer.append(in_memory.take(np.arange(2)))
    assert len(writer.close()) == 2


def test_augmented_features_of_some_products_are_found_by_their_new_positions(
    on_disk: FeatureTable,
) -> None:
    augmented = AugmentedFeatures(on_disk.take(np.arange(5)), np.array([7, 2, 9, 2, 4]))
    kept = augmented.of(np.array([2, 4, 8]))
    assert kept.products.tolist() == [0, 0, 1]
    assert np.array_equal(kept.max_pooled[:], on_disk.max_pooled[[1, 3, 4]])
