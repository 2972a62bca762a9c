"""The search over several pictures of a product: the products that brute force finds."""

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import IndexFormatError
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import MemorySearch, VectorSearch
from tests.support.drawn_products import write_catalogue_of, write_pictures_of

N, D = 800, 32
RANDOM = np.random.default_rng(0)
COUNTS = RANDOM.integers(1, 6, N).tolist()
OWNERS = np.repeat(np.arange(N), COUNTS)
NUMBERS = np.concatenate([np.arange(count) for count in COUNTS])
GENDERS = [("Men", "Women", None)[i % 3] for i in range(N)]
COLOURS = [
    ["Red", "Blue"] if i % 4 == 0 else ["Red"] if i % 4 == 1 else ["Green"] for i in range(N)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    several = [json.dumps({"colour": c}) if len(c) > 1 else None for c in COLOURS]
    texts = [", ".join(colours) for colours in COLOURS]
    write_catalogue_of(
        folder / "catalogue.parquet",
        N,
        {"gender": GENDERS, "colour": texts},
        {"several_values": several},
    )
    write_pictures_of(folder / "pictures.parquet", COUNTS)
    rows = np.random.default_rng(1).standard_normal((len(OWNERS), D)).astype(np.float32)
    # Copies and near copies, also among the pictures of one product.
    rows[50:60] = rows[7]
    rows[200:260] = rows[9] + 1e-4 * np.random.default_rng(2).standard_normal((60, D))
    np.save(folder / "vectors.npy", rows / np.linalg.norm(rows, axis=1, keepdims=True))
    return folder


@pytest.fixture(scope="module")
def catalogue(folder: Path) -> Catalogue:
    names = ("gender", "colour")
    return Catalogue(folder / "catalogue.parquet", names, names, folder / "pictures.parquet")


@pytest.fixture(scope="module")
def search(folder: Path, catalogue: Catalogue) -> MemorySearch:
    return MemorySearch(folder / "vectors.npy", catalogue)


def brute_force(
    folder: Path, query: np.ndarray, k: int, allowed: np.ndarray
) -> tuple[list[int], list[int]]:
    """Products and numbers of their best pictures."""
    scores = np.einsum("nd,d->n", np.load(folder / "vectors.npy"), query)
    order = np.lexsort((np.arange(len(scores)), -scores))
    found: dict[int, int] = {}
    for row in order[allowed[OWNERS[order]]]:
        found.setdefault(int(OWNERS[row]), int(NUMBERS[row]))
    return list(found)[:k], list(found.values())[:k]


FILTERS = {
    "all": ({}, np.ones(N, bool)),
    "men": ({"gender": "Men"}, np.arange(N) % 3 == 0),
    "blue, one of several": ({"colour": "Blue"}, np.arange(N) % 4 == 0),
    "both": (
        {"gender": ["Men", "Women"], "colour": ["Blue", "Red"]},
        (np.arange(N) % 3 < 2) & (np.arange(N) % 4 < 2),
    ),
}


def query_of(seed: int) -> np.ndarray:
    query = np.random.default_rng(seed).standard_normal(D).astype(np.float32)
    return query / np.linalg.norm(query)


def check(search: VectorSearch, folder: Path, seed: int, k: int, name: str) -> None:
    filters, allowed = FILTERS[name]
    allowed = allowed.copy()
    out = np.random.default_rng(seed).integers(0, N, 5).tolist()
    allowed[out] = False
    query = np.load(folder / "vectors.npy")[9] if seed == 0 else query_of(seed)
    found = search.search(query, k, filters, out)
    positions, pictures = brute_force(folder, query, k, allowed)
    assert found.positions.tolist() == positions
    assert found.pictures.tolist() == pictures
    rows = np.cumsum(COUNTS)[positions] - np.array(COUNTS)[positions] + pictures
    exact = np.load(folder / "vectors.npy")[rows] @ query
    assert np.allclose(found.scores, exact, atol=1e-5)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("seed", range(8))
def test_products_and_their_best_pictures_are_those_of_brute_force(
    search: MemorySearch, folder: Path, seed: int, name: str
) -> None:
    for k in (1, 10, 100):
        check(search, folder, seed, k, name)


def test_all_products_come_back_once_where_all_are_asked_for(search: MemorySearch) -> None:
    found = search.search(query_of(3), 2 * N, {})
    assert sorted(found.positions.tolist()) == list(range(N))


def test_nothing_comes_back_where_nothing_passes(search: MemorySearch) -> None:
    found = search.search(query_of(3), 5, {"colour": "Blue"}, list(range(0, N, 4)))
    assert (len(found.positions), len(found.pictures)) == (0, 0)


def test_vectors_are_those_of_main_pictures(search: MemorySearch, folder: Path) -> None:
    stored = np.load(folder / "vectors.npy")
    first = np.cumsum(COUNTS) - COUNTS
    assert np.array_equal(search.vectors([3, 700]), stored[first[[3, 700]]])
    assert np.array_equal(search.picture_vectors(700), stored[OWNERS == 700])


def test_milvus_finds_the_same_products(
    search: MemorySearch, catalogue: Catalogue, folder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")
    from recommender.index.milvus_search import MilvusSearch

    arguments = (None, folder / "vectors.npy", catalogue, "fedcba9876543210")
    milvus = MilvusSearch(str(tmp_path / "milvus.db"), *arguments)
    for seed, name in enumerate(FILTERS, 1):
        check(milvus, folder, seed, 40, name)


def test_vectors_of_another_number_of_pictures_are_refused(
    folder: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    np.save(tmp_path / "vectors.npy", np.load(folder / "vectors.npy")[:N])
    with pytest.raises(IndexFormatError, match=rf"for 800 items with {len(OWNERS)} pictures"):
        MemorySearch(tmp_path / "vectors.npy", catalogue)
