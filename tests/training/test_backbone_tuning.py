"""Fine-tuning of a backbone: it learns, goes on after an interruption, and refuses other states."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.errors import SettingsError

keras = pytest.importorskip("keras")
from recommender.features.backbones.network import describe  # noqa: E402
from recommender.training import backbone_tuning  # noqa: E402
from recommender.training.backbone_tuning import Batch, Checkpoint, tune_backbone  # noqa: E402

layers = keras.layers
SIDE, KINDS = 16, 3
STEPS = (2, 3)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backbone_tuning, "BATCH", 16)
    monkeypatch.setattr(backbone_tuning, "PART", 8)
    monkeypatch.setattr(backbone_tuning, "ROUND", 1)


def network(folder: Path) -> Any:
    keras.utils.set_random_seed(1)
    first = [keras.Input((SIDE, SIDE, 3)), layers.Rescaling(1 / 255)]
    rest = [layers.Conv2D(8, 4, 4), layers.BatchNormalization(), layers.ReLU()]
    keras.Sequential([*first, *rest]).save(folder / "tiny.keras")
    return describe(str(folder / "tiny.keras"), "imagenet")[1]


def codes() -> list[np.ndarray]:
    return [np.arange(30) % KINDS]


def batches(step: int) -> Iterator[Batch]:
    """Pictures of one colour for each kind, with noise; the same ones for each step."""
    for number in range(step * 2, 1_000):
        random = np.random.default_rng(number)
        kinds = random.integers(0, KINDS, 8)
        pictures = random.integers(0, 120, (8, SIDE, SIDE, 3), dtype=np.uint8)
        pictures[np.arange(8), :, :, kinds] += 60
        yield pictures, (kinds[:, None],)


def tuned(folder: Path, checkpoint: Checkpoint, stop_after: int | None = None) -> Any:
    done: list[int] = []

    def progress(steps: int) -> None:
        done.append(steps)
        if stop_after is not None and sum(done) >= stop_after:
            raise KeyboardInterrupt

    return tune_backbone(network(folder), codes(), batches, STEPS, checkpoint, progress), sum(done)


def test_the_convolutions_learn_and_batch_normalisation_stays(tmp_path: Path) -> None:
    before = network(tmp_path).get_weights()
    after, steps = tuned(tmp_path, Checkpoint(tmp_path / "state.npz", "mine"))
    assert steps == sum(STEPS)
    kernel, bias, *normalisation = after.get_weights()
    for own, old in ((kernel, before[0]), (bias, before[1])):
        assert np.abs(own - old).max() > 1e-5
    for own, old in zip(normalisation, before[2:], strict=True):
        assert np.array_equal(own, old)
    assert after.output_shape == (None, 4, 4, 8)
    assert after.inputs[0].dtype == "uint8"


@pytest.mark.parametrize("stop_after", [1, 2, 4])
def test_an_interrupted_tuning_ends_as_one_that_was_not(tmp_path: Path, stop_after: int) -> None:
    whole, _ = tuned(tmp_path, Checkpoint(tmp_path / "whole.npz", "mine"))
    checkpoint = Checkpoint(tmp_path / "halved.npz", "mine")
    with pytest.raises(KeyboardInterrupt):
        tuned(tmp_path, checkpoint, stop_after)
    again, _ = tuned(tmp_path, checkpoint)
    for one, other in zip(whole.get_weights(), again.get_weights(), strict=True):
        # The dropout of the steps after the interruption is drawn anew.
        assert one == pytest.approx(other, abs=5e-3)


def test_a_state_of_another_tuning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        tuned(tmp_path, Checkpoint(tmp_path / "state.npz", "mine"), stop_after=2)
    with pytest.raises(SettingsError, match="another tuning"):
        tuned(tmp_path, Checkpoint(tmp_path / "state.npz", "yours"))


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"PK\x03\x04"])
def test_a_damaged_state_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.npz").write_bytes(content)
    with pytest.raises(SettingsError, match="is damaged: delete it"):
        tuned(tmp_path, Checkpoint(tmp_path / "state.npz", "mine"))
