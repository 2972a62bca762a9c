"""Tokens: words of any language in one spelling, single characters of Chinese and Japanese."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that Unicode does not decompose, as people type them without their own keyboard.
_PLAIN = str.maketrans(
    {"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "\u0131": "i"}
)
_MARKS = re.compile("[\u0300-\u036f]")
# Han, Hiragana, Katakana and the prolonged sound mark: each character is a token of its own.
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"[{_EAST_ASIAN}]|[^\W_{_EAST_ASIAN}]+")
_KANA = re.compile("[\u3040-\u30ff]")


@dataclass(frozen=True)
class Token:
    """Token of a text: its spelling for comparison, and its place in the text."""

    word: str
    start: int
    stop: int


def tokens_of(text: str) -> list[Token]:
    """Tokens of a text in order; punctuation and the possessive s are left out."""
    found = (Token(plain(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text))
    return [token for token in found if token.word and token.word != "s"]


def words_of(text: str) -> tuple[str, ...]:
    """Words of a text as tokens spell them."""
    return tuple(token.word for token in tokens_of(text))


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """Word without case, accents and other forms of a letter: "Gürtel" and "GURTEL" are equal."""
    folded = unicodedata.normalize("NFKD", word).casefold().translate(_PLAIN)
    # Marks of Japanese change a letter into another one, and stay.
    return unicodedata.normalize("NFC", _MARKS.sub("", folded))


def is_east_asian(word: str) -> bool:
    """Whether a token is one character of Chinese or Japanese."""
    return re.fullmatch(f"[{_EAST_ASIAN}]", word) is not None


def is_kana(word: str) -> bool:
    """Whether a token is a character that only Japanese has."""
    return _KANA.fullmatch(word) is not None


def singular(word: str) -> str:
    """English word without the ending of its plural: "dresses", "watches" and "shirts"."""
    for ending in ("sses", "shes", "ches", "xes"):
        if word.endswith(ending):
            return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
