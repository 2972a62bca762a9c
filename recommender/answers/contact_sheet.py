"""Contact sheet: a query and its neighbours on one picture, to save, print or share."""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from recommender.answers.contact_sheet_fonts import Font, drawable, font_for

# Pixels.
TILE_WIDTH, TILE_HEIGHT = 220, 292
CAPTION_HEIGHT = 64
GAP = 18
COLUMNS = 6
# No line holds more characters: an "i" is 3 pixels wide, six tiles are 1,446. Characters beyond are
# not measured, so that a long name takes no longer.
MOST_CHARACTERS = 500
ELLIPSIS = "…"
PAPER, INK, FAINT, ACCENT = "#ffffff", "#1c1c22", "#6a6a75", "#4f46e5"


@dataclass(frozen=True)
class Tile:
    """One picture of a contact sheet and the two lines below it."""

    picture: Image.Image
    title: str
    caption: str
    is_query: bool = False


def draw_contact_sheet(tiles: Sequence[Tile], footer: str = "") -> Image.Image:
    """Contact sheet of tiles, row by row.

    Args:
        tiles: pictures with captions, the queries first.
        footer: a line at the bottom, such as where the products come from.

    Returns:
        RGB, as wide as six tiles at most.
    """
    columns = max(1, min(COLUMNS, len(tiles)))
    rows = -(-len(tiles) // columns)
    row_height = TILE_HEIGHT + CAPTION_HEIGHT + GAP
    width = columns * (TILE_WIDTH + GAP) + GAP
    sheet = Image.new("RGB", (width, rows * row_height + GAP + (28 if footer else 0)), PAPER)
    draw = ImageDraw.Draw(sheet)
    plain = ImageFont.load_default(13)
    for i, tile in enumerate(tiles):
        left = GAP + (i % columns) * (TILE_WIDTH + GAP)
        top = GAP + (i // columns) * row_height
        picture = _fitted(tile.picture)
        offset = (
            left + (TILE_WIDTH - picture.width) // 2,
            top + (TILE_HEIGHT - picture.height) // 2,
        )
        sheet.paste(picture, offset)
        frame = (left - 4, top - 4, left + TILE_WIDTH + 3, top + TILE_HEIGHT + 3)
        draw.rounded_rectangle(frame, 6, outline=ACCENT if tile.is_query else "#e4e4ea", width=2)
        font = font_for(tile.title, 15)
        lines = _wrapped(tile.title, font, TILE_WIDTH, 2)
        for n, line in enumerate(lines):
            draw.text((left, top + TILE_HEIGHT + 8 + n * 18), line, INK, font)
        draw.text((left, top + TILE_HEIGHT + 10 + len(lines) * 18), tile.caption, FAINT, plain)
    if footer:
        font = font_for(footer, 13)
        for line in _wrapped(footer, font, width - 2 * GAP, 1):
            draw.text((GAP, sheet.height - 30), line, FAINT, font)
    return sheet


def _fitted(picture: Image.Image) -> Image.Image:
    scale = min(TILE_WIDTH / picture.width, TILE_HEIGHT / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _wrapped(text: str, font: Font, width: int, most: int) -> list[str]:
    """Lines of a text, at most `most`, each within a width (pixels); an ellipsis ends a cut text.

    Lines break between words, and within a word that is longer than a line (Chinese and Japanese
    write no spaces).
    """
    words = " ".join(text.split())
    rest = drawable(words[: most * MOST_CHARACTERS], font)
    was_cut = len(words) > most * MOST_CHARACTERS
    lines: list[str] = []
    while rest and len(lines) < most:
        count = _fitting(rest, font, width)
        if count < len(rest):
            space = rest.rfind(" ", 1, count + 1)
            count = space if space > 0 else max(1, count)
        line, rest = rest[:count], rest[count:].lstrip()
        if len(lines) == most - 1 and (rest or was_cut):
            room = int(width - font.getlength(ELLIPSIS))
            line = line[: _fitting(line, font, room)].rstrip() + ELLIPSIS
        lines.append(line)
    return lines


def _fitting(text: str, font: Font, width: int) -> int:
    """Number of leading characters that fit `width` pixels."""

    def length(count: int) -> int:
        return math.ceil(font.getlength(text[:count]))

    candidates = range(1, min(len(text), MOST_CHARACTERS) + 1)
    return bisect.bisect_right(candidates, width, key=length)
