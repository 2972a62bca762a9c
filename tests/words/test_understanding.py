"""What a text names: types, colours, genders, prices and stock, in ten languages."""

import pytest

from recommender.schema import ARTICLE_TYPE, AVAILABILITY, COLOUR, GENDER, PRICE
from recommender.words.concepts import LANGUAGES, concepts
from recommender.words.lexicon import lexicon_of
from recommender.words.understanding import Understanding, understand

LEXICON = lexicon_of(
    {
        "articleType": {
            "Tshirts": 9,
            "Dresses": 8,
            "Casual Shoes": 7,
            "Sports Shoes": 5,
            "Capes": 2,
        },
        "baseColour": {"Red": 9, "Black": 8, "Navy Blue": 3, "Blue": 6},
        "gender": {"Men": 9, "Women": 8, "Boys": 3, "Girls": 2},
    }
)
WORDS = frozenset({"roadster", "weather"})


def read(text: str) -> Understanding:
    return understand(text, LEXICON, lambda word: word.lower() in WORDS)


def named(text: str) -> set[tuple[str, str]]:
    return {(mention.role, mention.label) for mention in read(text).mentions}


RED_DRESS = {(ARTICLE_TYPE, "Dresses"), (COLOUR, "Red"), (GENDER, "Women")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "red dress for women"),
        ("de", "rotes Kleid für Damen"),
        ("fr", "robe rouge pour femme"),
        ("es", "vestido rojo de mujer"),
        ("it", "vestito rosso da donna"),
        ("pt", "vestido vermelho de mulher"),
        ("nl", "rode jurk voor dames"),
        ("pl", "czerwona sukienka dla kobiet"),
        ("ja", "女性用の赤いドレス"),
        ("zh", "女士红色连衣裙"),
    ],
)
def test_a_red_dress_is_understood_in_ten_languages(language: str, text: str) -> None:
    assert named(text) == RED_DRESS
    assert read(text).language == language


def test_every_concept_has_words_in_every_language() -> None:
    assert {language for c in concepts() for language, words in c.forms if all(words)} == set(
        LANGUAGES
    )
    assert all(all(words) for c in concepts() for _, words in c.forms)


def test_case_accents_and_plurals_make_no_difference() -> None:
    assert named("RED DRESSES") == named("red dress")
    assert named("rode jurken") == named("RODE JURKEN")
    assert (COLOUR, "Black") in named("ein schwarzer Gurtel")


def test_the_parts_of_a_compound_are_understood() -> None:
    assert named("Damenkleid") == {(ARTICLE_TYPE, "Dresses"), (GENDER, "Women")}


def test_a_broad_word_names_all_narrower_values() -> None:
    (mention,) = read("shoes").mentions
    assert {value for value, _ in mention.values} == {"Casual Shoes", "Sports Shoes"}


def test_a_value_that_the_table_lacks_is_used_as_it_is() -> None:
    assert named("red cape") == {(COLOUR, "Red"), (ARTICLE_TYPE, "Capes")}


def test_the_longest_words_win() -> None:
    assert named("navy blue t-shirt") == {(COLOUR, "Navy Blue"), (ARTICLE_TYPE, "Tshirts")}


def test_a_word_of_two_languages_is_read_in_the_language_of_the_text() -> None:
    assert (ARTICLE_TYPE, "Dresses") in named("robe noire")
    assert named("size 8 or 9") == set()  # French gold


@pytest.mark.parametrize("text", ["not black", "nicht schwarz", "pas noir", "sin negro", "黒以外"])
def test_what_must_not_be_is_understood(text: str) -> None:
    (mention,) = read(text).mentions
    assert (mention.label, mention.negated) == ("Black", True)


def test_one_wrong_letter_is_forgiven() -> None:
    understood = read("red tshrit")
    assert (ARTICLE_TYPE, "Tshirts") in {(m.role, m.label) for m in understood.mentions}
    assert understood.corrected == (("tshrit", "tshirt"),)
    assert understood.readable == "red tshirt"


def test_a_known_word_is_not_corrected() -> None:
    assert named("weather") == set()  # leather


def test_unknown_words_are_told() -> None:
    assert read("red xqzzt dress").unknown == ("xqzzt",)
    assert read("red roadster dress").unknown == ()


@pytest.mark.parametrize(
    ("text", "least", "most", "currency"),
    [
        ("dress under 50 euros", None, 50, "EUR"),
        ("Kleid bis 49,90 €", None, 49.9, "EUR"),
        ("robe moins de 1.200 €", None, 1200, "EUR"),
        ("shoes over $30", 30, None, "USD"),
        ("between 20 and 40 pounds", 20, 40, "GBP"),
        ("sukienka do 100 zł", None, 100, "PLN"),
        ("5000円以下のドレス", None, 5000, "JPY"),
        ("连衣裙 200元以内", None, 200, "CNY"),
    ],
)
def test_prices_are_understood(
    text: str, least: float | None, most: float | None, currency: str
) -> None:
    (price,) = read(text).of(PRICE)
    assert price.prices is not None
    assert (price.prices.least, price.prices.most) == (least, most)
    assert price.prices.currency == currency


def test_a_number_alone_is_no_price() -> None:
    assert read("dress size 42, pack of 3").of(PRICE) == ()


def test_stock_is_understood() -> None:
    assert read("red dress in stock").of(AVAILABILITY)
    assert read("Schuhe auf Lager").of(AVAILABILITY)


def test_a_mention_can_be_taken_out_of_the_text() -> None:
    understood = read("red dress, not black, under 50 euros")
    assert understood.without(0) == "dress, not black, under 50 euros"
    (number,) = [i for i, m in enumerate(understood.mentions) if m.role == PRICE]
    assert understood.without(number) == "red dress, not black,"


@pytest.mark.parametrize("text", ["", "🙂🙂", "\u202e\u0000x", "ﷺ" * 300, "\ud83d", "1/0 -- ;"])
def test_any_characters_are_read(text: str) -> None:
    assert read(text).words >= 0
