"""Values of a catalogue by the concepts of the table."""

from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER
from recommender.words.concepts import concepts
from recommender.words.lexicon import lexicon_of


def values(counts: dict[str, dict[str, int]], role: str, name: str) -> list[str]:
    (concept,) = [c for c in concepts() if (c.role, c.name) == (role, name)]
    return [value for value, _ in lexicon_of(counts).values_of(concept)]


def test_a_catalogue_of_another_language_is_mapped() -> None:
    counts = {
        "type": {"Kleider": 3, "Röcke": 2, "Hosen": 1},
        "color": {"Schwarz": 3, "Rot": 1},
        "gender": {"Damen": 4},
    }
    assert lexicon_of(counts).language == "de"
    assert values(counts, ARTICLE_TYPE, "dress") == ["Kleider"]
    assert values(counts, COLOUR, "red") == ["Rot"]
    assert values(counts, GENDER, "women") == ["Damen"]


def test_a_word_of_another_language_names_no_value() -> None:
    counts = {"articleType": {"Dresses": 5, "Shirts": 4, "Robe": 1}}
    assert values(counts, ARTICLE_TYPE, "dress") == ["Dresses"]  # "robe" is French for a dress


def test_a_value_of_several_parts_is_found_by_each() -> None:
    counts = {"articleType": {"Necklace and Chains": 5, "Perfume and Body Mist": 2}}
    assert values(counts, ARTICLE_TYPE, "necklace") == ["Necklace and Chains"]
    assert values(counts, ARTICLE_TYPE, "perfume") == ["Perfume and Body Mist"]


def test_a_catalogue_without_columns_has_an_empty_lexicon() -> None:
    lexicon = lexicon_of({})
    assert (lexicon.columns, lexicon.values, lexicon.own) == ({}, {}, {})
