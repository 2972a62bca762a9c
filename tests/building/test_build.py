"""Building an index: complete, repeatable, resumable, and the same in shards."""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from recommender.building import encode, processes
from recommender.building.build import Report, build_index, merge_shards
from recommender.building.plan import BuildConfig, Shard
from recommender.commands.build_index import print_report
from recommender.errors import DatasetError, IndexFormatError, SettingsError
from recommender.index.folder import open_index
from recommender.index.manifest import FORMAT_VERSION, Manifest
from recommender.reading.products import Products
from tests.support.drawn_products import write_picture_folder
from tests.support.tiny_network import tiny_backbone

COUNT = 30


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Iterator[None]:
    """The tiny network, and chunks of eight products so that thirty make several."""
    with tiny_backbone(), pytest.MonkeyPatch.context() as patch:
        for module in ("encode", "plan"):
            patch.setattr(f"recommender.building.{module}.CHUNK", 8)
        for module in ("building.encode", "features.extractor"):
            patch.setattr(f"recommender.{module}.BATCH", 4)
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty products: two with a broken picture, and the last a copy of the first."""
    return write_picture_folder(
        tmp_path_factory.mktemp("shop") / "shop", COUNT, broken=(5, 17), copies=True
    )


CONFIG = BuildConfig("shop", backbone="efficientnet-lite0", licence="CC0-1.0", engine="openvino")


def build(shop: Path, out: Path, **changes: object) -> Report:
    return build_index(Products(str(shop)), out, replace(CONFIG, **changes))


@pytest.fixture(scope="module")
def built(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build(shop, tmp_path_factory.mktemp("built") / "index")


def test_every_readable_product_is_in_the_index(built: Report) -> None:
    manifest = Manifest.read(built.folder)
    assert (manifest.items, manifest.skipped, manifest.duplicates) == (28, 2, 1)
    vectors = np.load(built.folder / "vectors.npy", allow_pickle=False)
    assert vectors.shape == (28, manifest.style_dimensions + manifest.colour_dimensions)
    style = vectors[:, : manifest.style_dimensions]
    assert np.allclose(np.linalg.norm(style, axis=1), 1, atol=1e-5)


def test_skipped_products_are_listed_with_their_reasons_beside_the_index(built: Report) -> None:
    assert built.skipped_file == built.folder.with_name("index.skipped.csv")
    rows = list(csv.DictReader(built.skipped_file.open()))
    assert [row["id"] for row in rows] == ["1005", "1017"]
    assert all("picture" in row["reason"] for row in rows)


def test_the_report_says_which_stage_needs_the_memory(
    built: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    print_report(built)

    lines = capsys.readouterr().out.splitlines()
    stages = [line.split() for line in lines if line.endswith(" GB of memory at most so far")]
    assert {"encode", "head", "words", "write"} <= {stage[0] for stage in stages}
    peaks = list(built.stages.memory.values())
    assert peaks == sorted(peaks)
    assert peaks[0] > 50e6  # Python with its libraries


def test_the_catalogue_is_readable_without_our_code(built: Report) -> None:
    table = pq.read_table(built.folder / "catalogue.parquet")
    assert {"id", "name", "gender", "articleType", "duplicate_of", "map_x", "image"} <= set(
        table.column_names
    )
    assert table["image"][0].as_py()["bytes"].startswith(b"\x89PNG")
    copies = {row["id"]: row["duplicate_of"] for row in table.to_pylist() if row["duplicate_of"]}
    assert copies == {"1029": "1000"}


def test_two_builds_of_the_same_products_are_the_same(
    shop: Path, built: Report, tmp_path: Path
) -> None:
    again = build(shop, tmp_path / "again")
    assert again.manifest
    assert built.manifest
    assert again.manifest.fingerprint == built.manifest.fingerprint
    for name in ("vectors.npy", "catalogue.parquet", "encoder/encoder.bin"):
        assert (again.folder / name).read_bytes() == (built.folder / name).read_bytes(), name


def test_networks_fitted_in_a_process_of_their_own_are_the_same(
    shop: Path, built: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "APART_FROM", 1)
    apart = build(shop, tmp_path / "index")
    assert apart.manifest
    assert built.manifest
    assert apart.manifest.fingerprint == built.manifest.fingerprint


def test_tensorflow_and_openvino_build_the_same_vectors(
    shop: Path, built: Report, tmp_path: Path
) -> None:
    other = build(shop, tmp_path / "index", engine="tensorflow", head="none").folder
    one = build(shop, tmp_path / "other", head="none").folder
    ours, theirs = (np.load(folder / "vectors.npy", allow_pickle=False) for folder in (one, other))
    assert np.allclose(ours, theirs, atol=1e-5)


def test_a_build_stopped_halfway_goes_on_and_ends_the_same(
    shop: Path, built: Report, tmp_path: Path
) -> None:
    out = tmp_path / "index"
    chunks: list[int] = []

    def stop_after_two(*arguments: object) -> None:
        if len(chunks) == 2:
            raise KeyboardInterrupt
        chunks.append(1)
        write(*arguments)

    write = encode._write_chunk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "_write_chunk", stop_after_two)
        with pytest.raises(KeyboardInterrupt):
            build(shop, out)
    assert not out.exists()
    resumed = build(shop, out)
    assert 0 < resumed.timings.encoded < COUNT
    assert resumed.manifest
    assert built.manifest
    assert resumed.manifest.fingerprint == built.manifest.fingerprint


def test_shards_merge_into_the_very_index_of_one_machine(
    shop: Path, built: Report, tmp_path: Path
) -> None:
    out = tmp_path / "index"
    shards = [build(shop, out, shard=Shard(i, 3)).folder for i in (1, 2, 3)]
    assert not out.exists()
    merged = merge_shards(shards[::-1], out, CONFIG)
    assert merged.manifest
    assert built.manifest
    assert merged.manifest.fingerprint == built.manifest.fingerprint
    assert (out / "catalogue.parquet").read_bytes() == (
        built.folder / "catalogue.parquet"
    ).read_bytes()


def test_a_missing_shard_is_named_and_nothing_is_lost(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "index"
    shard = build(shop, out, shard=Shard(1, 2)).folder
    with pytest.raises(DatasetError, match="the first at row 16"):
        merge_shards([shard], out, CONFIG)
    assert (shard / "chunk-00000.arrow").exists()


def test_an_index_that_exists_is_never_overwritten(shop: Path, built: Report) -> None:
    with pytest.raises(SettingsError, match="exists already"):
        build(shop, built.folder)


def test_an_unfinished_build_of_something_else_is_not_gone_on_with(
    shop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.building.build.encode_chunks", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(shop, out)
    with pytest.raises(SettingsError, match="precision was 'f32' and is 'bf16'"):
        build(shop, out, precision="bf16")


def test_a_limit_takes_the_first_products(shop: Path, tmp_path: Path) -> None:
    report = build(shop, tmp_path / "index", limit=4, head="none")
    assert open_index(report.folder).catalogue.ids == ["1000", "1001", "1002", "1003"]


@pytest.mark.parametrize("name", ["vectors.npy", "catalogue.parquet", "encoder/encoder.bin"])
def test_a_missing_or_damaged_file_is_named(built: Report, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(built.folder, tmp_path / "index")
    path = folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexFormatError, match=f"{name} .*checksum differs"):
        open_index(folder)
    path.unlink()
    with pytest.raises(IndexFormatError, match=f"lacks {name}"):
        open_index(folder)


def test_a_newer_format_is_refused_with_a_sentence(built: Report, tmp_path: Path) -> None:
    folder = shutil.copytree(built.folder, tmp_path / "index")
    values = json.loads((folder / "manifest.json").read_text())
    values["format_version"] = FORMAT_VERSION + 1
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(IndexFormatError, match=r"format version 3.*Update the program"):
        open_index(folder)
