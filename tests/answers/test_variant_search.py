"""Searches over pictures, products and variants: the results that brute force finds."""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from recommender.answers.recommendation import Query
from recommender.answers.recommender import Recommender
from recommender.embedding.head import ClassicHead
from recommender.embedding.vectors import Embedding
from recommender.index.calibration import GRID, Calibration
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import MemorySearch
from tests.support.drawn_products import write_catalogue_of, write_pictures_of

N, D = 500, 24
COLOURS = ["Red", "Blue", "Green"]


@pytest.fixture(scope="module", params=[1, 2])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A catalogue of groups that are near each other, and a recommender over it."""
    random = np.random.default_rng(request.param)
    folder = tmp_path_factory.mktemp("made")
    counts = random.integers(1, 4, N)
    owners = np.repeat(np.arange(N), counts)
    # A third of the products has no group, the others belong to groups of very different sizes.
    numbers = (random.pareto(0.7, N) * 3).astype(int) % 60
    groups = [None if i % 3 == 0 else f"g{number}" for i, number in enumerate(numbers)]
    colours = [COLOURS[i] for i in random.integers(0, 3, N)]
    optional = {"variant_group": groups, "several_values": [json.dumps({})] * N}
    write_catalogue_of(folder / "catalogue.parquet", N, {"colour": colours}, optional)
    write_pictures_of(folder / "pictures.parquet", counts.tolist())
    centres = random.standard_normal((60, D))
    rows = centres[numbers[owners]] + random.standard_normal((len(owners), D))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    np.save(folder / "vectors.npy", vectors)
    names = ["colour"]
    catalogue = Catalogue(folder / "catalogue.parquet", names, names, folder / "pictures.parquet")
    line = Calibration(np.zeros(1, np.float32), ((GRID[None] + 1) / 2).astype(np.float32))
    manifest = SimpleNamespace(colour_dimensions=0, style_dimensions=D, fingerprint="f" * 64)
    search = MemorySearch(folder / "vectors.npy", catalogue)
    index = SimpleNamespace(
        catalogue=catalogue,
        manifest=manifest,
        calibration=line,
        search=search,
        head=ClassicHead(),
        text=None,
    )
    recommender = Recommender(index)  # type: ignore[arg-type]
    return SimpleNamespace(
        recommender=recommender, vectors=vectors, owners=owners, groups=groups, colours=colours
    )


def expected(made: Any, query: np.ndarray, k: int, colour: str | None, out: set[int]) -> list[str]:
    scores = np.einsum("nd,d->n", made.vectors, query)
    found: list[int] = []
    groups: set[str | None] = set()
    for row in np.lexsort((np.arange(len(scores)), -scores)):
        product = int(made.owners[row])
        passes = colour is None or made.colours[product] == colour
        group = made.groups[product]
        if passes and product not in out and product not in found:
            if group is None or group not in groups:
                found.append(product)
            groups.add(group)
    return [str(product) for product in found[:k]]


@pytest.mark.parametrize("colour", [None, "Red"])
@pytest.mark.parametrize("k", [1, 5, 40, 100])
def test_k_products_of_different_groups_come_best_first(
    made: Any, k: int, colour: str | None
) -> None:
    filters = {} if colour is None else {"colour": colour}
    for seed in range(5):
        random = np.random.default_rng(seed)
        query = random.standard_normal(D).astype(np.float32)
        query /= np.linalg.norm(query)
        out = set(random.integers(0, N, 4).tolist())
        answer = made.recommender.search(
            Query(Embedding(query, np.zeros(0, np.float32))), k, filters, exclude=sorted(out)
        )
        assert [r.id for r in answer.results] == expected(made, query, k, colour, out)
        sizes = [made.groups.count(made.groups[int(r.id)]) for r in answer.results]
        grouped = [made.groups[int(r.id)] is not None for r in answer.results]
        assert [r.variants for r in answer.results] == [
            size if own else 1 for size, own in zip(sizes, grouped, strict=True)
        ]
