"""scripts/tune_backbone.py from the command line to an index that is built with the network."""

from pathlib import Path

import numpy as np
import pytest

from recommender.errors import BackboneError
from tests.commands.test_scripts import run
from tests.support.drawn_products import write_picture_folder

keras = pytest.importorskip("keras")
from recommender.building import tuning  # noqa: E402
from recommender.training import backbone_tuning  # noqa: E402

SIDE = 32


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_picture_folder(tmp_path_factory.mktemp("shop") / "shop", 240)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    layers = keras.layers
    keras.utils.set_random_seed(1)
    path = tmp_path_factory.mktemp("network") / "tiny.keras"
    first = [keras.Input((SIDE, SIDE, 3)), layers.Rescaling(1 / 255)]
    keras.Sequential([*first, layers.Conv2D(8, 8, 8), layers.ReLU()]).save(path)
    return path


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backbone_tuning, "BATCH", 16)
    monkeypatch.setattr(backbone_tuning, "PART", 16)


def test_an_index_is_built_with_the_tuned_network(
    shop: Path, backbone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: set[int] = set()
    made = tuning.TuningPictures.__call__

    def counted(self: tuning.TuningPictures, job: tuning.TuningJob) -> np.ndarray:
        shown.add(job.row)
        return made(self, job)

    monkeypatch.setattr(tuning.TuningPictures, "__call__", counted)
    work = ["--work", tmp_path / "work"]
    options = ["--dataset", shop, "--backbone", backbone, "--steps", 4, *work]
    done = run("tune_backbone.py", *options, "--out", tmp_path / "tuned", "--held-out", 40)
    assert done.returncode == 0, done.stderr
    assert "8/8" in done.stderr, "a progress bar"
    assert len(shown) > 80
    assert max(shown) < 200, "forty products are held out"
    network = tmp_path / "tuned" / "network.keras"
    assert sorted(p.name for p in network.parent.iterdir()) == [
        "network.keras",
        "preprocessor_config.json",
    ]
    with_network = ["--backbone", network, "--head", "none", "--out", tmp_path / "index"]
    built = run("build_index.py", "--dataset", shop, *with_network)
    assert built.returncode == 0, built.stderr
    photo = next((shop / "images").iterdir())
    answered = run("recommend.py", photo, "--index", tmp_path / "index")
    assert answered.returncode == 0, answered.stderr

    again = run("tune_backbone.py", *options, "--out", tmp_path / "tuned")
    assert again.returncode != 0
    assert "has a tuned network already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--steps", "0"], "--steps is 0; it should be 1 or more."),
        (["--held-out", "200"], "can be held out of the index"),
        (["--backbone", "nothing.keras"], "The network nothing.keras does not exist."),
        (["--out", __file__], "cannot be written: there is a file of that name."),
        (["--out", "/proc/nothing/here"], "cannot be written: its folder cannot be made."),
    ],
)
def test_what_makes_no_sense_is_a_sentence(
    shop: Path, backbone: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    folders = ["--out", tmp_path / "tuned", "--work", tmp_path / "work"]
    given = ["--dataset", shop, "--backbone", backbone, *folders, *arguments]
    done = run("tune_backbone.py", *given)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_network_that_cannot_be_stored_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    network = keras.Sequential([keras.Input((SIDE, SIDE, 3)), keras.layers.Lambda(lambda x: x)])
    with pytest.raises(BackboneError, match="Lambda"):
        tuning._save(network, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_catalogue_without_labels_is_refused(backbone: Path, tmp_path: Path) -> None:
    pictures = write_picture_folder(tmp_path / "shop", 6) / "images"
    folders = ["--out", tmp_path / "tuned", "--work", tmp_path / "work"]
    done = run("tune_backbone.py", "--dataset", pictures, "--backbone", backbone, *folders)
    assert done.returncode == 1
    assert "no labels to tune a network on" in done.stderr
