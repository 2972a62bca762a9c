"""Build an index, publish it, start the app from the Hub's repository, and ask it: one story."""

import json
from pathlib import Path

from gradio_client import Client, handle_file

from recommender.answers.recommender import Recommender
from recommender.settings import read_settings
from recommender.startup import load_index
from tests.support.drawn_products import draw_product, write_picture_folder
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401
from tests.support.programs import running_app, script

REPOSITORY = "somebody/shop-index"


def test_from_pictures_to_an_answer_through_the_hub(hub_server: HubServer, tmp_path: Path) -> None:
    shop = write_picture_folder(tmp_path / "shop", 24)
    out = tmp_path / "index"
    options = ["--backbone", "efficientnet-lite0", "--engine", "openvino", "--push-to", REPOSITORY]
    built = script("scripts/build_index.py", "--dataset", shop, "--out", out, *options)
    assert built.returncode == 0, built.stderr
    commit = built.stdout.split("INDEX_REVISION=")[1].split()[0]
    assert hub_server.repository(REPOSITORY).commits[-1].oid == commit

    photo = tmp_path / "photo.png"
    draw_product("Handbags", "Blue", 500).save(photo)
    hub = {"INDEX_REPO_ID": REPOSITORY, "INDEX_REVISION": commit}
    log = tmp_path / "app.log"
    with running_app(log, **hub) as address:
        client = Client(address, verbose=False)
        gallery, results = client.predict(handle_file(photo), api_name="/recommend")[:2]
        assert len(gallery) == len(results) == 5
        assert [r["rank"] for r in results] == [1, 2, 3, 4, 5]

    asked = script("scripts/recommend.py", photo, "--index", REPOSITORY, "--json")
    assert asked.returncode == 0, asked.stderr
    assert [r["id"] for r in results] == [r["id"] for r in json.loads(asked.stdout)]

    hub_server.stop()
    source = load_index(read_settings({"INDEX_REPO_ID": REPOSITORY}))
    again = Recommender(source.index).recommend(photo).results
    assert [r.id for r in again] == [r["id"] for r in results]
    assert "The Hub cannot be reached" in source.notices[0]
