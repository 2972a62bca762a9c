"""The exact search: the same neighbours as brute force, filters included."""

import logging
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from recommender.errors import FilterError, IndexFormatError
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import MemorySearch
from tests.support.drawn_products import write_catalogue_of

N, D = 3000, 96
GENDERS = ["Men", "Women", None]


def unit_rows(n: int, d: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def stored() -> np.ndarray:
    """Random directions, plus copies and near copies that rounding to 8 bits cannot tell apart."""
    rows = unit_rows(N, D, seed=1)
    rows[100:120] = rows[7]
    rows[200:260] = rows[9] + 1e-4 * np.random.default_rng(2).standard_normal((60, D))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.parquet"
    labels = [GENDERS[i % 3] for i in range(N)]
    write_catalogue_of(path, N, {"gender": labels, "kind": [f"kind {i % 40}" for i in range(N)]})
    return Catalogue(path, ("gender", "kind"), ("gender", "kind"))


@pytest.fixture(scope="module")
def search(
    stored: np.ndarray, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> MemorySearch:
    path = tmp_path_factory.mktemp("vectors") / "vectors.npy"
    np.save(path, stored)
    return MemorySearch(path, catalogue)


def brute_force(stored: np.ndarray, query: np.ndarray, k: int, allowed: np.ndarray) -> list[int]:
    scores = np.where(allowed, stored.astype(np.float64) @ query.astype(np.float64), -np.inf)
    return np.lexsort((np.arange(len(scores)), -scores.round(7)))[:k].tolist()


@pytest.mark.parametrize("seed", range(30))
def test_neighbours_are_those_of_brute_force(
    search: MemorySearch, stored: np.ndarray, seed: int
) -> None:
    query = unit_rows(1, D, seed + 100)[0]
    found = search.search(query, 10, {})
    assert found.positions.tolist() == brute_force(stored, query, 10, np.ones(N, bool))
    assert np.allclose(found.scores, stored[found.positions] @ query, atol=1e-6)


def test_order_is_that_of_euclidean_distance(search: MemorySearch, stored: np.ndarray) -> None:
    query = unit_rows(1, D, 5)
    nearest = NearestNeighbors(n_neighbors=5, algorithm="brute", metric="euclidean").fit(stored)
    expected = nearest.kneighbors(query, return_distance=False)[0].tolist()
    assert search.search(query[0], 5, {}).positions.tolist() == expected


def test_near_copies_closer_than_rounding_are_told_apart(
    search: MemorySearch, stored: np.ndarray
) -> None:
    found = search.search(stored[9], 61, {})
    exact = (stored.astype(np.float64) @ stored[9])[found.positions]
    assert set(found.positions.tolist()) == {9, *range(200, 260)}
    assert np.all(np.diff(exact) <= 5e-7)
    assert np.all(np.diff(found.scores) <= 0)


def test_equal_items_come_in_the_order_of_the_catalogue(
    search: MemorySearch, stored: np.ndarray
) -> None:
    assert search.search(stored[7], 5, {}).positions.tolist() == [7, 100, 101, 102, 103]


def test_k_results_pass_the_filter_whenever_k_exist(
    search: MemorySearch, stored: np.ndarray
) -> None:
    query = unit_rows(1, D, 8)[0]
    found = search.search(query, 20, {"gender": "Men", "kind": ["kind 3", "kind 6"]})
    index = np.arange(N)
    allowed = (index % 3 == 0) & np.isin(index % 40, [3, 6])
    assert found.positions.tolist() == brute_force(stored, query, 20, allowed)


def test_fewer_come_back_only_where_fewer_exist(search: MemorySearch) -> None:
    found = search.search(unit_rows(1, D, 8)[0], 100, {"gender": "Women", "kind": "kind 1"})
    assert len(found.positions) == sum(1 for i in range(N) if i % 3 == 1 and i % 40 == 1)


def test_excluded_items_do_not_come_back(search: MemorySearch, stored: np.ndarray) -> None:
    assert search.search(stored[7], 2, {}, exclude=[7, 100]).positions.tolist() == [101, 102]


def test_scaling_a_query_scales_scores_and_keeps_the_order(search: MemorySearch) -> None:
    query = unit_rows(1, D, 8)[0]
    one, other = search.search(query, 5, {}), search.search(query * 0.25, 5, {})
    assert one.positions.tolist() == other.positions.tolist()
    assert np.allclose(one.scores, other.scores * 4, atol=1e-6)


def test_unknown_filter_is_a_sentence_that_names_the_known_ones(search: MemorySearch) -> None:
    query = unit_rows(1, D, 8)[0]
    with pytest.raises(FilterError, match=r"no filter 'size'.*gender, kind"):
        search.search(query, 5, {"size": "XL"})
    with pytest.raises(FilterError, match=r"No product has gender 'Robots'.*Men"):
        search.search(query, 5, {"gender": "Robots"})


def test_vectors_of_another_catalogue_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", unit_rows(10, D, 0))
    with pytest.raises(IndexFormatError, match=r"\(10, 96\) for 3000 items with 3000 pictures"):
        MemorySearch(tmp_path / "vectors.npy", catalogue)


def test_a_pickle_in_place_of_vectors_is_never_loaded(catalogue: Catalogue, tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(IndexFormatError, match=r"vectors\.npy of the index is damaged"):
        MemorySearch(tmp_path / "vectors.npy", catalogue)


def test_milvus_finds_the_same_neighbours(
    search: MemorySearch,
    catalogue: Catalogue,
    stored: np.ndarray,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")
    from recommender.index.milvus_search import MilvusSearch

    np.save(tmp_path / "vectors.npy", stored)
    caplog.set_level(logging.INFO, "recommender")
    arguments = (None, tmp_path / "vectors.npy", catalogue, "0123456789abcdef")
    milvus = MilvusSearch(str(tmp_path / "milvus.db"), *arguments)
    for filters in ({}, {"gender": "Men"}, {"gender": ["Men", "Women"], "kind": "kind 4"}):
        query = unit_rows(1, D, 21)[0]
        one, other = search.search(query, 7, filters, [3]), milvus.search(query, 7, filters, [3])
        assert one.positions.tolist() == other.positions.tolist()
        assert np.allclose(one.scores, other.scores, atol=1e-5)
    # Milvus Lite logs about itself, too.
    filled = [r.message for r in caplog.records if r.name.startswith("recommender")]
    assert filled[0] == "Filling the Milvus collection fashion_0123456789abcdef."
    assert re.fullmatch(r"Filled it with 3,000 pictures, [0-9,]+ a second\.", filled[1])
    MilvusSearch(str(tmp_path / "milvus.db"), *arguments)
    again = [r.message for r in caplog.records if r.name.startswith("recommender")]
    assert again == filled, "a collection that is full is not filled again"
