"""Memory of a build with synthetic features: every stage is built, and its memory printed."""

from pathlib import Path

import pytest

pytest.importorskip("psutil")
from benchmarks import building_memory
from recommender.index.folder import open_index
from tests.support.tiny_network import tiny_backbone

PRODUCTS = 200


def test_every_stage_of_the_build_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building_memory, "AUGMENTED", 100)
    for steps in ("head.STYLE_STEPS", "head.COLOUR_STEPS", "text_head.LEAST_STEPS"):
        monkeypatch.setattr(f"recommender.training.{steps}", 10)
    with tiny_backbone():
        building_memory.measure(tmp_path, PRODUCTS, "efficientnet-lite0", "imagenet")

    lines = [line.split(" peak ") for line in capsys.readouterr().out.splitlines()]
    peaks = {line[0].strip(): float(line[1].split()[0].replace(",", "")) for line in lines[:-1]}
    assert {"augmented", "head", "vectors", "map", "quality", "words", "write"} <= set(peaks)
    assert all(megabytes > 50 for megabytes in peaks.values())  # Python with its libraries
    assert open_index(tmp_path / "index").manifest.items == PRODUCTS
