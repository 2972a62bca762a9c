"""Search engines that the benchmark compares: each finds the neighbours, as well as it promises."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("psutil")
from benchmarks.brute_force import exact_neighbours, recall
from benchmarks.engine_worker import EFFORTS, ENGINES
from benchmarks.engines import Point, draw, table
from benchmarks.samples import Samples
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE
from tests.support.drawn_products import write_catalogue_of

MODULES = {"FAISS flat": "faiss", "FAISS HNSW": "faiss", "USearch": "usearch", "hnswlib": "hnswlib"}
PRODUCTS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors of length one, and their catalogue."""
    folder = tmp_path_factory.mktemp("products")
    rows = np.random.default_rng(0).standard_normal((PRODUCTS, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    np.save(folder / VECTORS_FILE, rows, allow_pickle=False)
    write_catalogue_of(folder / CATALOGUE_FILE, PRODUCTS, {})
    return folder


@pytest.mark.parametrize("engine", ENGINES)
def test_the_most_effort_of_an_engine_finds_what_brute_force_finds(
    folder: Path, engine: str
) -> None:
    if engine in MODULES:
        pytest.importorskip(MODULES[engine])
    vectors = np.load(folder / VECTORS_FILE, allow_pickle=False)
    queries = vectors[:20] + np.float32(0.05)
    search = list(ENGINES[engine](folder).values())[-1]()
    found = np.array([search(query) for query in queries])
    # The 8-bit graph confuses neighbours that are nearly equally far.
    least = 0.85 if engine == "USearch" else 0.99
    assert recall(found, exact_neighbours(vectors, queries)) >= least


def test_table_and_chart_show_every_engine_and_effort(tmp_path: Path) -> None:
    efforts = {engine: [f"ef {effort}" for effort in EFFORTS] for engine in ENGINES}
    points = [
        Point(engine, effort, Samples((1.0 + n, 2.0, 3.0)), 0.9, 120.0, 4.0)
        for engine, own in efforts.items()
        for n, effort in enumerate(own)
    ]
    rows = table(points).splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [
        f"{point.engine}, {point.effort}" for point in points
    ]
    draw(points, PRODUCTS, 16, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
