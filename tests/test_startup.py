"""Which index is served; for what the Hub's cache has to do with it, see `tests/faults`."""

from pathlib import Path

import pytest

from recommender import startup
from recommender.errors import IndexFormatError
from recommender.settings import read_settings
from recommender.startup import load_index
from tests.support.tiny_graph import silent


def test_an_index_folder_is_served_without_a_notice(small_index: Path) -> None:
    source = load_index(read_settings({"INDEX_DIR": str(small_index)}), silent)
    assert source.index.folder == small_index
    assert source.notices == ()


def test_without_settings_the_demo_that_comes_along_is_served_and_names_its_network() -> None:
    source = load_index(read_settings({}), silent)
    assert source.index.folder == startup.DEMO_INDEX
    assert source.index.manifest.dataset == "demo catalogue"
    [notice] = source.notices
    assert "drawn by the program" in notice
    assert source.index.backbone.title in notice
    assert "INDEX_REPO_ID or INDEX_DIR" in notice


def test_a_damaged_demo_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(startup, "DEMO_INDEX", tmp_path / "demo_index")
    with pytest.raises(IndexFormatError, match="is not an index"):
        load_index(read_settings({}), silent)
