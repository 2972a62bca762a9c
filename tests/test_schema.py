"""Columns are known by their names, however a catalogue spells them."""

from recommender.schema import ARTICLE_TYPE, CATEGORY, COLOUR, GENDER, roles


def test_the_columns_of_the_public_dataset_are_known() -> None:
    columns = ["gender", "masterCategory", "subCategory", "articleType", "baseColour", "year"]
    found = roles(columns)
    assert found[ARTICLE_TYPE] == "articleType"
    assert found[COLOUR] == "baseColour"
    assert "year" not in found.values()


def test_spelling_does_not_matter() -> None:
    assert roles(["Product_Type", "COLOR"]) == {ARTICLE_TYPE: "Product_Type", COLOUR: "COLOR"}


def test_the_better_name_wins_whatever_the_order() -> None:
    assert roles(["label", "articleType"])[ARTICLE_TYPE] == "articleType"
    assert roles(["category", "masterCategory"])[CATEGORY] == "masterCategory"


def test_columns_of_no_known_part_are_left_out() -> None:
    assert roles(["price", "gender"]) == {GENDER: "gender"}
    assert roles([]) == {}
