"""The map of a catalogue, laid out by a sample of its items."""

from pathlib import Path

import numpy as np
import pytest

from recommender.embedding.vectors import normalised
from recommender.features.table import ArrayWriter, DiskArray
from recommender.training import projection
from recommender.training.projection import lay_out

ITEMS, GROUPS = 150, 3


@pytest.fixture(scope="module")
def groups() -> np.ndarray:
    return np.arange(ITEMS) % GROUPS


@pytest.fixture(scope="module")
def vectors(groups: np.ndarray) -> np.ndarray:
    """Three tight groups of directions."""
    random = np.random.default_rng(0)
    return normalised(np.eye(8)[groups] + random.normal(0, 0.05, (ITEMS, 8)))


def as_they_are(rows: np.ndarray) -> np.ndarray:
    return rows


def test_similar_items_lie_together(
    vectors: np.ndarray, groups: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "LANDMARKS", 60)  # the others are placed among these
    monkeypatch.setattr(projection, "_ROWS", 40)
    places = lay_out(vectors, as_they_are)
    assert places.shape == (ITEMS, 2)
    assert 0 <= places.min() <= places.max() <= 1
    centres = np.stack([places[groups == g].mean(axis=0) for g in range(GROUPS)])
    nearest = np.linalg.norm(places[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == groups).mean() > 0.95


def test_vectors_on_disk_are_laid_out_like_those_in_memory(
    vectors: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "LANDMARKS", 60)
    with ArrayWriter(tmp_path / "vectors.npy", vectors.shape[1]) as writer:
        writer.append(vectors)
    on_disk = lay_out(DiskArray(tmp_path / "vectors.npy"), as_they_are)
    assert np.array_equal(on_disk, lay_out(vectors, as_they_are))


def test_three_items_lie_in_a_row() -> None:
    places = lay_out(np.eye(3, dtype=np.float32), as_they_are)
    assert places.tolist() == [[0.25, 0.5], [0.5, 0.5], [0.75, 0.5]]
