"""The dialog of a product, and explanations, with several pictures and with variants."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from recommender.answers.outfits import Wardrobe
from recommender.answers.recommender import Recommender
from recommender.interface.api.pictures import PictureEndpoints
from recommender.interface.cards import Cards
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.history import Session
from recommender.interface.thumbnails import Thumbnails
from tests.faults import begun
from tests.support.shops import BACK, FRONT, build_export, png, view, write_feed


@pytest.fixture(scope="module")
def recommender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recommender]:
    folder = tmp_path_factory.mktemp("feed")
    with begun.small_chunks():
        yield Recommender(build_export(write_feed(folder / "shop"), folder / "index"))


@pytest.fixture
def actions(recommender: Recommender) -> SearchActions:
    return SearchActions(recommender, Thumbnails(recommender.index))


def detail(recommender: Recommender, id_: str, picture: int) -> str:
    cards = Cards(recommender.catalogue, Thumbnails(recommender.index))
    position = recommender.catalogue.position(id_)
    return str(cards.detail(position, 0.5, has_looks=False, picture=picture))


def test_the_dialog_shows_all_pictures_the_matching_one_large(recommender: Recommender) -> None:
    position = recommender.catalogue.position("5-Green")
    shown = detail(recommender, "5-Green", 1)
    address = f"thumbnail/{recommender.index.manifest.fingerprint[:12]}/{position}"
    assert re.findall(r'data-picture="(.+?)" aria-pressed="(.+?)"', shown) == [
        (address, "false"),
        (f"{address}/1", "true"),
    ]
    assert f'detail-picture"><img src="{address}/1"' in shown.replace("\n", "")


def test_the_dialog_leads_to_the_other_variants(recommender: Recommender) -> None:
    shown = detail(recommender, "5-Green", 0).partition('class="variants"')[2]
    assert re.findall(r'data-id="(.+?)"', shown) == ["5-Red", "5-Blue", "5-Black"]


def test_similarity_in_the_dialog_is_that_of_the_result(actions: SearchActions) -> None:
    session = actions.with_picture(Session(), view(5, "Green", BACK))
    assert session.entry is not None
    best = actions.recommender.search(session.entry.query, 1).results[0]
    assert (best.id, best.picture) == ("5-Green", 1)
    position = actions.catalogue.position(best.id)
    assert actions.similarity(session.entry, position, None) == pytest.approx(
        best.similarity, abs=1e-4
    )


def test_an_explanation_shows_the_picture_that_matches(actions: SearchActions) -> None:
    endpoints = PictureEndpoints(actions, Wardrobe(actions.recommender))
    for side in (FRONT, BACK):
        query, result, words = endpoints.explain("5-Green", png(view(5, "Green", side)))
        assert np.array_equal(np.asarray(query), np.asarray(result)), "both sides are one picture"
        assert words["similarity"] == pytest.approx(1, abs=1e-3)
    _, result, _ = endpoints.explain("5-Green", query_id="5-Red")
    assert isinstance(result, Image.Image)


def test_products_of_a_mix_bring_none_of_their_variants_back(actions: SearchActions) -> None:
    session = actions.with_mix(actions.add_to_mix(Session(), "5-Green"))
    assert session.entry is not None
    found = actions.recommender.search(session.entry.query, 100, exclude=session.entry.exclude)
    assert not [r.id for r in found.results if r.id.startswith("5-")]
    assert len(found.results) == 7
