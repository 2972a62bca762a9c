"""Milvus follows an index by upsert and delete; a version is searched only when it is complete."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import MemorySearch
from tests.support.drawn_products import write_catalogue_of

pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")

from recommender.index import milvus_collection
from recommender.index.milvus_search import MilvusSearch

N, D = 60, 16
LINEAGE = "a lineage of sixteen characters"


class Version:
    """A version of an index: vectors and labels of some rows, both engines over it."""

    def __init__(self, folder: Path, rows: Sequence[int], labels: Mapping[int, str]) -> None:
        folder.mkdir()
        vectors = np.random.default_rng(0).standard_normal((N, D)).astype(np.float32)[rows]
        np.save(folder / "vectors.npy", vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
        kinds = [labels.get(row, f"kind {row % 4}") for row in rows]
        write_catalogue_of(folder / "catalogue.parquet", len(rows), {"kind": kinds})
        self.catalogue = Catalogue(folder / "catalogue.parquet", ("kind",), ("kind",))
        self.path = folder / "vectors.npy"
        self.memory = MemorySearch(self.path, self.catalogue)

    def milvus(self, uri: Path) -> MilvusSearch:
        return MilvusSearch(str(uri), None, self.path, self.catalogue, LINEAGE)


def assert_same(milvus: MilvusSearch, version: Version) -> None:
    for seed in range(4):
        query = np.random.default_rng(seed + 50).standard_normal(D).astype(np.float32)
        for filters in ({}, {"kind": "kind 1"}):
            found = milvus.search(query, 9, filters, [2])
            expected = version.memory.search(query, 9, filters, [2])
            assert found.positions.tolist() == expected.positions.tolist()


class Requests:
    """Rows that the client was asked to write, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.written = 0
        upsert = milvus_collection.MilvusClient.upsert

        def counted(client: Any, name: str, rows: list[dict[str, Any]]) -> Any:
            self.written += len(rows)
            return upsert(client, name, rows)

        monkeypatch.setattr(milvus_collection.MilvusClient, "upsert", counted)


@pytest.fixture
def first(tmp_path: Path) -> Version:
    return Version(tmp_path / "first", range(40), {})


@pytest.fixture
def second(tmp_path: Path) -> Version:
    """Two more rows, three fewer, another label, and all of them in another order."""
    return Version(tmp_path / "second", [*range(41, 2, -1)], {7: "kind 1"})


def test_a_new_version_is_written_by_its_changes_and_the_old_one_stays_searched(
    first: Version, second: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = first.milvus(tmp_path / "milvus.db")
    requests = Requests(monkeypatch)
    new = second.milvus(tmp_path / "milvus.db")
    assert old.collection == new.collection
    assert_same(old, first)
    assert_same(new, second)
    # Ids follow from the place in these catalogues, so that every row but one is another product's.
    assert requests.written <= 2 * 40 + 1
    requests.written = 0
    assert_same(second.milvus(tmp_path / "milvus.db"), second)
    assert requests.written == 0, "what is there is not written again"


def test_one_more_row_is_one_row_written(
    first: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first.milvus(tmp_path / "milvus.db")
    requests = Requests(monkeypatch)
    longer = Version(tmp_path / "longer", range(41), {3: "kind 0"})
    assert_same(longer.milvus(tmp_path / "milvus.db"), longer)
    # The new row, the row whose label changed, twice: as it is and as it was; and the marker.
    assert requests.written == 4


@pytest.mark.parametrize("after", range(4))
def test_a_version_whose_filling_stopped_is_not_searched_and_is_completed(
    first: Version,
    second: Version,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(milvus_collection, "_ROWS", 16)
    old = first.milvus(tmp_path / "milvus.db")
    upsert, calls = milvus_collection.MilvusClient.upsert, iter(range(100))

    def stopped(*arguments: Any) -> Any:
        if next(calls) == after:
            raise KeyboardInterrupt
        return upsert(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(milvus_collection.MilvusClient, "upsert", stopped)
        with pytest.raises(KeyboardInterrupt):
            second.milvus(tmp_path / "milvus.db")
    assert_same(old, first)
    assert_same(first.milvus(tmp_path / "milvus.db"), first)
    third = Version(tmp_path / "third", range(5, 45), {9: "kind 2"})
    caplog.set_level(logging.INFO, "recommender")
    assert_same(third.milvus(tmp_path / "milvus.db"), third)
    assert "Milvus follows" in caplog.text
    assert_same(old, first)
    assert_same(second.milvus(tmp_path / "milvus.db"), second)


def test_rows_of_versions_long_gone_are_deleted(tmp_path: Path) -> None:
    searches = []
    for number in range(4):
        version = Version(tmp_path / str(number), range(number, number + 20), {})
        searches.append((version.milvus(tmp_path / "milvus.db"), version))
    last = searches[-1][0]
    client = milvus_collection.MilvusClient(str(tmp_path / "milvus.db"))
    [found] = client.query(last.collection, filter="born >= 0", output_fields=["count(*)"])
    # The rows of the last two versions, and their markers.
    assert found["count(*)"] <= 2 * 20 + 2
    for milvus, version in searches[-2:]:
        assert_same(milvus, version)
