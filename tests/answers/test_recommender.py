"""A picture in, the most similar products out."""

import io
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.recommendation import MixComponent
from recommender.answers.recommender import Recommender
from recommender.errors import FilterError, PictureError, SettingsError, UnknownItemError
from recommender.index.folder import open_index
from tests.support.drawn_products import draw_product
from tests.support.small_catalogue import SmallCatalogue


@pytest.fixture(scope="module", params=["classic_index", "small_index"])
def recommender(request: pytest.FixtureRequest) -> Recommender:
    """48 products, the last a copy of the first: the classic recipe, and a learned head."""
    return Recommender(open_index(request.getfixturevalue(request.param)))


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A red T-shirt that is not in the catalogue."""
    buffer = io.BytesIO()
    draw_product("Tshirts", "Red", 999).save(buffer, "PNG")
    return buffer.getvalue()


def test_five_results_come_best_first(recommender: Recommender, picture: bytes) -> None:
    results = recommender.recommend(picture).results
    assert [r.rank for r in results] == [1, 2, 3, 4, 5]
    distances = [r.distance for r in results]
    similarities = [r.similarity for r in results]
    assert distances == sorted(distances)
    assert similarities == sorted(similarities, reverse=True)
    assert all(0 <= s <= 1 for s in similarities)


def test_results_carry_name_and_attributes(recommender: Recommender, picture: bytes) -> None:
    first = recommender.recommend(picture).to_json()[0]
    assert {"rank", "id", "name", "similarity", "distance", "attributes"} <= set(first)
    assert first["fingerprint"] == recommender.index.manifest.fingerprint
    assert first["name"].startswith(first["attributes"]["gender"])


def test_filters_are_applied_before_the_search(recommender: Recommender, picture: bytes) -> None:
    results = recommender.recommend(
        picture, 8, {"articleType": "Handbags", "gender": "Men"}
    ).results
    assert len(results) == 8
    kinds = {(r.attributes["articleType"], r.attributes["gender"]) for r in results}
    assert kinds == {("Handbags", "Men")}


def test_a_picture_of_the_catalogue_does_not_return_itself(recommender: Recommender) -> None:
    own = recommender.catalogue.thumbnail_bytes(7)
    ids = [r.id for r in recommender.recommend(own, 5).results]
    assert "p7" not in ids
    assert len(ids) == 5
    assert recommender.recommend(own, 5, include_same=True).results[0].id == "p7"


def test_a_picture_of_the_catalogue_saved_again_does_not_return_itself(
    recommender: Recommender,
) -> None:
    again = io.BytesIO()
    recommender.catalogue.thumbnail(7).save(again, "JPEG", quality=75)
    assert "p7" not in [r.id for r in recommender.recommend(again.getvalue(), 5).results]


def test_pixel_identical_products_take_one_place(recommender: Recommender) -> None:
    answer = recommender.recommend(recommender.catalogue.thumbnail_bytes(0), 40, include_same=True)
    ids = {r.id for r in answer.results}
    assert len(ids & {"p0", "p47"}) == 1
    assert len(ids) == 40


def test_similar_leaves_out_the_item_and_its_copies(recommender: Recommender) -> None:
    ids = [r.id for r in recommender.similar("p0", 20).results]
    assert len(ids) == 20
    assert not {"p0", "p47"} & set(ids)


def test_an_item_is_as_similar_as_its_picture_says(recommender: Recommender) -> None:
    by_id = recommender.similar("p12", 5).results
    own = recommender.catalogue.thumbnail_bytes(12)
    by_picture = {r.id: r.distance for r in recommender.recommend(own, 40).results}
    # The thumbnail is a JPEG copy, because the source of this catalogue gives pixels and no files.
    # That moves distances by up to .006, and near ties may come in another order.
    assert [by_picture[r.id] for r in by_id] == pytest.approx([r.distance for r in by_id], abs=0.01)
    assert max(by_picture.values()) - min(by_picture.values()) > 0.1


@pytest.mark.parametrize("position", [0, 12, 31])
def test_the_picture_that_a_product_was_indexed_from_has_its_vector(
    recommender: Recommender, position: int
) -> None:
    (product,) = SmallCatalogue().read(position, position + 1)
    query = recommender.embed(product.pictures[0]).embedding
    stored = recommender.embedding_of(position)
    assert np.linalg.norm(query.style - stored.style) < 1e-3
    assert np.linalg.norm(query.colour - stored.colour) < 1e-3


def test_mixing_a_picture_with_itself_changes_nothing(
    recommender: Recommender, picture: bytes
) -> None:
    query = recommender.embed(picture)
    mixed = recommender.mix([MixComponent(query.embedding), MixComponent(query.embedding)])
    assert np.allclose(mixed.embedding.style, query.embedding.style, atol=1e-6)


def test_a_mix_that_cancels_out_is_a_sentence(recommender: Recommender, picture: bytes) -> None:
    embedding = recommender.embed(picture).embedding
    with pytest.raises(SettingsError, match="cancel each other out"):
        recommender.mix([MixComponent(embedding), MixComponent(embedding, style=-1, colour=-1)])


@pytest.mark.parametrize("k", [0, -1, 101, 2.5, True])
def test_a_senseless_k_is_a_sentence(recommender: Recommender, picture: bytes, k: int) -> None:
    with pytest.raises(SettingsError, match="from 1 to 100"):
        recommender.recommend(picture, k)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"size": "XL"}, "no filter 'size'"),
        ({"gender": "Robots"}, "No product has gender 'Robots'"),
        ({"gender": 3}, "takes a value or a list"),
        ("gender=Men", "Filters are an object"),
    ],
)
def test_senseless_filters_are_sentences(
    recommender: Recommender, picture: bytes, filters: object, sentence: str
) -> None:
    with pytest.raises(FilterError, match=sentence):
        recommender.recommend(picture, 5, filters)  # type: ignore[arg-type]


def test_an_unknown_item_is_a_sentence(recommender: Recommender) -> None:
    with pytest.raises(UnknownItemError, match="no item with the id 'nope'"):
        recommender.similar("nope")


def test_what_is_not_a_picture_is_a_sentence(recommender: Recommender) -> None:
    with pytest.raises(PictureError):
        recommender.recommend(b"hello")


def test_an_index_keeps_working_when_its_folder_is_renamed_away_from_the_build(
    recommender: Recommender, tmp_path: Path, picture: bytes
) -> None:
    import shutil

    copy = shutil.copytree(recommender.index.folder, tmp_path / "elsewhere")
    moved = Recommender(open_index(copy))
    assert [r.id for r in moved.recommend(picture).results] == [
        r.id for r in recommender.recommend(picture).results
    ]
