"""Manifests that are damaged or hostile: refused in a sentence that names the field."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.errors import IndexFormatError
from recommender.index.files import files_of, sha256
from recommender.index.folder import open_index

CHECKSUM = "0" * 64


def change(index: Path, **values: Any) -> None:
    """Change fields of a manifest; None removes one."""
    manifest = json.loads((index / "manifest.json").read_text(encoding="utf-8"))
    manifest.update(values)
    kept = {name: value for name, value in manifest.items() if value is not ...}
    (index / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")


def test_a_sound_index_opens_and_ignores_fields_of_other_programs(index: Path) -> None:
    change(index, colour_of_the_sky="blue")
    assert len(open_index(index).catalogue) == 29


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"files": []}, "files: input should be an object"),
        ({"files": {"vectors.npy": 3}}, "files → vectors.npy: input should be a valid string"),
        ({"files": {}}, "no checksum of vectors.npy"),
        ({"filters": ["size"]}, "the filter 'size' is not one of its attributes"),
        ({"attributes": "gender"}, "attributes: input should be a valid array"),
        ({"attributes": ["gender", "gender"], "filters": []}, "an attribute is listed twice"),
        ({"attributes": ["map_x"], "filters": []}, "map_x, which is a column of its own"),
        ({"attributes": ["nothing"], "filters": []}, "lacks the columns nothing"),
        ({"items": "29"}, "items: input should be a valid integer"),
        ({"items": True}, "items: input should be a valid integer"),
        ({"items": 0}, "items: input should be greater than"),
        ({"items": 28}, "speaks of 28 items, the catalogue has 29"),
        ({"title": 5}, "title: input should be a valid string"),
        ({"title": ...}, "it lacks title"),
        ({"head": "linear"}, "head: "),
        ({"colour_weight": 2}, "colour_weight: input should be less than or equal to 1"),
        ({"style_dimensions": -1}, "style_dimensions: "),
        ({"quality": {"queries": 3, "precision_at_5": 3}}, "precision_at_5: input should be an"),
        ({"quality": {"precision_at_5": {}}}, "it lacks queries"),
        (
            {"quality": {"queries": 0, "precision_at_5": {}, "words": {"own_among_ten": "all"}}},
            "own_among_ten: input should be a valid number",
        ),
        ({"versions": ["numpy"]}, "versions: input should be an object"),
        ({"format_version": "1"}, "format_version: input should be a valid integer"),
        ({"format_version": 3}, r"format version 3.*Update the program"),
    ],
)
def test_what_a_manifest_has_wrong_is_named(
    index: Path, values: dict[str, Any], sentence: str
) -> None:
    change(index, **values)
    with pytest.raises(IndexFormatError, match=sentence):
        open_index(index)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, "\x00", '{"items": 1}'])
def test_what_is_no_manifest_at_all_is_called_damaged(index: Path, text: str) -> None:
    (index / "manifest.json").write_text(text)
    with pytest.raises(IndexFormatError, match=r"manifest\.json is damaged"):
        open_index(index)


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/hostname", "a/../../secret.txt", "", "C:x"]
)
def test_a_path_out_of_the_folder_is_refused_before_it_is_looked_at(index: Path, name: str) -> None:
    files = json.loads((index / "manifest.json").read_text())["files"]
    change(index, files={**files, name: CHECKSUM})
    with pytest.raises(IndexFormatError, match="leads out of the index folder"):
        open_index(index)


@pytest.mark.parametrize("name", ["catalogue.parquet", "encoder"])
def test_a_link_out_of_the_folder_is_refused_whatever_its_checksum(index: Path, name: str) -> None:
    (index / name).rename(index.with_name("elsewhere"))
    (index / name).symlink_to(index.with_name("elsewhere"))
    with pytest.raises(IndexFormatError, match=r"is a link to a file outside of it"):
        open_index(index)


def test_links_within_the_folder_and_to_the_folder_are_fine(index: Path) -> None:
    (index / "vectors.npy").rename(index / "real.npy")
    (index / "vectors.npy").symlink_to("real.npy")
    link = index.with_name("link")
    link.symlink_to(index)
    assert len(open_index(link).catalogue) == 29


@pytest.mark.parametrize("name", ["head.npz", "calibration.npz", "novelty.npz"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"\x93NUMPY"])
def test_arrays_that_are_none_are_damaged_even_with_the_right_checksum(
    index: Path, name: str, content: bytes
) -> None:
    (index / name).write_bytes(content)
    files = json.loads((index / "manifest.json").read_text())["files"]
    head = "learned" if name == "head.npz" else "none"
    change(index, files={**files, name: sha256(index / name)}, head=head)
    with pytest.raises(IndexFormatError, match=f"{name} of the index is missing or damaged"):
        open_index(index)


def rewritten(index: Path, name: str, change: Callable[[dict[str, np.ndarray]], object]) -> None:
    """Change the arrays of a file, and set its checksum right."""
    with np.load(index / name) as stored:
        arrays = dict(stored)
    change(arrays)
    np.savez(index / name, allow_pickle=False, **arrays)
    checked(index)


def checked(index: Path) -> None:
    """Set the checksums of all files right."""
    change(index, files=files_of(index))


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("calibration.npz", lambda a: a.update(curves=a["curves"][:, :7])),
        ("calibration.npz", lambda a: a.update(curves=a["curves"] * np.nan)),
        ("novelty.npz", lambda a: a.update(mean=a["mean"][:3])),
        ("novelty.npz", lambda a: a.update(weights=np.array(["much"]))),
    ],
)
def test_arrays_of_other_sizes_are_refused_before_a_search_fails(
    index: Path, name: str, harm: Callable[[dict[str, np.ndarray]], object]
) -> None:
    rewritten(index, name, harm)
    with pytest.raises(IndexFormatError, match=f"{name} of the index in .* does not fit"):
        open_index(index)


def test_a_head_of_another_network_is_refused(small_index: Path, tmp_path: Path) -> None:
    own = tmp_path / "learned"
    shutil.copytree(small_index, own)
    rewritten(own, "head.npz", lambda a: a.update(style_weights_0=a["style_weights_0"][:5]))
    with pytest.raises(IndexFormatError, match=r"head\.npz of the index in .* does not fit"):
        open_index(own)


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        (lambda rows: rows[:, :9], "vectors.npy of the index in .* does not fit"),
        (lambda rows: rows * np.nan, "values that are no numbers"),
        (lambda rows: rows.astype(str), "no rows of float32 or float16"),
        (np.asfortranarray, "no rows of float32 or float16"),
    ],
    ids=["of other sizes", "no numbers", "text", "by columns"],
)
def test_vectors_of_another_form_are_refused(
    index: Path, vectors: Callable[[np.ndarray], np.ndarray], sentence: str
) -> None:
    np.save(index / "vectors.npy", vectors(np.load(index / "vectors.npy")), allow_pickle=False)
    checked(index)
    with pytest.raises(IndexFormatError, match=sentence):
        open_index(index)


@pytest.mark.parametrize(
    ("column", "values", "sentence"),
    [
        ("image", None, "column image of catalogue.parquet of the index is missing"),
        ("image", ["x"] * 29, "column image of catalogue.parquet of the index is missing"),
        ("map_x", [float("nan")] * 29, "does not hold what its columns should"),
        ("map_x", ["left"] * 29, "does not hold what its columns should"),
        ("id", list(range(29)), "does not hold what its columns should"),
    ],
)
def test_a_catalogue_with_another_schema_is_refused(
    index: Path, column: str, values: list | None, sentence: str
) -> None:
    path = index / "catalogue.parquet"
    table = pq.read_table(path)
    at = table.column_names.index(column)
    table = table.remove_column(at)
    if values is not None:
        table = table.add_column(at, column, pa.array(values))
    pq.write_table(table, path, row_group_size=32)
    checked(index)
    with pytest.raises(IndexFormatError, match=sentence):
        open_index(index)


def test_arrays_that_are_packed_with_a_password_are_damaged(index: Path) -> None:
    content = bytearray((index / "novelty.npz").read_bytes())
    content[6] |= 1  # the flag of the first file's header, and that of the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (index / "novelty.npz").write_bytes(content)
    checked(index)
    with pytest.raises(IndexFormatError, match=r"novelty\.npz of the index is missing or damaged"):
        open_index(index)
