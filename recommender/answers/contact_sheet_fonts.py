"""Fonts of the contact sheet: for each text, the first installed font that can draw it.

Pillow brings one font (Aileron, https://pillow.readthedocs.io/en/stable/reference/ImageFont.html),
which has Latin letters only: names in other scripts need a font of the machine.
"""

import functools
import unicodedata
from collections.abc import Iterator
from typing import TypeAlias

from PIL import ImageFont

Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont

# Files that Pillow looks for in the system's font folders, tried in this order. DejaVu has Greek,
# Cyrillic, Arabic and Hebrew; the others Chinese, Japanese and Korean on Linux, macOS and Windows.
FALLBACK_FONTS = (
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "Arial Unicode.ttf",
    "msyh.ttc",
    "malgun.ttf",
)
# No font has a glyph for this code point, which Unicode never assigns. Drawing it shows what a font
# draws for each character that it lacks.
NO_CHARACTER = "\uffff"
# Unicode's categories of characters that control, join or mark others.
JOINING = ("Cc", "Cf", "Cs", "Mn", "Me")
# Leading characters of a text by which a font is chosen.
SAMPLE = 100
# Answers kept by `_has`: the letters of most catalogues, in two sizes.
REMEMBERED = 8192


def font_for(text: str, size: int) -> Font:
    """First font that has every character of a text, else the font that has most of them.

    Args:
        text: judged by its first `SAMPLE` characters.
        size: pixels.
    """
    characters = {c for c in text[:SAMPLE] if not c.isspace()}
    best, most = ImageFont.load_default(size), -1
    for font in _installed(size):
        drawn = sum(_has(font, character) for character in characters)
        if drawn > most:
            best, most = font, drawn
        if drawn == len(characters):
            break
    return best


def drawable(text: str, font: Font) -> str:
    """Text that a font can draw.

    A run of characters that the font lacks becomes one box. Characters that control or join others
    (emoji sequences, direction marks) are left out.
    """
    kept: list[str] = []
    for character in text:
        joins = unicodedata.category(character) in JOINING
        if joins and (kept[-1:] == [NO_CHARACTER] or not _has(font, character)):
            continue
        known = character.isspace() or _has(font, character)
        if known or kept[-1:] != [NO_CHARACTER]:
            kept.append(character if known else NO_CHARACTER)
    return "".join(kept)


def _installed(size: int) -> Iterator[Font]:
    for index in range(len(FALLBACK_FONTS) + 1):
        font = _load(index, size)
        if font is not None:
            yield font


@functools.lru_cache(maxsize=64)
def _load(index: int, size: int) -> Font | None:
    """Pillow's own font (index 0) or a fallback font; None where it is not installed."""
    if index == 0:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(FALLBACK_FONTS[index - 1], size)
    except OSError:
        return None


@functools.lru_cache(maxsize=REMEMBERED)
def _has(font: Font, character: str) -> bool:
    """Whether a font has a glyph of its own for a character."""
    try:
        glyph, missing = font.getmask(character), font.getmask(NO_CHARACTER)
    except (UnicodeEncodeError, ValueError):
        return False  # Half of a surrogate pair is no character.
    return (glyph.size, bytes(glyph)) != (missing.size, bytes(missing))
