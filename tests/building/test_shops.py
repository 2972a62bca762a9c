"""Shops' exports, built by the real command with a small network and searched by product."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.recommendation import Answer
from recommender.answers.recommender import Recommender
from recommender.commands import build_index
from recommender.errors import SettingsError
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from tests.faults import begun
from tests.support.drawn_products import COLOURS
from tests.support.shops import (
    BACK,
    FRONT,
    STYLES,
    build_export,
    png,
    view,
    write_feed,
    write_shopify_shop,
)


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Iterator[None]:
    with begun.small_chunks():
        yield


@pytest.fixture(scope="module")
def shopify(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    folder = tmp_path_factory.mktemp("shopify")
    return Recommender(build_export(write_shopify_shop(folder / "shop"), folder / "index"))


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    folder = tmp_path_factory.mktemp("feed")
    return Recommender(build_export(write_feed(folder / "shop"), folder / "index"))


def ids(answer: Answer) -> list[str]:
    return [result.id for result in answer.results]


def test_each_product_is_found_by_any_of_its_pictures_and_says_which(shopify: Recommender) -> None:
    for style in range(STYLES - 1):
        shown = (("Red", FRONT), ("Blue", FRONT), ("Red", BACK))
        for number, (colour, side) in enumerate(shown):
            picture = png(view(style, colour, side))
            best = shopify.recommend(picture, 3, include_same=True).results[0]
            assert (best.id, best.picture) == (f"style-{style}", number)
            assert best.distance < 0.01


def test_results_are_products_each_of_them_once(shopify: Recommender) -> None:
    answer = shopify.recommend(png(view(3, "Red", FRONT)), STYLES, include_same=True)
    assert sorted(ids(answer)) == sorted(f"style-{style}" for style in range(STYLES))


def test_the_thumbnail_of_a_result_is_that_of_the_picture(shopify: Recommender) -> None:
    best = shopify.recommend(png(view(2, "Red", BACK)), 1, include_same=True).results[0]
    catalogue = shopify.catalogue
    shown = catalogue.thumbnail(catalogue.position(best.id), best.picture)
    assert np.array_equal(np.asarray(shown), np.asarray(view(2, "Red", BACK)))


def test_a_filter_finds_a_product_by_each_of_its_colours(shopify: Recommender) -> None:
    for colour, count in (("Red", STYLES), ("Blue", STYLES - 1)):
        picture = png(view(3, "Red", FRONT))
        answer = shopify.recommend(picture, STYLES, {"Color": colour}, include_same=True)
        assert len(answer.results) == count
        assert shopify.catalogue.values("Color")[colour] == count


def test_offers_of_both_shops_are_in_their_indexes(shopify: Recommender, feed: Recommender) -> None:
    offer = shopify.catalogue.offer(shopify.catalogue.position("style-4"))
    assert (offer.price, offer.brand, offer.link) == (24.0, "Acme", None)
    offer = feed.catalogue.offer(feed.catalogue.position("4-Blue"))
    assert (offer.price, offer.currency) == (24.0, "EUR")
    assert offer.link == "https://shop.example/4?colour=Blue"
    assert feed.catalogue.numbers["price"].tolist() == [20 + i // 4 for i in range(4 * STYLES)]


def test_variants_are_one_result_that_says_how_many_there_are(feed: Recommender) -> None:
    answer = feed.recommend(png(view(5, "Green", BACK)), STYLES, include_same=True)
    best = answer.results[0]
    assert (best.id, best.picture, best.variants) == ("5-Green", 1, 4)
    assert best.differs == {"color": list(COLOURS)}
    groups = [feed.catalogue.group_of(feed.catalogue.position(id_)) for id_ in ids(answer)]
    assert len(set(groups)) == STYLES, "every group once, although four products of each pass"


def test_the_variant_that_passes_the_filter_stands_for_its_group(feed: Recommender) -> None:
    answer = feed.recommend(png(view(5, "Green", FRONT)), STYLES, {"color": "Black"})
    assert sorted(ids(answer)) == sorted(f"{style}-Black" for style in range(STYLES))
    assert all(result.variants == 4 for result in answer.results)


def test_variants_of_a_product_are_not_similar_to_it(feed: Recommender) -> None:
    found = ids(feed.similar("5-Green", 100))
    assert len(found) == STYLES - 1
    assert not [id_ for id_ in found if id_.startswith("5-")]


def test_the_product_of_the_picture_is_left_out_with_its_variants(feed: Recommender) -> None:
    found = ids(feed.recommend(png(view(5, "Green", BACK)), 100))
    assert len(found) == STYLES - 1
    assert not [id_ for id_ in found if id_.startswith("5-")]


def test_milvus_gives_the_same_products(feed: Recommender, tmp_path: Path) -> None:
    pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")
    other = Recommender(open_index(feed.index.folder, milvus=(str(tmp_path / "milvus.db"), None)))
    query = png(view(1, "Blue", BACK))
    asked: list[Callable[[Recommender], Answer]] = [
        lambda r: r.recommend(query, 8, include_same=True),
        lambda r: r.recommend(query, 4, {"color": ["Red", "Black"]}),
        lambda r: r.similar("2-Red", 5),
    ]
    for ask in asked:
        one, same = ask(feed).results, ask(other).results
        shown = [[(r.id, r.picture, r.variants) for r in results] for results in (one, same)]
        assert shown[0] == shown[1]


def test_the_check_counts_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--check", "--dataset", str(write_feed(tmp_path / "shop"))]
    monkeypatch.setattr(sys, "argv", ["build_index.py", *words])
    build_index.main()
    assert f"{8 * STYLES} pictures, at most 4 of a product." in capsys.readouterr().out


def test_fewer_pictures_are_embedded_where_fewer_are_asked_for(tmp_path: Path) -> None:
    export = write_shopify_shop(tmp_path / "shop")
    index = build_export(export, tmp_path / "index", "--pictures-per-product", "2")
    assert len(index.catalogue.pictures) == 2 * STYLES
    assert Manifest.read(index.folder).format_version == 2


def test_a_number_of_pictures_that_makes_no_sense_is_a_sentence(tmp_path: Path) -> None:
    export = write_shopify_shop(tmp_path / "shop")
    with pytest.raises(SettingsError, match="takes a number from 1 to 16; got 0"):
        build_export(export, tmp_path / "index", "--pictures-per-product", "0")
