"""Understanding of a text: the concepts, values, prices and stock that it names, with their places.

The language is the one that most of the text's words belong to; a word that means different things
in two languages ("robe", "rosa") is read in that language.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.schema import AVAILABILITY, PRICE
from recommender.words.concepts import (
    LANGUAGES,
    Concept,
    Phrase,
    languages,
    meanings,
)
from recommender.words.lexicon import Lexicon
from recommender.words.prices import PriceRange, price_range, stock_words
from recommender.words.tokens import Token, is_east_asian, is_kana, singular, tokens_of

# Shortest word in which a wrong letter is forgiven: shorter words are one letter from many others.
SHORTEST_FORGIVEN = 5
# Shortest parts of a compound of German and Dutch ("Damenkleid", "zomerjurk").
SHORTEST_PART = 3
_COMPOUNDING = ("de", "nl")
# Words of another language than the text's are understood from this length on.
SHORTEST_FOREIGN = 5


@dataclass(frozen=True)
class Mention:
    """Mention of something in a text."""

    role: str
    label: str
    """As the catalogue calls it, or as the concept table does."""
    start: int
    stop: int
    negated: bool = False
    values: tuple[tuple[str, int], ...] = ()
    """Values of the catalogue with their numbers of products; empty where it has none."""
    concept: Concept | None = None
    """None for a value of the catalogue that no concept names."""
    prices: PriceRange | None = None


@dataclass(frozen=True)
class Understanding:
    """Understanding of a text."""

    text: str
    language: str
    mentions: tuple[Mention, ...]
    unknown: tuple[str, ...]
    """Words that neither the table nor the catalogue has, as written."""
    corrected: tuple[tuple[str, str], ...]
    """Words with a wrong letter, and what was read instead."""
    words: int
    """Number of words."""
    small: int
    """Number of small words, which say nothing of a product."""

    def of(self, role: str, *, negated: bool = False) -> tuple[Mention, ...]:
        """Mentions of a role."""
        return tuple(m for m in self.mentions if m.role == role and m.negated == negated)

    @property
    def readable(self) -> str:
        """Text with its wrong letters corrected, without prices, stock and what must not be."""
        kept, last = [], 0
        for mention in self.mentions:
            if mention.negated or mention.role in (PRICE, AVAILABILITY):
                kept.append(self.text[last : mention.start])
                last = max(last, mention.stop)
        rest = " ".join(" ".join([*kept, self.text[last:]]).split())
        for written, read in self.corrected:
            rest = rest.replace(written, read)
        return rest or self.text

    def without(self, number: int) -> str:
        """Text without one of its mentions."""
        gone = self.mentions[number]
        return " ".join((self.text[: gone.start] + " " + self.text[gone.stop :]).split())


@dataclass(frozen=True)
class _Match:
    first: int
    """Position of the first token."""
    count: int
    letters: int
    readings: dict[str, tuple[Concept, ...]]
    value: tuple[str, str] | None = None
    written: str = ""
    """What stands there, where it was read as something else."""
    read: str = ""


def understand(text: str, lexicon: Lexicon, known: Callable[[str], bool]) -> Understanding:
    """Understanding of a text of any language; microseconds a word.

    Args:
        text: what a person wrote.
        lexicon: of the catalogue.
        known: whether a word, as written, is one of the catalogue's texts or of the encoder.
    """
    tokens = tokens_of(text)
    prices, stock = price_range(text), stock_words(tokens)
    taken = [(p.start, p.stop) for p in (prices,) if p is not None] + ([stock] if stock else [])
    free = [not any(a <= token.start < b for a, b in taken) for token in tokens]
    matches = _matches(text, tokens, free, lexicon, known)
    language = _language(tokens, matches)
    mentions: list[Mention] = []
    for match in matches:
        for concept in _reading(match, matches, language):
            mentions.append(_mention(match, tokens, language, lexicon, concept))
        if not match.readings and match.value is not None:
            mentions.append(_mention(match, tokens, language, lexicon, None))
    if prices is not None:
        mentions.append(
            Mention(PRICE, _price_label(prices), prices.start, prices.stop, prices=prices)
        )
    if stock is not None:
        mentions.append(Mention(AVAILABILITY, "in stock", *stock))
    small = _small_words()
    unknown = [
        text[token.start : token.stop]
        for i, token in enumerate(tokens)
        if free[i]
        and token.word not in small
        and not any(m.start <= token.start < m.stop for m in mentions)
        and not known(text[token.start : token.stop])
    ]
    return Understanding(
        text,
        language,
        tuple(sorted(_without_doubles(mentions), key=lambda mention: mention.start)),
        tuple(dict.fromkeys(unknown)),
        tuple((match.written, match.read) for match in matches if match.written),
        len(tokens),
        sum(token.word in small for token in tokens),
    )


def _matches(
    text: str,
    tokens: list[Token],
    free: list[bool],
    lexicon: Lexicon,
    known: Callable[[str], bool],
) -> list[_Match]:
    words = [token.word for token in tokens]
    found, i = [], 0
    while i < len(words):
        match = None
        if free[i]:
            match = _longest(words, free, i, lexicon)
            if match is None and not is_east_asian(words[i]):
                written = text[tokens[i].start : tokens[i].stop]
                match = _single(words[i], i, lexicon, known, written)
        if match is not None:
            found.append(match)
        i += match.count if match is not None else 1
    return found


def _longest(words: list[str], free: list[bool], i: int, lexicon: Lexicon) -> _Match | None:
    table = meanings()
    most = max(_longest_phrases().get(words[i], 1), lexicon.longest)
    for count in range(min(most, len(words) - i), 0, -1):
        if not all(free[i : i + count]):
            continue
        for phrase in _spellings(tuple(words[i : i + count])):
            readings, value = table.get(phrase, {}), lexicon.own.get(phrase)
            if readings or value is not None:
                return _Match(i, count, len("".join(phrase)), readings, value)
    return None


def _spellings(phrase: Phrase) -> tuple[Phrase, ...]:
    """The phrase, and with its last word in the singular and in the plural of English."""
    *rest, last = phrase
    if is_east_asian(last):
        return (phrase,)
    return phrase, (*rest, singular(last)), (*rest, f"{last}s")


def _single(
    word: str, i: int, lexicon: Lexicon, known: Callable[[str], bool], written: str
) -> _Match | None:
    """Match of one word that is in no table: a compound, or a word with a wrong letter."""
    parts = _compound(word)
    if parts is not None:
        return _Match(i, 1, len(word), parts)
    if len(word) < SHORTEST_FORGIVEN or known(written) or word in _small_words() or word.isdigit():
        return None
    candidates = (*_single_words(), *lexicon.single_words)
    best = process.extractOne(word, candidates, scorer=OSA.distance, score_cutoff=1)
    if best is None or len(best[0]) < SHORTEST_FORGIVEN - 1:
        return None
    phrase = (best[0],)
    readings, value = meanings().get(phrase, {}), lexicon.own.get(phrase)
    return _Match(i, 1, len(word), readings, value, written, best[0])


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


def _language(tokens: list[Token], matches: list[_Match]) -> str:
    votes: Counter[str] = Counter()
    for match in matches:
        for language in match.readings:
            votes[language] += match.count
    matched = {m.first + k for m in matches for k in range(m.count)}
    for i, token in enumerate(tokens):
        if is_kana(token.word):
            votes["ja"] += 1
        if i in matched and not is_east_asian(token.word) and len(token.word) > SHORTEST_PART:
            continue
        for name, language in languages().items():
            votes[name] += token.word in language.words
    return max(LANGUAGES, key=lambda name: (votes[name], -LANGUAGES.index(name)))


def _reading(match: _Match, matches: list[_Match], language: str) -> tuple[Concept, ...]:
    """Concepts that a match stands for in the text's language, or else in another one."""
    if language in match.readings:
        return match.readings[language]
    if match.value is not None and match.readings:
        return ()
    others = any(language in other.readings for other in matches)
    if others and match.letters < SHORTEST_FOREIGN:
        return ()
    return next(iter(match.readings.values()), ())


def _mention(
    match: _Match, tokens: list[Token], language: str, lexicon: Lexicon, concept: Concept | None
) -> Mention:
    start = tokens[match.first].start
    stop = tokens[match.first + match.count - 1].stop
    begun, ended = _negation(tokens, match, language)
    negated = begun is not None or ended is not None
    start, stop = begun if begun is not None else start, ended if ended is not None else stop
    if concept is None:
        assert match.value is not None
        role, value = match.value
        return Mention(role, value, start, stop, negated, ((value, 0),))
    values = lexicon.values_of(concept)
    label = values[0][0] if len(values) == 1 else concept.name
    return Mention(concept.role, label, start, stop, negated, values, concept)


def _negation(tokens: list[Token], match: _Match, language: str) -> tuple[int | None, int | None]:
    """Where a negation before a match begins, and where one behind it ends."""
    words = [token.word for token in tokens]
    own = languages()[language]
    for phrase in sorted(own.negations, key=len, reverse=True):
        # Small words may stand between: "not in black", "pas de noir".
        for gap in range(2):
            first = match.first - gap - len(phrase)
            between = words[match.first - gap : match.first]
            if (
                first >= 0
                and tuple(words[first : first + len(phrase)]) == phrase
                and all(word in own.words for word in between)
            ):
                return tokens[first].start, None
    after = match.first + match.count
    for phrase in own.negations_after:
        if tuple(words[after : after + len(phrase)]) == phrase:
            return None, tokens[after + len(phrase) - 1].stop
    return None, None


def _without_doubles(mentions: list[Mention]) -> list[Mention]:
    """Mentions without a second one of the same thing."""
    kept: dict[tuple[str, str, bool], Mention] = {}
    for mention in mentions:
        kept.setdefault((mention.role, mention.label, mention.negated), mention)
    return list(kept.values())


def _price_label(prices: PriceRange) -> str:
    money = f" {prices.currency}" if prices.currency else ""
    if prices.least is None:
        return f"under {prices.most:g}{money}"
    if prices.most is None:
        return f"over {prices.least:g}{money}"
    return f"{prices.least:g} to {prices.most:g}{money}"


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
def _small_words() -> frozenset[str]:
    negations = (p for language in languages().values() for p in language.negations)
    single = {phrase[0] for phrase in negations if len(phrase) == 1}
    return frozenset().union(*(language.words for language in languages().values()), single)
