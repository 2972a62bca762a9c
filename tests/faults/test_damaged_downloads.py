"""Damaged and half copies in the Hub's cache: downloaded again, once, and then refused."""

import json
import logging
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download

from recommender.errors import HubError, IndexFormatError
from recommender.hub import client, push_index
from recommender.settings import read_settings
from recommender.startup import Source, load_index
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401

REPO = "someone/index"
AGAIN = "Downloading it again, once."


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_PAUSES_SECONDS", (0.01,))


def start(revision: str = "") -> Source:
    """The index that a start of the app finds."""
    return load_index(read_settings({"INDEX_REPO_ID": REPO, "INDEX_REVISION": revision}))


@pytest.mark.parametrize("name", ["vectors.npy", "encoder/encoder.bin", "manifest.json"])
def test_a_damaged_file_is_downloaded_again_once(
    hub_server: HubServer, index: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    commit = push_index(index, REPO).commit
    source = start(commit)
    blob = (source.index.folder / name).resolve()
    blob.write_bytes(blob.read_bytes()[:-4] + b"dust")
    caplog.set_level(logging.INFO, "recommender")
    source = start(commit)
    assert len(source.index.catalogue) == 29
    assert AGAIN in caplog.text
    hub_server.requests.clear()
    caplog.clear()
    start(commit)
    assert AGAIN not in caplog.text
    assert hub_server.requests == []


def test_a_copy_that_another_program_left_half_is_completed(
    hub_server: HubServer, index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    commit = push_index(index, REPO).commit
    hf_hub_download(REPO, "manifest.json", revision=commit)
    caplog.set_level(logging.INFO, "recommender")
    source = start(commit)
    assert len(source.index.catalogue) == 29
    assert AGAIN in caplog.messages[-1]


def test_an_index_that_is_damaged_on_the_hub_is_refused_after_one_more_download(
    hub_server: HubServer, index: Path
) -> None:
    (index / "vectors.npy").write_bytes(b"dust")
    push_index(index, REPO)
    with pytest.raises(IndexFormatError, match=r"damaged from the Hub as well: publish it again"):
        start()
    assert hub_server.count("manifest.json", "GET") == 2


def test_a_damaged_copy_without_the_hub_is_a_sentence(hub_server: HubServer, index: Path) -> None:
    commit = push_index(index, REPO).commit
    source = start(commit)
    (source.index.folder / "vectors.npy").resolve().write_bytes(b"dust")
    hub_server.stop()
    with pytest.raises(HubError, match=r"cannot be reached"):
        start(commit)


def test_an_index_of_a_newer_format_is_not_downloaded_again(
    hub_server: HubServer, index: Path
) -> None:
    manifest = json.loads((index / "manifest.json").read_text())
    (index / "manifest.json").write_text(json.dumps({**manifest, "format_version": 9}))
    push_index(index, REPO)
    with pytest.raises(IndexFormatError, match=r"format version 9.*Update the program"):
        start()
    assert hub_server.count("manifest.json", "GET") == 1
