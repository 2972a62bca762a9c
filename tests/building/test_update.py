"""Updating an index: the very index that its head would have made of the new catalogue."""

import io
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from recommender.building import known_pictures, update, update_chunks
from recommender.building.assemble import collect
from recommender.building.catalogue_writer import write_catalogue
from recommender.building.encode import chunk_path, encode_chunks
from recommender.building.pictures_file import write_pictures
from recommender.building.plan import BuildConfig
from recommender.building.update import UpdateReport, update_index
from recommender.building.update_source import UpdateOptions
from recommender.building.vectors import write_picture_vectors, write_vectors
from recommender.errors import DatasetError, IndexFormatError, SettingsError, StorageError
from recommender.features.backbones.registry import get_backbone
from recommender.features.extractor import FeatureExtractor
from recommender.index.catalogue import Catalogue
from recommender.index.files import ENCODER_FOLDER, check_files
from recommender.index.folder import open_catalogue, open_head
from recommender.index.manifest import Manifest
from recommender.index.offer import Offer
from recommender.reading.product import Columns, Product
from tests.support.drawn_products import COLOURS, KINDS, draw_product
from tests.support.made_once import made_once
from tests.support.tiny_graph import build_tiny

COUNT = 40
PLAIN = UpdateOptions()


def picture(number: int) -> bytes:
    file = io.BytesIO()
    kind, colour = KINDS[number % len(KINDS)], list(COLOURS)[number // 3 % len(COLOURS)]
    draw_product(kind, colour, number).save(file, "PNG")
    return file.getvalue()


def product(number: int, **changes: Any) -> Product:
    """A product; some have several pictures, sizes, or a variant."""
    whole = Product(
        0,
        f"p{number}",
        f"Product {number}",
        {
            "articleType": KINDS[number % len(KINDS)],
            "baseColour": list(COLOURS)[number // 3 % len(COLOURS)],
            "size": "S, M" if number % 4 == 0 else "M",
        },
        tuple(picture(number + 1000 * extra) for extra in range(2 if number % 5 == 0 else 1)),
        f"g{number // 2}" if number < 10 else None,
        Offer(f"https://shop.example/{number}", 10.0 + number, None, "EUR"),
        values={"size": ("S", "M")} if number % 4 == 0 else {},
    )
    return replace(whole, **changes)


class Feed:
    """Products in the order given."""

    columns = Columns("image", "id", "name", ("articleType", "baseColour", "size"), {})

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = [replace(p, position=place) for place, p in enumerate(products)]

    def count(self) -> int:
        return len(self._products)

    def read(self, start: int, stop: int) -> Iterator[Product]:
        yield from self._products[start:stop]


@pytest.fixture(scope="module", autouse=True)
def small_chunks() -> Iterator[None]:
    """Chunks of sixteen products, so that forty make several."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("encode", "plan", "update_chunks"):
            patch.setattr(f"recommender.building.{module}.CHUNK", 16)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of forty products with a learned head."""
    config = BuildConfig("shop", backbone="efficientnet-lite0", licence="CC0-1.0")

    def build(folder: Path) -> None:
        build_tiny(Feed([product(n) for n in range(COUNT)]), folder, config)

    return made_once(tmp_path_factory, "updated-index", build)


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may replace."""
    return Path(shutil.copytree(built, tmp_path / "index"))


def updated(
    index: Path, products: Sequence[Product] | None, options: UpdateOptions = PLAIN
) -> UpdateReport:
    source = None if products is None else Feed(products)
    return update_index(index, index, lambda *_: source, options)


def from_nothing(index: Path, products: Sequence[Product], work: Path) -> dict[str, Any]:
    """What the index's head makes of products, by the build's own steps."""
    manifest, head = Manifest.read(index), open_head(index, Manifest.read(index))
    work.mkdir()
    backbone = get_backbone(manifest.backbone)
    extractor = FeatureExtractor.for_building(index / ENCODER_FOLDER, backbone, "f32")
    encode_chunks(Feed(products), range(len(products)), extractor, work, lambda _: None)
    chunks = [chunk_path(work, start) for start in range(0, len(products), 16)]
    encoded = collect(chunks, work / "features")
    pictures = write_picture_vectors(head, encoded.features, work / "picture_vectors.npy")
    write_vectors(head, encoded, pictures, manifest.style_dimensions, work / "vectors.npy")
    nowhere = np.zeros((len(encoded.ids), 2), np.float32)
    write_catalogue(encoded, nowhere, work / "catalogue.parquet")
    write_pictures(encoded, work / "pictures.parquet")
    return contents(work)


def contents(folder: Path) -> dict[str, Any]:
    """Vectors and rows of an index, without what depends on its history: map and `fitted`."""

    def rows(name: str, *left_out: str) -> dict[str, Any]:
        columns = pq.read_table(folder / name).drop_columns(list(left_out))
        return {**columns.to_pydict(), "types": columns.schema.types}

    return {
        "vectors": (folder / "vectors.npy").read_bytes(),
        "picture vectors": (folder / "picture_vectors.npy").read_bytes(),
        "catalogue": rows("catalogue.parquet", "map_x", "map_y"),
        "pictures": rows("pictures.parquet", "fitted"),
    }


def catalogue_of(index: Path) -> Catalogue:
    """The catalogue of an index whose files have the checksums of its manifest."""
    manifest = Manifest.read(index)
    check_files(index, manifest)
    return open_catalogue(index, manifest)


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def many_changes() -> list[Product]:
    """Added, removed, reordered; other labels, prices, pictures; one more and one fewer picture."""
    products = {n: product(n) for n in range(COUNT + 6) if n not in (4, 17)}
    products[2] = product(2, attributes={**product(2).attributes, "articleType": KINDS[0]})
    products[6] = product(6, offer=Offer("https://shop.example/6", 5.5, 5.0, "EUR"))
    products[8] = product(8, pictures=(picture(2008),))
    products[9] = product(9, pictures=(picture(9), picture(2009)))
    products[10] = product(10, pictures=product(10).pictures[:1])
    products[12] = product(12, group="g0")
    products[13] = product(13, pictures=(b"no picture", picture(13)))
    products[14] = product(14, id="renamed")
    return [products[n] for n in sorted(products, key=lambda n: (n * 7) % 46)]


def test_an_update_is_what_the_head_makes_of_the_new_catalogue_bit_for_bit(
    index: Path, tmp_path: Path
) -> None:
    before = everything(index)
    expected = from_nothing(index, many_changes(), tmp_path / "nothing")
    report = updated(index, many_changes())
    assert contents(index) == expected
    after = everything(index)
    for name in ("head.npz", "calibration.npz", "novelty.npz", "encoder/encoder.bin"):
        assert after[name] == before[name]
    # Six new products, one picture changed, and one more picture; 40 and 45 have two each.
    assert report.counts.encoded == 6 + 2 + 1 + 1
    assert set(report.changes.added) == {f"p{n}" for n in range(40, 46)} | {"renamed"}
    assert set(report.changes.changed) == {"p2", "p6", "p8", "p9", "p10", "p12"}
    assert set(report.changes.with_other_pictures) == {"p8", "p9", "p10"}
    assert set(report.changes.removed) == {"p4", "p17", "p14"}
    assert report.changes.unchanged == COUNT - 3 - 6
    assert len(catalogue_of(index)) == report.manifest.items == 44


def test_updates_one_after_the_other_end_where_one_ends(index: Path, tmp_path: Path) -> None:
    updated(index, [product(n) for n in range(30)])
    updated(index, [product(n) for n in range(10, 45)])
    updated(index, many_changes(), UpdateOptions(allow_shrink=True))
    assert contents(index) == from_nothing(index, many_changes(), tmp_path / "nothing")


def test_prices_alone_encode_nothing_and_change_no_vector(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(FeatureExtractor, "for_building")
    vectors = (index / "vectors.npy").read_bytes()
    cheaper = [product(n, offer=Offer(None, 1.0 + n, None, "EUR")) for n in range(COUNT)]
    report = updated(index, cheaper)
    assert (report.counts.encoded, len(report.changes.changed), report.drift) == (0, COUNT, None)
    assert (index / "vectors.npy").read_bytes() == vectors
    assert catalogue_of(index).offer(3).price == 4.0


def test_nothing_new_writes_nothing(index: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    report = updated(index, [product(n) for n in range(COUNT)])
    assert (report.is_written, report.changes.unchanged) == (False, COUNT)
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before
    assert not list(index.parent.glob("index.*"))


def test_news_join_the_indexed_products(index: Path, tmp_path: Path) -> None:
    news = [product(50), product(3, name="Another name"), product(51)]
    report = updated(index, news, UpdateOptions(add_only=True))
    expected = [product(n) for n in range(COUNT)]
    expected[3] = news[1]
    whole = [*expected, product(50), product(51)]
    assert contents(index) == from_nothing(index, whole, tmp_path / "nothing")
    assert (report.changes.added, report.changes.changed) == (["p50", "p51"], ["p3"])


def test_news_with_other_attributes_leave_those_of_the_others_as_they_are(index: Path) -> None:
    new = product(50, attributes={"articleType": KINDS[0], "fabric": "Wool"}, values={})
    feed = Feed([new])
    feed.columns = Columns("image", "id", "name", ("articleType", "fabric"), {})
    update_index(index, index, lambda *_: feed, UpdateOptions(add_only=True))
    catalogue = catalogue_of(index)
    assert catalogue.attributes_of(catalogue.position("p50")) == {
        "articleType": KINDS[0],
        "fabric": "Wool",
    }
    assert catalogue.attributes_of(0)["size"] == "S, M"


def test_removed_products_go_and_come_back_as_they_were(index: Path, tmp_path: Path) -> None:
    before = contents(index)
    report = updated(index, None, UpdateOptions(remove=("p0", "p39")))
    rest = [product(n) for n in range(1, 39)]
    assert contents(index) == from_nothing(index, rest, tmp_path / "nothing")
    assert report.changes.removed == ["p0", "p39"]
    updated(index, [product(n) for n in range(COUNT)])
    assert contents(index) == before


def test_a_product_to_remove_must_be_there(index: Path) -> None:
    with pytest.raises(SettingsError, match="no product 'q1' to remove, nor 1 more"):
        updated(index, None, UpdateOptions(remove=("q1", "p1", "q2")))
    with pytest.raises(SettingsError, match="--dataset, or what goes with --remove"):
        updated(index, None)


def test_most_products_go_only_where_it_is_allowed(index: Path) -> None:
    before = everything(index)
    few = [product(n) for n in range(19)]
    with pytest.raises(SettingsError, match=r"21 of the 40 products .* --allow-shrink"):
        updated(index, few)
    # As many products, of another shop.
    with pytest.raises(SettingsError, match="40 of the 40 products"):
        updated(index, [product(n) for n in range(100, 140)])
    with pytest.raises(DatasetError, match="no products"):
        updated(index, [])
    assert everything(index) == before
    assert len(updated(index, few, UpdateOptions(allow_shrink=True)).changes.removed) == 21


def test_the_map_keeps_its_places_and_puts_a_copy_beside_its_like(index: Path) -> None:
    before = catalogue_of(index)
    updated(index, [*(product(n) for n in range(COUNT)), product(60)])
    after = catalogue_of(index)
    assert np.array_equal(after.map[:COUNT], before.map)
    assert ((after.map[COUNT] >= 0) & (after.map[COUNT] <= 1)).all()
    again = updated(index, [*(product(n) for n in range(COUNT)), product(60)])
    assert not again.is_written


def test_an_index_of_an_earlier_version_is_encoded_once(index: Path) -> None:
    without = replace_files(index, "picture_vectors.npy")
    with pytest.raises(SettingsError, match="earlier version"):
        updated(without, None, UpdateOptions(remove=("p1",)))
    report = updated(without, [product(n) for n in range(COUNT + 1)])
    assert report.counts.encoded == COUNT + 8 + 2
    assert report.drift is not None
    assert report.drift.new_products == pytest.approx(1 / 41)
    assert updated(without, [product(n) for n in range(COUNT)]).counts.encoded == 0


def replace_files(index: Path, *left_out: str) -> Path:
    """The index as it was before some files were kept in it."""
    manifest = Manifest.read(index)
    for name in left_out:
        (index / name).unlink()
    replace(
        manifest, files={n: sha for n, sha in manifest.files.items() if n not in left_out}
    ).write(index)
    return index


def test_a_damaged_index_is_not_updated(index: Path) -> None:
    (index / "vectors.npy").write_bytes(b"damaged")
    with pytest.raises(IndexFormatError, match=r"vectors\.npy"):
        updated(index, [product(1)])


class Killed(BaseException):
    """Stands for a kill: nothing of the program catches it."""


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        (update_chunks, "write_part", 1),
        (update_chunks, "write_chunk", 2),
        (update, "collect_update", 0),
        (update, "write_vectors", 0),
        (update, "write_catalogue", 0),
        (update, "write_pictures", 0),
        (update, "changes_between", 0),
        (update, "write_skipped", 0),
        (os, "link", 3),
    ],
)
def test_an_update_killed_at_any_moment_leaves_one_of_both_indexes_and_goes_on(
    index: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, after: int
) -> None:
    before, calls = everything(index), iter(range(100))
    original = getattr(module, name)
    new = [*many_changes(), product(90, pictures=(b"no picture",))]

    def kill(*arguments: Any, **further: Any) -> Any:
        if next(calls) == after:
            raise Killed
        return original(*arguments, **further)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, kill)
        # A killed program does not tidy up either.
        patch.setattr("recommender.building.write.shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            updated(index, new)
    if name != "write_skipped":
        assert everything(index) == before
    encoded: list[int] = []
    original_part = known_pictures.write_part
    with monkeypatch.context() as patch:
        patch.setattr(
            update_chunks,
            "write_part",
            lambda path, pictures: (encoded.append(len(pictures)), original_part(path, pictures)),
        )
        updated(index, new)
    parts_before = 0 if name == "write_part" else 10
    if name != "write_skipped":
        assert sum(encoded) <= 10 - min(parts_before, 3)
    assert sorted(path.name for path in index.parent.iterdir()) == ["index", "index.skipped.csv"]
    assert len(catalogue_of(index)) == 44


def test_a_full_disk_leaves_the_old_index_whole(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(index)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "catalogue.parquet")

    monkeypatch.setattr(update, "write_catalogue", full)
    with pytest.raises(StorageError, match="the disk is full"):
        updated(index, many_changes())
    assert everything(index) == before
    assert not index.with_name("index.new").exists()


def test_a_link_to_the_index_is_replaced_and_not_what_it_points_at(index: Path) -> None:
    link = index.with_name("served")
    link.symlink_to(index.name)
    before = everything(index)
    update_index(link, link, lambda *_: Feed(many_changes()), PLAIN)
    assert everything(index) == before
    assert Manifest.read(link).items == 44
    first = link.resolve()
    update_index(link, link, lambda *_: Feed([product(n) for n in range(COUNT)]), PLAIN)
    assert (Manifest.read(link).items, first.exists()) == (COUNT, False)
