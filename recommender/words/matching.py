"""Matching of a text's words: concepts, values of a catalogue, compounds and wrong letters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.words.concepts import Concept, Phrase, languages, meanings
from recommender.words.lexicon import Lexicon
from recommender.words.tokens import Token, is_east_asian, singular

# Shortest word in which a wrong letter is forgiven: shorter words are one letter from many others.
SHORTEST_FORGIVEN = 5
# Shortest parts of a compound of German and Dutch ("Damenkleid", "zomerjurk").
SHORTEST_PART = 3
_COMPOUNDING = ("de", "nl")


@dataclass(frozen=True)
class Match:
    """Match of some tokens with the words of concepts, or with a value of the catalogue."""

    first: int
    """Position of the first token."""
    count: int
    word: str
    """The first token."""
    letters: int
    readings: dict[str, tuple[Concept, ...]]
    value: tuple[str, str] | None = None
    written: str = ""
    """What stands there, where it was read as something else."""
    read: str = ""


def find_matches(
    text: str,
    tokens: list[Token],
    free: list[bool],
    lexicon: Lexicon,
    spelled: Callable[[str], bool],
) -> list[Match]:
    """Matches of a text's tokens with the table and the lexicon, the longest first.

    Args:
        text: of the tokens.
        tokens: n tokens.
        free: whether each token may be matched.
        lexicon: of the catalogue.
        spelled: whether a word, as written, is certainly spelled so, and is not corrected.
    """
    words = [token.word for token in tokens]
    found, i = [], 0
    while i < len(words):
        match = None
        if free[i]:
            match = _longest(words, free, i, lexicon)
            if match is None and not is_east_asian(words[i]):
                written = text[tokens[i].start : tokens[i].stop]
                match = _single(words[i], i, lexicon, spelled, written)
        if match is not None:
            found.append(match)
        i += match.count if match is not None else 1
    return found


def _longest(words: list[str], free: list[bool], i: int, lexicon: Lexicon) -> Match | None:
    table = meanings()
    most = max(_longest_phrases().get(words[i], 1), lexicon.longest)
    for count in range(min(most, len(words) - i), 0, -1):
        if not all(free[i : i + count]):
            continue
        for phrase in _spellings(tuple(words[i : i + count])):
            readings, value = table.get(phrase, {}), lexicon.own.get(phrase)
            if readings or value is not None:
                return Match(i, count, words[i], len("".join(phrase)), readings, value)
    return None


def _spellings(phrase: Phrase) -> tuple[Phrase, ...]:
    """The phrase, and with its last word in the singular and in the plural of English."""
    *rest, last = phrase
    if is_east_asian(last):
        return (phrase,)
    return phrase, (*rest, singular(last)), (*rest, f"{last}s")


def _single(
    word: str, i: int, lexicon: Lexicon, spelled: Callable[[str], bool], written: str
) -> Match | None:
    """Match of one word that is in no table: a compound, or a word with a wrong letter."""
    parts = _compound(word)
    if parts is not None:
        return Match(i, 1, word, len(word), parts)
    if len(word) < SHORTEST_FORGIVEN or spelled(written) or word in small_words() or word.isdigit():
        return None
    candidates = (*_single_words(), *lexicon.single_words)
    best = process.extractOne(word, candidates, scorer=OSA.distance, score_cutoff=1)
    if best is None or len(best[0]) < SHORTEST_FORGIVEN - 1:
        return None
    phrase = (best[0],)
    readings, value = meanings().get(phrase, {}), lexicon.own.get(phrase)
    return Match(i, 1, word, len(word), readings, value, written, best[0])


def _compound(word: str) -> dict[str, tuple[Concept, ...]] | None:
    """Readings of a compound: the concepts of both of its parts."""
    table = meanings()
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        first, last = word[:cut], word[cut:]
        for language in _COMPOUNDING:
            end = table.get((last,), {}).get(language)
            for linked in (first, first.removesuffix("s"), first.removesuffix("n")):
                start = table.get((linked,), {}).get(language)
                if start and end and len(linked) >= SHORTEST_PART:
                    return {language: (*start, *end)}
    return None


@cache
def _longest_phrases() -> dict[str, int]:
    """Number of words of the longest phrase of the table, by its first word."""
    longest: dict[str, int] = {}
    for phrase in meanings():
        longest[phrase[0]] = max(longest.get(phrase[0], 1), len(phrase))
    return longest


@cache
def _single_words() -> tuple[str, ...]:
    return tuple(
        phrase[0]
        for phrase in meanings()
        if len(phrase) == 1 and len(phrase[0]) >= SHORTEST_FORGIVEN - 1
    )


@cache
def small_words() -> frozenset[str]:
    """Small words of all languages, negations included."""
    negations = (p for language in languages().values() for p in language.negations)
    single = {phrase[0] for phrase in negations if len(phrase) == 1}
    return frozenset().union(*(language.words for language in languages().values()), single)
