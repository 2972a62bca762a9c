"""`MILVUS_URI=FILE python app.py`: the answers of the search in memory, from Milvus Lite."""

import re
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import Client, handle_file

from tests.conftest import Served
from tests.support.drawn_products import draw_product
from tests.support.programs import running_app

pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")
from recommender.index.folder import open_index
from recommender.index.milvus_search import MilvusSearch

WOMEN = {"gender": "Women", "baseColour": ["Red", "Blue"]}
MIX = [{"id": "p0", "style": 1, "colour": 0}, {"id": "p4", "style": 0, "colour": 1}]
# In distance, the sixth digit differs between the two ways to add up the same products.
DIGITS = 4


def calls(photo: Path) -> dict[str, dict[str, Any]]:
    """A call of each kind, by what it shows; k leaves no tie across the last place."""
    return {
        "a search": {"image": handle_file(photo), "k": 7, "api_name": "/recommend"},
        "filters": {"image": handle_file(photo), "filters": WOMEN, "api_name": "/recommend"},
        "more like it": {"item_id": "p3", "k": 9, "filters": WOMEN, "api_name": "/similar"},
        "a mix": {"items": MIX, "colour_weight": 0.4, "api_name": "/mix"},
    }


def ties_aside(results: list[dict[str, Any]]) -> list[tuple[float, set[str]]]:
    """Distances with the products at each; those at the last distance may go on beyond k."""
    ranked = groupby(results, lambda result: round(result["distance"], DIGITS))
    groups = [(distance, {result["id"] for result in same}) for distance, same in ranked]
    return [*groups[:-1], (groups[-1][0], set())]


@pytest.fixture(scope="module")
def expected(served: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    photo = tmp_path_factory.mktemp("photo") / "photo.png"
    draw_product("Handbags", "Blue", 500).save(photo)
    client = Client(served.address, verbose=False)
    answers = {name: client.predict(**call)[1] for name, call in calls(photo).items()}
    return {"photo": photo, **answers}


def test_the_app_answers_from_milvus_as_from_memory_and_fills_it_once(
    small_index: Path,
    expected: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file, log = str(tmp_path / "milvus.db"), tmp_path / "app.log"
    settings = {
        "INDEX_DIR": str(small_index),
        "MILVUS_URI": file,
        "MILVUS_TOKEN": "of a server; a file asks for none",
        "MILVUS_INDEX": "flat",
    }
    with running_app(log, **settings) as address:
        client = Client(address, verbose=False)
        for name, call in calls(expected["photo"]).items():
            results = client.predict(**call)[1]
            assert ties_aside(results) == ties_aside(expected[name]), name
    assert "Filling the Milvus collection" in log.read_text()
    assert re.search(r"Filled it with 48 pictures, [0-9,]+ a second", log.read_text())

    with caplog.at_level("INFO"):
        index = open_index(small_index, milvus=(file, None), milvus_index="HNSW")
    assert "Filling" not in caplog.text
    assert isinstance(index.search, MilvusSearch)
    assert kind_of_index(index.search) == "HNSW"
    in_memory = open_index(small_index)
    for position in (0, 7, 30):
        query = in_memory.search.vectors([position])[0]
        found = index.search.search(query, 5, {"gender": ["Women"]})
        exact = in_memory.search.search(query, 5, {"gender": ["Women"]})
        np.testing.assert_allclose(found.scores, exact.scores, atol=1e-4)


def kind_of_index(search: MilvusSearch) -> str:
    (name,) = search._client.list_indexes(search.collection)
    return str(search._client.describe_index(search.collection, name)["index_type"])
