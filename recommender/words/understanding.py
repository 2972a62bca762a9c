"""Understanding of a text: the concepts, values, prices and stock that it names, with their places.

The language is the one that most of the text's words belong to; a word that means different things
in two languages ("robe", "rosa") is read in that language.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from recommender.schema import AVAILABILITY, PRICE
from recommender.words.concepts import (
    LANGUAGES,
    Concept,
    languages,
)
from recommender.words.lexicon import Lexicon
from recommender.words.matching import SHORTEST_PART, Match, find_matches, small_words
from recommender.words.prices import PriceRange, price_range, stock_words
from recommender.words.tokens import Token, is_east_asian, is_kana, tokens_of

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


def understand(
    text: str,
    lexicon: Lexicon,
    known: Callable[[str], bool],
    spelled: Callable[[str], bool] | None = None,
) -> Understanding:
    """Understanding of a text of any language; microseconds a word.

    Args:
        text: what a person wrote.
        lexicon: of the catalogue.
        known: whether a word, as written, is one of the catalogue's or of a language.
        spelled: whether a word is certainly spelled so; `known` by default.
    """
    tokens = tokens_of(text)
    prices, stock = price_range(text), stock_words(tokens)
    taken = [(p.start, p.stop) for p in (prices,) if p is not None] + ([stock] if stock else [])
    free = [not any(a <= token.start < b for a, b in taken) for token in tokens]
    matches = find_matches(text, tokens, free, lexicon, spelled or known)
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
    small = small_words()
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


def _language(tokens: list[Token], matches: list[Match]) -> str:
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
        for name, own in languages().items():
            votes[name] += token.word in own.words
    return max(LANGUAGES, key=lambda name: (votes[name], -LANGUAGES.index(name)))


def _reading(match: Match, matches: list[Match], language: str) -> tuple[Concept, ...]:
    """Concepts that a match stands for in the text's language, or else in another one."""
    if language in match.readings:
        return match.readings[language]
    if match.value is not None and match.readings:
        return ()
    others = any(language in other.readings for other in matches)
    if match.word in languages()[language].words or (others and match.letters < SHORTEST_FOREIGN):
        return ()
    return next(iter(match.readings.values()), ())


def _mention(
    match: Match, tokens: list[Token], language: str, lexicon: Lexicon, concept: Concept | None
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


def _negation(tokens: list[Token], match: Match, language: str) -> tuple[int | None, int | None]:
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
