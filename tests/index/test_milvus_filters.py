"""Milvus: ranges, stock and brands as the search in memory filters them."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.index.catalogue import Catalogue
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE, MemorySearch
from recommender.index.manifest import Manifest

pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")


def opened(folder: Path) -> Catalogue:
    manifest = Manifest.read(folder)
    pictures = folder / "pictures.parquet"
    return Catalogue(
        folder / CATALOGUE_FILE,
        manifest.attributes,
        manifest.filters,
        pictures if pictures.name in manifest.files else None,
    )


def test_ranges_stock_and_brands_pass_the_same_products(
    shop_index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from recommender.index.milvus_search import MilvusSearch, lineage_of

    catalogue, vectors = opened(shop_index), shop_index / VECTORS_FILE
    caplog.set_level(logging.INFO, "recommender")
    # An earlier index of the same products had no prices.
    arguments = (str(tmp_path / "milvus.db"), None, vectors)
    without = opened(shop_index)
    without.offers.numbers.clear()
    without._filters.numbers.clear()
    manifest = Manifest.read(shop_index)
    MilvusSearch(*arguments, without, lineage_of(manifest, without))
    milvus = MilvusSearch(*arguments, catalogue, lineage_of(manifest, catalogue))
    said = [r.message for r in caplog.records if r.message.startswith("Filling")]
    assert len(set(said)) == 2, "a collection with a field for the price is filled"
    memory = MemorySearch(vectors, catalogue)
    query = memory.vectors([20])[0]
    cases: list[dict[str, Any]] = [
        {"price": {"min": 20, "max": 50}},
        {"price": {"max": 10.0}},
        {"price": {"min": 0.1 + 0.2}},
        {"availability": "in_stock", "price": {"min": 30}},
        {"brand": ["Acme", "Côte <Sud>"], "availability": ["preorder", "out_of_stock"]},
    ]
    for filters in cases:
        one, other = memory.search(query, 40, filters), milvus.search(query, 40, filters)
        assert one.positions.tolist() == other.positions.tolist(), filters
        assert np.allclose(one.scores, other.scores, atol=1e-5)
        assert len(one.positions)
