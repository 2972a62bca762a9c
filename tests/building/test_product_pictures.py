"""Products with several pictures, offers and groups, from the chunks to the opened index."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from recommender.building import encode
from recommender.building.assemble import collect
from recommender.building.build import merge_shards
from recommender.building.decode import digest
from recommender.building.encode import ProductSource
from recommender.building.plan import Shard
from recommender.errors import IndexFormatError
from recommender.index.catalogue import Catalogue
from recommender.index.manifest import Manifest
from recommender.index.offer import Offer, Offers
from recommender.index.product_pictures import ProductPictures
from recommender.reading.product import Columns, Product
from tests.faults import begun
from tests.support.drawn_products import COLOURS, KINDS, draw_product

COUNT = 20


def file_of(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def picture_of(position: int, number: int) -> bytes:
    kind, colour = KINDS[position % 3], list(COLOURS)[(position + number) % 4]
    return file_of(draw_product(kind, colour, 100 * position + number))


def price(position: int) -> float | None:
    return None if position % 5 == 4 else 10.5 + position


class Shop:
    """Twenty products of one to three pictures; two of a group, some with an offer."""

    columns = Columns("image", "id", "name", ("colour", "size"), {})

    def __init__(self, most: int | None = None) -> None:
        self._most = most

    def count(self) -> int:
        return COUNT

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for n in range(start, stop):
            pictures = [picture_of(n, number) for number in range(n % 3 + 1)]
            if n == 7:
                pictures = [pictures[0], b"no picture", pictures[1], pictures[0]]
            if n == 8:
                pictures = [b"no picture", pictures[1]]
            if n == 9:
                pictures = [b"no picture"]
            sizes = ("S", "M") if n % 2 else ("M",)
            offer = Offer(f"https://shop.example/{n}", price(n), 5.0 if n == 3 else None, "EUR")
            yield Product(
                n,
                f"p{n}",
                f"Product {n}",
                {"colour": list(COLOURS)[n % 4], "size": ", ".join(sizes)},
                tuple(pictures[: self._most]),
                f"g{n // 2}",
                offer if n % 2 else Offer(),
                f"Description {n}",
                {"size": sizes} if len(sizes) > 1 else {},
            )


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Iterator[None]:
    with begun.small_chunks():
        yield


def build(out: Path, source: ProductSource | None = None, **changes: object) -> Path:
    begun.build(source or Shop(), out, **changes)
    return out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("pictures") / "index")


def opened(folder: Path) -> Catalogue:
    manifest = Manifest.read(folder)
    return Catalogue(
        folder / "catalogue.parquet",
        manifest.attributes,
        manifest.filters,
        folder / "pictures.parquet",
    )


def test_the_vectors_have_a_row_for_each_picture(built: Path) -> None:
    manifest, pictures = Manifest.read(built), opened(built).pictures
    # One picture is broken, one is repeated, and a product has none that can be read.
    counts = [n % 3 + 1 for n in range(COUNT) if n != 9]
    counts[8] = 1
    assert np.diff(pictures.first).tolist() == counts
    assert len(np.load(built / "vectors.npy")) == len(pictures) == sum(counts)
    assert (manifest.items, manifest.skipped) == (COUNT - 1, 1)


def test_the_first_picture_that_can_be_read_is_the_main_one(built: Path) -> None:
    catalogue = opened(built)
    assert catalogue.thumbnail_bytes(catalogue.position("p8")) == picture_of(8, 1)


def test_every_picture_has_its_thumbnail_and_its_digest(built: Path) -> None:
    catalogue = opened(built)
    digests = catalogue.pictures.digests()
    assert digests is not None
    row = 0
    for position in range(len(catalogue)):
        for number in range(catalogue.pictures.count(position)):
            thumbnail = Image.open(io.BytesIO(catalogue.thumbnail_bytes(position, number)))
            assert digest(thumbnail.convert("RGB")) == digests[row]
            row += 1
    with pytest.raises(IndexError):
        catalogue.thumbnail_bytes(0, 1)


def test_offers_groups_and_prices_are_in_the_catalogue(built: Path) -> None:
    catalogue = opened(built)
    three = catalogue.position("p3")
    assert catalogue.offer(three) == Offer("https://shop.example/3", 13.5, 5.0, "EUR")
    assert catalogue.offer(catalogue.position("p4")) == Offer()
    assert catalogue.group_of(three) == "g1"
    prices = catalogue.numbers["price"]
    assert prices[three] == 5.0
    assert np.isnan(prices[catalogue.position("p4")])


def test_a_product_with_several_values_passes_a_filter_for_each_of_them(built: Path) -> None:
    catalogue = opened(built)
    small = catalogue.allowed({"size": "S"})
    medium = catalogue.allowed({"size": "M"})
    assert small is not None
    assert medium is not None
    assert [catalogue.ids[p] for p in np.flatnonzero(small)[:3]] == ["p1", "p3", "p5"]
    assert medium.all()
    assert catalogue.values("size") == {"M": COUNT - 1, "S": int(small.sum())}
    assert catalogue.attributes_of(1)["size"] == "S, M"
    assert catalogue.labels_of(1)["size"] == "S"


def test_only_an_index_with_several_pictures_of_a_product_needs_the_new_format(
    built: Path, tmp_path: Path
) -> None:
    one_each = build(tmp_path / "index", Shop(most=1))
    assert Manifest.read(built).format_version == 2
    assert Manifest.read(one_each).format_version == 1
    assert opened(one_each).pictures.is_one_each


def test_an_index_without_the_file_of_pictures_has_one_of_each_product(built: Path) -> None:
    manifest = Manifest.read(built)
    catalogue = Catalogue(built / "catalogue.parquet", manifest.attributes, manifest.filters)
    assert catalogue.pictures.is_one_each
    assert len(catalogue.pictures) == COUNT - 1


def test_shards_merge_into_the_files_of_one_machine(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "index"
    shards = [begun.build(Shop(), out, shard=Shard(i, 2)).folder for i in (1, 2)]
    merge_shards(shards, out, begun.CONFIG)
    for name in ("vectors.npy", "catalogue.parquet", "pictures.parquet"):
        assert (out / name).read_bytes() == (built / name).read_bytes(), name


def test_a_build_stopped_halfway_ends_with_the_same_files(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "index"
    begun.begin(Shop(), out)
    written: list[int] = []

    def stop_at_the_second(folder: Path, start: int, *others: object) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(start)
        write(folder, start, *others)

    write = encode._write_chunk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "_write_chunk", stop_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            build(out)
    report = begun.build(Shop(), out)
    assert report.timings.encoded == COUNT - 8
    for name in ("vectors.npy", "catalogue.parquet", "pictures.parquet"):
        assert (out / name).read_bytes() == (built / name).read_bytes(), name


def test_rows_of_another_catalogue_are_refused(built: Path) -> None:
    with pytest.raises(IndexFormatError, match="does not have the pictures of its 18 products"):
        ProductPictures(COUNT - 2, built / "pictures.parquet")


def test_a_link_that_a_browser_would_run_is_not_given_out() -> None:
    table = pa.table({"offer_link": ["javascript:alert(1)", "HTTPS://shop.example"]})
    offers = Offers(table)
    assert [offers.of(row).link for row in (0, 1)] == [None, "HTTPS://shop.example"]


def test_products_taken_keep_their_pictures(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "index"
    folder = begun.build(Shop(), out, shard=Shard(1, 3)).folder
    products = collect(sorted(folder.glob("chunk-*.arrow")), tmp_path / "features")
    taken = products.take(np.array([1, 2, 5]))
    rows = [row for row, owner in enumerate(products.owners) if owner in (1, 2, 5)]
    assert taken.owners.tolist() == [0, 0, 1, 1, 1, 2, 2, 2]
    assert np.array_equal(taken.features.max_pooled, products.features.max_pooled[np.array(rows)])
    assert np.array_equal(taken.main_features.colour, products.main_features.colour[[1, 2, 5]])
    assert taken.descriptions == ["Description 1", "Description 2", "Description 5"]
    assert taken.groups == ["g0", "g1", "g2"]
    assert taken.labels["size"] == ["S", "M", "S"]
