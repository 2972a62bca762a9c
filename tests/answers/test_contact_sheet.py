import time

import numpy as np
import pytest
from PIL import Image, ImageFont

from recommender.answers import contact_sheet_fonts
from recommender.answers.contact_sheet import TILE_WIDTH, Tile, _wrapped, draw_contact_sheet

FONT = ImageFont.load_default(15)
RED = Image.new("RGB", (60, 80), "red")
NAMES = {
    "word": "pullover" * 1_250,
    "words": "red pullover " * 10_000,
    "spaces": "red" + " " * 100_000 + "pullover",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 dress " * 100,
    "Hebrew": "\u05d7\u05d5\u05dc\u05e6\u05d4 " * 100,
    "Chinese": "\u7ea2\u8272\u8fde\u8863\u88d9" * 100,
    "control characters": "\x00\x07\u202ered\n\tshirt",
    "half a character": "\ud83d shirt",
    "nothing": "",
}


def sheet_of(name):
    return draw_contact_sheet([Tile(RED, name, "90% similar")] * 6, name + " catalogue")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_script_and_length_is_drawn_within_its_tile(name):
    sheet = sheet_of(name)
    gap = np.asarray(sheet)[:, :18]
    assert sheet.size == sheet_of("Shirt").size
    assert (gap[:, :13] == 255).all()


def test_a_long_name_takes_no_longer_than_a_short_one():
    sheet_of("Shirt")
    started = time.process_time()
    sheet_of("red pullover " * 10_000)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("name", ["pullover" * 1_250, "red pullover " * 10_000, "i" * 10_000])
def test_a_name_that_does_not_fit_is_cut_with_an_ellipsis(name):
    lines = _wrapped(name, FONT, TILE_WIDTH, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(FONT.getlength(line) <= TILE_WIDTH for line in lines)
    assert FONT.getlength(lines[0]) > TILE_WIDTH / 2


def test_a_name_that_fits_is_left_as_it_is():
    assert _wrapped("Red shirt", FONT, TILE_WIDTH, 2) == ["Red shirt"]
    name = "Women blue embroidered long kurta"
    lines = _wrapped(name, FONT, TILE_WIDTH, 2)
    assert len(lines) == 2
    assert " ".join(lines) == name


def test_a_run_of_characters_without_a_glyph_is_one_box(monkeypatch):
    monkeypatch.setattr(contact_sheet_fonts, "FALLBACK_FONTS", ())
    font = contact_sheet_fonts.font_for("\u7ea2\u8272", 15)
    missing = contact_sheet_fonts.NO_CHARACTER
    assert contact_sheet_fonts.drawable("A \u7ea2\u8272\u8fde B", font) == f"A {missing} B"


def test_another_script_gets_an_installed_font_that_has_it():
    try:
        ImageFont.truetype("DejaVuSans.ttf", 15)
    except OSError:
        pytest.skip("no DejaVu Sans on this machine")
    name = "\u0440\u0443\u0431\u0430\u0448\u043a\u0430"
    font = contact_sheet_fonts.font_for(name, 15)
    assert font.getname()[0] == "DejaVu Sans"
    assert contact_sheet_fonts.drawable(name, font) == name
