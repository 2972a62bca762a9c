"""Which columns a head learns, and the classes of their values."""

from recommender.training.targets import (
    colour_target,
    learnable,
    prior_weights,
    style_targets,
    type_by_gender,
)

COUNT = 400
LABELS = {
    "masterCategory": ["Apparel", "Footwear"] * (COUNT // 2),
    "articleType": ["Shirts", "Shoes"] * (COUNT // 2),
    "gender": ["Men", "Men", "Women", "Women"] * (COUNT // 4),
    "baseColour": ["Red", "Red", "Red", "Blue"] * (COUNT // 4),
    "colour2": ["Red", "Blue", "Red", "Blue"] * (COUNT // 4),
    "season": ["Summer", "Winter"] * (COUNT // 2),
    "usage": ["Casual", "Formal"] * (COUNT // 2),
}


def test_names_numbers_and_constants_are_not_learned():
    columns = {
        "articleType": LABELS["articleType"],
        "name": [f"product {i}" for i in range(COUNT)],
        "year": [str(2010 + i % 5) for i in range(COUNT)],
        "shop": ["the only one"] * COUNT,
        "empty": [None] * COUNT,
    }
    assert set(learnable(columns)) == {"articleType"}


def test_rare_values_and_words_for_unknown_count_as_unknown():
    column = ["shirt"] * 200 + ["shoe"] * 197 + ["NA", "", "hat"]
    codes = learnable({"type": column})["type"]
    assert codes[:200].tolist() == [0] * 200
    assert codes[-3:].tolist() == [-1, -1, -1]


def test_the_rare_types_of_a_small_catalogue_do_not_keep_the_others_from_being_learned():
    common = [f"type {i % 10}" for i in range(250)]
    rare = [f"rare type {i}" for i in range(40)]
    codes = learnable({"type": common + rare})["type"]
    assert codes[:250].max() == 9
    assert set(codes[250:]) == {-1}


def test_a_column_of_mostly_rare_values_is_not_learned():
    common = [f"name {i % 10}" for i in range(250)]
    rare = [f"rare name {i}" for i in range(100)]
    assert learnable({"name": common + rare}) == {}


def test_few_labelled_items_teach_nothing():
    assert learnable({"type": ["shirt"] * 50 + ["shoe"] * 50}) == {}


def test_style_learns_neither_colours_nor_seasons_nor_coarser_types():
    assert list(style_targets(LABELS)) == ["articleType", "gender", "usage"]


def test_style_learns_the_coarse_type_where_there_is_no_finer_one():
    labels = {n: v for n, v in LABELS.items() if n != "articleType"}
    assert list(style_targets(labels)) == ["masterCategory", "gender", "usage"]


def test_colour_learns_the_first_column_of_colours():
    assert list(colour_target(LABELS)) == ["baseColour"]
    assert colour_target({"articleType": LABELS["articleType"]}) == {}


def test_article_type_and_gender_at_once_are_one_more_target():
    (codes,) = type_by_gender(LABELS, LABELS)
    assert codes[:4].tolist() == [0, 2, 1, 3]
    assert type_by_gender(LABELS, ["articleType"]) == []


def test_article_type_gender_and_colour_are_in_the_label_prior():
    weights = prior_weights(["gender", "articleType", "usage", "baseColour"])
    assert weights == {"articleType": 1.0, "gender": 0.5, "baseColour": 1.0}
