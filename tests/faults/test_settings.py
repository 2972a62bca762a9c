"""Settings that are wrong, and users without a home directory."""

import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import constants

from recommender.building.plan import Shard
from recommender.errors import HubError, SettingsError
from recommender.settings import read_settings
from recommender.startup import DEMO_INDEX, load_index

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user id that the system knows nothing about, as containers give out."""

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)


@pytest.mark.parametrize("port", ["²", "٣", "-1", "0", "65536", "9" * 5000, "7860.0", "1e3"])
def test_a_port_that_is_none_is_said_in_a_sentence(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT is a number from 1 to 65535") as caught:
        read_settings({"PORT": port})
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("text", ["²/3", "1/²", "1/" + "9" * 5000, "0/1", "2/1", "1"])
def test_a_shard_that_is_none_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="--shard takes i/n"):
        Shard.parse(text)


def test_without_a_home_directory_an_index_folder_opens(
    homeless: None, tiny: None, sound: Path
) -> None:
    source = load_index(read_settings({"INDEX_DIR": str(sound)}))
    assert source.index.folder == sound


def test_the_network_runs_for_a_user_without_a_home_directory_and_reports_to_nobody() -> None:
    """In a process of its own, because the engine looks for a home when it is imported."""
    program = """
from pathlib import Path
def unknown():
    raise RuntimeError("Could not determine home directory.")
Path.home = unknown
import recommender.index.folder, sys
print(sys.modules["openvino_telemetry"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "None\n", done.stderr


def test_without_a_home_directory_the_demo_opens(homeless: None) -> None:
    assert load_index(read_settings({})).index.folder == DEMO_INDEX


def test_without_a_home_directory_downloads_name_the_variable_to_set(
    homeless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", "~/.cache/huggingface/hub")
    with pytest.raises(HubError, match=r"no home directory.*set HF_HOME to a folder"):
        load_index(read_settings({"INDEX_REPO_ID": "a/b"}))
