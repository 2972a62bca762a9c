"""`MILVUS_URI=FILE python app.py`: the answers of the search in memory, from Milvus Lite."""

from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file

from tests.conftest import Served
from tests.support.drawn_products import draw_product
from tests.support.programs import running_app

pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")

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


def test_the_app_answers_from_milvus_as_from_memory_also_when_started_again(
    small_index: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    settings = {
        "INDEX_DIR": str(small_index),
        "MILVUS_URI": str(tmp_path / "milvus.db"),
        "MILVUS_TOKEN": "of a server; a file asks for none",
    }
    for start, filled in (("first", True), ("second", False)):
        log = tmp_path / f"{start}.log"
        with running_app(log, **settings) as address:
            client = Client(address, verbose=False)
            for name, call in calls(expected["photo"]).items():
                results = client.predict(**call)[1]
                assert ties_aside(results) == ties_aside(expected[name]), f"{name}, {start} start"
        assert ("Filling the Milvus collection" in log.read_text()) == filled
