"""A result sheet: the query and its neighbours on one picture, to save, print or share."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

# Pixels.
TILE_WIDTH, TILE_HEIGHT = 220, 292
CAPTION_HEIGHT = 64
GAP = 18
COLUMNS = 6
PAPER, INK, FAINT, ACCENT = "#ffffff", "#1c1c22", "#6a6a75", "#4f46e5"


@dataclass(frozen=True)
class Tile:
    """A picture of the sheet and the two lines below it."""

    picture: Image.Image
    title: str
    caption: str
    is_query: bool = False


def draw_sheet(tiles: Sequence[Tile], footer: str = "") -> Image.Image:
    """Draw tiles in rows.

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
    bold, plain = ImageFont.load_default(15), ImageFont.load_default(13)
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
        lines = _wrapped(draw, tile.title, bold, 2)
        for n, line in enumerate(lines):
            draw.text((left, top + TILE_HEIGHT + 8 + n * 18), line, INK, bold)
        draw.text((left, top + TILE_HEIGHT + 10 + len(lines) * 18), tile.caption, FAINT, plain)
    if footer:
        draw.text((GAP, sheet.height - 30), footer, FAINT, plain)
    return sheet


def _fitted(picture: Image.Image) -> Image.Image:
    scale = min(TILE_WIDTH / picture.width, TILE_HEIGHT / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _wrapped(
    draw: ImageDraw.ImageDraw,
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    most: int,
) -> list[str]:
    """A text in at most so many lines that fit a tile; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        count = len(words)
        while count > 1 and draw.textlength(" ".join(words[:count]), font) > TILE_WIDTH:
            count -= 1
        line, words = " ".join(words[:count]), words[count:]
        if words and len(lines) == most - 1:
            line += "…"
        while len(line) > 2 and draw.textlength(line, font) > TILE_WIDTH:
            line = line.rstrip("…")[:-1] + "…"
        lines.append(line)
    return lines
