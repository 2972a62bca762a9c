"""Encoding on a local Dask cluster of two workers, with the tiny network."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from recommender.building import cluster, encode, plan
from recommender.building.plan import BuildConfig
from recommender.commands import build_index
from recommender.errors import SettingsError
from recommender.features.backbones.registry import get_backbone
from recommender.index.manifest import Manifest
from tests.support.drawn_products import write_picture_folder
from tests.support.few_sentences import few_sentences
from tests.support.small_catalogue import SmallCatalogue
from tests.support.tiny_graph import begin, write_tiny_graph
from tests.support.two_towers import write_two_towers

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

CHUNK = 10  # so that 48 products make five
CONFIG = BuildConfig("drawn products", backbone="efficientnet-lite0", engine="openvino")


@dataclass(frozen=True)
class OpenSmallCatalogue:
    def __call__(self) -> SmallCatalogue:
        return SmallCatalogue()


def make_chunks_small() -> None:
    for module in (cluster, encode, plan):
        module.CHUNK = CHUNK


@pytest.fixture(scope="module", autouse=True)
def small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (cluster, encode, plan):
            patch.setattr(module, "CHUNK", CHUNK)
        yield


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Address of a scheduler with two workers in processes of their own."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0
        ) as local,
        distributed.Client(local) as client,
    ):
        client.run(make_chunks_small)
        yield local.scheduler_address


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Working folder of a build whose network is exported."""
    write_tiny_graph(tmp_path / "graph", get_backbone(CONFIG.backbone))
    return begin(SmallCatalogue(), tmp_path / "index", CONFIG, tmp_path / "graph")


def encoded_here(folder: Path) -> None:
    key = plan.BuildDirectory.read(folder).key
    opened = cluster._opened.__wrapped__(folder, 0, OpenSmallCatalogue())
    encode.encode_chunks(opened[0], range(key.rows), opened[1], folder, lambda done: None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("chunk-*.arrow"))}


def test_workers_encode_what_one_machine_would_and_only_what_is_missing(
    scheduler: str, begun: Path, tmp_path: Path
) -> None:
    alone = begin(SmallCatalogue(), tmp_path / "alone", CONFIG, tmp_path / "graph")
    encoded_here(alone)
    done: list[int] = []
    rows = range(SmallCatalogue().count())
    timings = cluster.encode_on_cluster(scheduler, OpenSmallCatalogue(), rows, begun, done.append)
    assert (timings.encoded, sum(done)) == (48, 48)
    assert len(contents(begun)) == 5
    assert contents(begun) == contents(alone)
    for chunk in sorted(alone.glob("chunk-*.npz")):
        assert (begun / chunk.name).read_bytes() == chunk.read_bytes()
    (begun / "chunk-00002.arrow").unlink()
    resumed = cluster.encode_on_cluster(
        scheduler, OpenSmallCatalogue(), rows, begun, lambda done: None
    )
    assert resumed.encoded == CHUNK
    assert contents(begun) == contents(alone)


def test_the_program_builds_the_index_that_one_machine_would(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = write_picture_folder(tmp_path / "shop", 24)
    network = write_two_towers(tmp_path / "towers")
    options = ["--backbone", str(network), "--head", "none", "--segmenter", "grabcut"]

    def fingerprint(name: str, *further: str) -> str:
        out = ["--dataset", str(shop), "--out", str(tmp_path / name)]
        monkeypatch.setattr(sys, "argv", ["build_index.py", *out, *options, *further])
        build_index.main()
        return Manifest.read(tmp_path / name).fingerprint

    with few_sentences():
        assert fingerprint("by-workers", "--cluster", scheduler) == fingerprint("here")


def test_a_worker_of_another_version_is_refused(scheduler: str, begun: Path) -> None:
    text = (begun / "plan.json").read_text()
    (begun / "plan.json").write_text(text.replace('"chunk": 10', '"chunk": 11'))
    with pytest.raises(SettingsError, match="another version"):
        cluster.encode_on_cluster(
            scheduler, OpenSmallCatalogue(), range(48), begun, lambda done: None
        )


def test_a_folder_that_workers_do_not_see_is_refused(scheduler: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="do not see the folder"):
        cluster.encode_on_cluster(
            scheduler, OpenSmallCatalogue(), range(48), tmp_path / "none", lambda done: None
        )


def test_a_scheduler_that_does_not_answer_is_named(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(SettingsError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.encode_on_cluster(
            "tcp://127.0.0.1:9", OpenSmallCatalogue(), range(48), begun, lambda done: None
        )
