"""Build an index, publish it, start the app from the Hub's repository, and ask it: one story."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file

from tests.support.drawn_products import draw_product, write_picture_folder
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = "somebody/shop-index"
START_SECONDS = 120


def script(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.tiny_network", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_app(log: Path, **environment: str) -> Iterator[str]:
    """The app as a person starts it; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.support.tiny_network", "app.py"]
    everything = {**os.environ, **environment, "PORT": str(port)}
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=everything, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if httpx.get(f"{address}/config").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        else:
            pytest.fail(f"the app did not start:\n{log.read_text()}")
        yield address
    finally:
        process.terminate()
        process.wait(20)


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
    with running_app(log, INDEX_REPO_ID=REPOSITORY) as address:
        again = Client(address, verbose=False).predict(handle_file(photo), api_name="/recommend")[1]
        assert [r["id"] for r in again] == [r["id"] for r in results]
    assert "The Hub cannot be reached" in log.read_text()
