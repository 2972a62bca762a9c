import io
import random
import subprocess
import sys
import textwrap
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from recommender.errors import PictureError
from recommender.pictures.decoding import MAX_JPEG_SCANS, open_picture
from tests.support import sample_pictures as made
from tests.support.sample_pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    YELLOW,
    as_camera_stores,
    claiming,
    corner_colours,
    data_url,
    encoded,
    four_corners,
    photo,
    png,
    tiff,
)

# pytest undoes the filter that `pictures` sets when imported; a test below checks it apart.
pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")


def assert_corners(picture, expected=(RED, GREEN, BLUE, YELLOW), tolerance=12):
    assert picture.mode == "RGB"
    difference = np.subtract(corner_colours(picture), expected)
    assert abs(difference).max() <= tolerance, corner_colours(picture)


# What opens


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_opens_at_its_size_with_its_colours(format):
    picture = open_picture(encoded(four_corners(), format))
    assert picture.size == (96, 64)
    assert_corners(picture)


def test_a_picture_is_the_same_whichever_way_it_is_sent(tmp_path):
    data = encoded(four_corners())
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    sources = [data, path, str(path), io.BytesIO(data), data_url(data), four_corners()]
    sources += [np.asarray(four_corners()), Image.open(path)]
    with path.open("rb") as file:
        pictures = [open_picture(source) for source in (*sources, file)]
    assert all(picture.tobytes() == four_corners().tobytes() for picture in pictures)


def test_the_name_of_a_file_does_not_matter(tmp_path):
    (tmp_path / "picture.txt").write_bytes(encoded(four_corners(), "WEBP"))
    assert_corners(open_picture(tmp_path / "picture.txt"))


def test_an_rgb_picture_that_needs_nothing_is_not_copied():
    picture = four_corners()
    assert open_picture(picture) is picture


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_an_animation_gives_its_first_frame(format):
    later = [Image.new("RGB", (96, 64), colour) for colour in (BLUE, GREEN)]
    data = encoded(four_corners(), format, save_all=True, append_images=later)
    assert Image.open(io.BytesIO(data)).n_frames == 3
    assert_corners(open_picture(data))


# Upright


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_picture_taken_in_any_orientation_comes_out_upright(format, orientation):
    stored, exif = as_camera_stores(four_corners(), orientation)
    # As bytes, for pillow-heif writes HEIC's own turn only then; HEIC readers ignore the EXIF one.
    picture = open_picture(encoded(stored, format, exif=exif.tobytes()))
    assert picture.size == (96, 64)
    assert_corners(picture)


def test_a_picture_is_turned_once_however_often_it_is_opened():
    stored, exif = as_camera_stores(four_corners(), 6)
    once = open_picture(encoded(stored, "JPEG", exif=exif))
    assert_corners(open_picture(once))


def test_a_pillow_picture_with_a_turn_to_make_is_itself_left_alone():
    stored, exif = as_camera_stores(four_corners(), 6)
    lazy = Image.open(io.BytesIO(encoded(stored, "JPEG", exif=exif)))
    assert_corners(open_picture(lazy, min_side=16))
    assert lazy.size == (64, 96)
    assert lazy.getexif()[274] == 6


def test_the_turn_survives_damage_elsewhere_in_the_exif():
    stored, exif = as_camera_stores(four_corners(), 6)
    exif[282] = 72.0  # The resolution: a rational number, which the next line makes a text.
    damaged = exif.tobytes().replace(b"\x01\x1a\0\5\0\0\0\1", b"\x01\x1a\0\2\0\0\0\4")
    assert damaged != exif.tobytes()
    assert_corners(open_picture(encoded(stored, "JPEG", exif=damaged)))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0nonsense", b"Exif\0\0MM\0*\0\0"])
def test_exif_that_cannot_be_read_does_not_spoil_the_picture(format, exif):
    assert_corners(open_picture(encoded(four_corners(), format, exif=exif)))


def test_where_and_how_it_was_taken_is_not_kept():
    stored, exif = as_camera_stores(four_corners(), 1)
    exif[270] = "at home"
    assert open_picture(encoded(stored, "JPEG", exif=exif, comment="mine")).info == {}


# On white


def half_transparent():
    picture = four_corners().convert("RGBA")
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (0, 0, picture.width // 2, picture.height))
    picture.putalpha(alpha)
    return picture


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_transparent_pixels_land_on_white(format):
    picture = open_picture(encoded(half_transparent(), format))
    assert_corners(picture, (WHITE, GREEN, WHITE, YELLOW))


@pytest.mark.parametrize("mode", ["LA", "La", "PA", "RGBA", "RGBa"])
def test_every_mode_with_transparency_lands_on_white(mode):
    if mode == "PA":
        source = half_transparent().convert("P").convert("PA")
        source.putalpha(half_transparent().getchannel("A"))
    elif mode == "La":
        source = half_transparent().convert("LA").convert("La")
    else:
        source = half_transparent().convert(mode)
    assert source.mode == mode
    left = corner_colours(open_picture(source))[::2]
    right = corner_colours(open_picture(source))[1::2]
    assert left == [WHITE, WHITE]
    assert WHITE not in right


def test_a_half_transparent_pixel_is_half_white():
    picture = open_picture(Image.new("RGBA", (8, 8), (200, 0, 100, 128)))
    np.testing.assert_allclose(picture.getpixel((0, 0)), (227, 127, 177), atol=1)


@pytest.mark.parametrize("format", ["GIF", "PNG"])
def test_the_transparent_colour_of_a_palette_lands_on_white(format):
    picture = four_corners().quantize(4)
    red = picture.getpixel((0, 0))
    data = encoded(picture, format, transparency=red)
    assert_corners(open_picture(data), (WHITE, GREEN, BLUE, YELLOW))


@pytest.mark.parametrize(
    ("depth", "colour", "row", "key"),
    [
        (1, 0, b"\x40", b"\0\0"),
        (8, 0, b"\x0a\x80", b"\0\x0a"),
        (16, 0, b"\x27\x10\x80\x00", b"\x27\x10"),
        (8, 2, b"\x0a\x14\x1e\x80\x80\x80", b"\0\x0a\0\x14\0\x1e"),
        (16, 2, b"\x0a\x0a\x14\x14\x1e\x1e" + b"\x80" * 6, b"\x0a\x0a\x14\x14\x1e\x1e"),
    ],
)
def test_the_colour_that_a_png_declares_transparent_lands_on_white(depth, colour, row, key):
    picture = open_picture(png(2, 1, depth, colour, b"\0" + row, (b"tRNS", key)))
    assert picture.getpixel((0, 0)) == WHITE
    opaque = open_picture(png(2, 1, depth, colour, b"\0" + row))
    assert opaque.getpixel((0, 0)) != WHITE
    assert picture.getpixel((1, 0)) == opaque.getpixel((1, 0))


# Modes and depths


@pytest.mark.parametrize("mode", ["RGB", "RGBX", "P", "CMYK", "YCbCr", "HSV", "LAB"])
def test_every_colour_mode_shows_its_colours(mode):
    if mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        source = ImageCms.profileToProfile(four_corners(), srgb, lab, outputMode="LAB")
    elif mode == "P":
        source = four_corners().quantize(8)
    else:
        source = four_corners().convert(mode)
    assert_corners(open_picture(source))


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_a_cmyk_file_shows_its_colours(format):
    assert_corners(open_picture(encoded(four_corners().convert("CMYK"), format)))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"])
def test_a_grey_picture_has_three_equal_channels(format):
    picture = open_picture(encoded(four_corners().convert("L"), format))
    channels = np.asarray(picture)
    assert picture.mode == "RGB"
    assert (channels == channels[..., :1]).all()
    assert abs(int(channels[0, 0, 0]) - four_corners().convert("L").getpixel((0, 0))) <= 2


@pytest.mark.parametrize("format", ["PNG", "TIFF", "BMP", "GIF"])
def test_a_black_and_white_picture_stays_black_and_white(format):
    source = Image.new("1", (16, 16))
    source.paste(1, (0, 0, 8, 16))
    picture = open_picture(encoded(source, format))
    assert [picture.getpixel(at) for at in ((0, 0), (15, 0))] == [WHITE, (0, 0, 0)]


RAMP = np.linspace(0, 65535, 256).astype(np.uint16).reshape(1, 256).repeat(8, 0)
LEVELS = np.arange(256).reshape(1, 256).repeat(8, 0)


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bit_greys_keep_their_steps(format):
    picture = open_picture(encoded(Image.fromarray(RAMP), format))
    assert (np.asarray(picture)[..., 1] == LEVELS).all()


def test_big_endian_sixteen_bit_greys_keep_their_steps():
    data = b"".join(b"\0" + row.astype(">u2").tobytes() for row in RAMP)
    assert (np.asarray(open_picture(png(256, 8, 16, 0, data)))[..., 1] == LEVELS).all()


@pytest.mark.parametrize(
    "values",
    [
        LEVELS.astype(np.int32),
        RAMP.astype(np.int32),
        (LEVELS / 255).astype(np.float32),
        LEVELS.astype(np.float32),
        RAMP.astype(np.float32),
    ],
)
def test_thirty_two_bit_pictures_find_their_white(values):
    source = Image.fromarray(values)
    assert source.mode in ("I", "F")
    for sent in (source, encoded(source, "TIFF")):
        assert (np.asarray(open_picture(sent))[..., 1] == LEVELS).all()


@pytest.mark.parametrize(
    "values", [[[-5, 90]], [[0, 70_000]], [[0.0, 1e9]], [[0.5, float("nan")]], [[float("inf"), 0]]]
)
def test_a_thirty_two_bit_picture_without_a_known_white_is_refused(values):
    dtype = np.int32 if isinstance(values[0][0], int) else np.float32
    with pytest.raises(PictureError, match="its white is unknown"):
        open_picture(Image.fromarray(np.array(values, dtype)))


# Arrays


@pytest.mark.parametrize(
    "convert",
    [
        lambda rgb: rgb,
        lambda rgb: rgb.astype(np.uint16) * 257,
        lambda rgb: (rgb.astype(np.uint16) * 257).astype(">u2"),
        lambda rgb: rgb / 255,
        lambda rgb: (rgb / 255).astype(np.float16),
        lambda rgb: np.asfortranarray(rgb),
        lambda rgb: np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)]),
        lambda rgb: rgb[:, ::-1][:, ::-1],
    ],
)
def test_an_array_of_any_depth_and_layout_shows_its_colours(convert):
    assert_corners(open_picture(convert(np.asarray(four_corners()))), tolerance=0)


@pytest.mark.parametrize("shape", [(8, 256), (8, 256, 1)])
def test_an_array_of_one_channel_is_grey(shape):
    picture = open_picture(LEVELS.astype(np.uint8).reshape(shape))
    assert picture.size == (256, 8)
    assert picture.getpixel((77, 3)) == (77, 77, 77)


def test_an_array_of_truths_is_white_on_black():
    picture = open_picture(np.array([[True, False]]))
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [WHITE, (0, 0, 0)]


def test_the_overshoot_of_resampling_is_forgiven():
    picture = open_picture(np.array([[-0.001, 1.001]]))
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(0, 0, 0), WHITE]


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((0, 5, 3), np.uint8), "is empty"),
        (np.zeros((5, 0), np.uint8), "is empty"),
        (np.zeros(5, np.uint8), r"shape \(5,\) is not a picture"),
        (np.zeros((), np.uint8), r"shape \(\) is not a picture"),
        (np.zeros((3, 8, 8), np.uint8), r"shape \(3, 8, 8\) is not a picture"),
        (np.zeros((8, 8, 2), np.uint8), "1, 3 or 4 channels"),
        (np.zeros((1, 8, 8, 3), np.uint8), "height by width"),
        (np.full((8, 8), np.nan), "run from nan to nan"),
        (np.array([[0.5, np.nan]]), "none of them NaN"),
        (np.array([[0.0, 255.0]]), "run from 0 to 255. Send floats from 0 to 1"),
        (np.array([[-1.0, 1.0]]), "run from -1 to 1"),
        (np.array([[0.0, np.inf]]), "run from 0 to inf"),
        (np.zeros((8, 8), np.int64), "int64 has no known white"),
        (np.zeros((8, 8), complex), "complex128 has no known white"),
        (np.full((8, 8), "red"), "has no known white"),
        (np.full((8, 8), None), "object has no known white"),
        (np.broadcast_to(np.uint8(0), (8000, 8000, 3)), "8000 by 8000 pixels.*50 megapixels"),
    ],
)
def test_an_array_that_is_no_picture_is_refused_with_a_reason(array, sentence):
    with pytest.raises(PictureError, match=sentence):
        open_picture(array)


# Colour profiles


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_an_embedded_profile_decides_what_the_values_mean(format):
    profile = made.profile_with_red_and_green_swapped()
    data = encoded(Image.new("RGB", (64, 64), (220, 0, 0)), format, icc_profile=profile)
    red, green, blue = open_picture(data).getpixel((32, 32))
    assert green > 200 > 40 > max(red, blue)


def test_a_profile_is_applied_once_however_often_the_picture_is_opened():
    profile = made.profile_with_red_and_green_swapped()
    data = encoded(Image.new("RGB", (64, 64), (220, 0, 0)), icc_profile=profile)
    once = open_picture(data)
    assert open_picture(Image.open(io.BytesIO(encoded(once)))).tobytes() == once.tobytes()


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_the_profile_of_a_cmyk_file_says_what_its_inks_look_like(format):
    cyan = Image.new("CMYK", (64, 64), (255, 0, 0, 0))
    profile = made.profile_of_a_press_whose_cyan_is_red()
    red, green, blue = open_picture(encoded(cyan, format, icc_profile=profile)).getpixel((32, 32))
    assert red > 200 > 60 > max(green, blue)


def test_an_srgb_profile_costs_no_conversion(monkeypatch):
    monkeypatch.setattr(ImageCms, "buildTransform", lambda *_: pytest.fail("It was converted."))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = photo(64, 48)
    assert open_picture(encoded(picture, icc_profile=profile)).tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    "profile",
    [
        b"nonsense",
        made.profile_with_red_and_green_swapped()[:200],
        made.profile_with_red_and_green_swapped()[:-1000],
        made.profile_whose_white_is_not_white(),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ],
)
def test_a_profile_that_makes_no_sense_is_ignored(profile):
    assert_corners(open_picture(encoded(four_corners(), icc_profile=profile)), tolerance=0)


# Smaller and sooner


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("min_side", [32, 100, 149, 299, 300, 1000])
def test_the_shorter_side_stays_at_or_above_the_hint(format, min_side):
    picture = open_picture(encoded(four_corners(403, 300), format), min_side=min_side)
    assert min(picture.size) >= min(min_side, 300)
    assert min(picture.size) < 2 * min_side
    assert picture.width / picture.height == pytest.approx(403 / 300, rel=0.05)
    assert_corners(picture)


def test_a_jpeg_is_decoded_small_rather_than_shrunk_afterwards(monkeypatch):
    data = encoded(photo(1600, 1200), "JPEG")
    monkeypatch.setattr(Image.Image, "reduce", lambda *_: pytest.fail("It was shrunk."))
    assert open_picture(data, min_side=300).size == (400, 300)


def test_a_smaller_picture_looks_the_same():
    data = encoded(photo(1600, 1200), "JPEG", quality=95)
    small, whole = open_picture(data, min_side=300), open_picture(data)
    difference = np.subtract(small, whole.reduce(4), dtype=np.int16)
    assert whole.size == (1600, 1200)
    assert abs(difference).mean() < 1.5


def test_a_turned_picture_is_shrunk_as_well():
    stored, exif = as_camera_stores(four_corners(800, 600), 6)
    picture = open_picture(encoded(stored, "JPEG", exif=exif), min_side=150)
    assert picture.size == (200, 150)
    assert_corners(picture)


# A JPEG without its end


def test_a_greyscale_png_is_read_up_to_the_limit_of_pixels():
    whole = encoded(Image.new("L", (7000, 7000)), compress_level=1)
    assert open_picture(whole, min_side=260).size == (270, 270)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}])
@pytest.mark.parametrize("min_side", [None, 64])
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_without_its_end_marker_is_taken_as_it_is_seen(missing, min_side, options):
    data = encoded(photo(400, 300), "JPEG", **options)
    expected = open_picture(data, min_side=min_side)
    assert open_picture(data[:-missing], min_side=min_side).tobytes() == expected.tobytes()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
def test_a_jpeg_of_which_more_is_missing_is_refused(options):
    data = encoded(photo(400, 300), "JPEG", **options)
    for kept in (0.3, 0.6, 0.9, 0.97):
        with pytest.raises(PictureError, match="damaged or cut short"):
            open_picture(data[: int(kept * len(data))])


def test_a_turned_grey_jpeg_without_its_end_marker_is_turned():
    stored, exif = as_camera_stores(four_corners(), 6)
    picture = open_picture(encoded(stored, "JPEG", exif=exif)[:-2])
    assert picture.size == (96, 64)
    assert_corners(picture)


# Long and thin


def test_a_long_strip_is_reduced_by_its_longer_side():
    for format in ("JPEG", "PNG"):
        strip = encoded(Image.new("RGB", (20_000, 500), RED), format)
        width, height = open_picture(strip, min_side=500).size
        assert 2_000 <= width <= 4_000
        assert 50 <= height <= 100


# What is refused


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"Just some words.", "not a picture.*Send a JPEG, PNG"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"%PDF-1.7 ...", "PDF document"),
        (b"\xef\xbb\xbf<svg xmlns='...'/>", "SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>", "SVG drawing"),
        (b"\n<!DOCTYPE html><html><svg/></html>", "web page"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a film"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_hint(data, sentence):
    with pytest.raises(PictureError, match=sentence):
        open_picture(data)


@pytest.mark.parametrize("format", ["PPM", "TGA", "ICO", "JPEG2000", "PCX"])
def test_formats_that_nobody_needs_stay_closed(format):
    data = encoded(four_corners(), format)
    assert Image.open(io.BytesIO(data)).size
    with pytest.raises(PictureError, match="not a picture"):
        open_picture(data)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP"])
def test_a_picture_cut_short_is_refused(format):
    data = encoded(photo(96, 64), format)
    with pytest.raises(PictureError, match="damaged"):
        open_picture(data[: len(data) // 2])


@pytest.mark.parametrize("size", [(1, 51), (51, 1), (1, 50_000)])
def test_a_strip_is_refused(size):
    with pytest.raises(PictureError, match="too long and thin"):
        open_picture(Image.new("RGB", size))


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1)])
def test_a_small_picture_is_not_refused(size):
    assert open_picture(encoded(Image.new("RGB", size, RED))).size == size


def test_a_pillow_picture_without_pixels_is_refused():
    with pytest.raises(PictureError, match="is empty"):
        open_picture(Image.new("RGB", (0, 5)))


def test_a_pillow_picture_whose_file_was_closed_is_refused():
    with Image.open(io.BytesIO(encoded(four_corners()))) as lazy:
        lazy.fp.close()
        with pytest.raises(PictureError, match="damaged"):
            open_picture(lazy)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("side", [8_000, 60_000])
def test_a_header_that_claims_too_many_pixels_is_refused(format, side):
    with pytest.raises(PictureError, match="more than 50 megapixels"):
        open_picture(claiming(side, side)[format])


def test_a_tile_larger_than_the_picture_may_be_is_refused():
    bomb = zlib.compress(bytes(10_000))
    tags = {256: 64, 257: 64, 259: 8, 322: 30_000, 323: 30_000, 324: 8, 325: len(bomb)}
    with pytest.raises(PictureError, match="tile of the TIFF has more than 50 megapixels"):
        open_picture(tiff(tags, bomb))


def test_a_jpeg_of_endless_scans_is_refused():
    data = encoded(Image.new("L", (16, 16), 128), "JPEG", progressive=True)
    first, second = data.index(b"\xff\xda"), data.index(b"\xff\xda", data.index(b"\xff\xda") + 1)
    scan, end = data[first:second], data[-2:]
    assert open_picture(data[:-2] + scan * 20 + end).size == (16, 16)
    with pytest.raises(PictureError, match="too many scans"):
        open_picture(data[:-2] + scan * MAX_JPEG_SCANS + end)


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt"])
def test_a_compressed_chunk_that_explodes_is_refused(kind):
    bomb = b"name\0\0" + zlib.compress(bytes(50_000_000))
    with pytest.raises(PictureError, match="damaged"):
        open_picture(png(1, 1, 8, 0, b"\0\0", (kind, bomb)))


def run_apart(code, tmp_path, *options):
    """Run code in a Python of its own, in a folder with the over-large headers; return stdout."""
    for format, data in claiming(60_000, 60_000).items():
        (tmp_path / format).write_bytes(data)
    (tmp_path / "small.webp").write_bytes(encoded(four_corners(), "WEBP"))
    (tmp_path / "mid.png").write_bytes(claiming(10_000, 10_000)["PNG"])
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, *options, "-c", textwrap.dedent(code), tmp_path],
        capture_output=True, text=True, check=False, cwd=root, timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return run.stdout


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's peak of memory")
def test_a_refused_picture_costs_no_memory(tmp_path):
    code = """
        import pathlib, re, sys
        import numpy as np
        from recommender.pictures.decoding import PictureError, open_picture

        def peak():  # kB
            status = pathlib.Path("/proc/self/status").read_text()
            return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])

        folder = pathlib.Path(sys.argv[1])
        open_picture(folder / "small.webp")
        wide = [np.broadcast_to(np.array(0, dtype), (60_000, 60_000, 3)) for dtype in ("u1", "f4")]
        refused = sorted(path for path in folder.iterdir() if path.suffix == "")
        before = peak()
        for source in (*refused, *wide):
            try:
                open_picture(source)
            except PictureError as error:
                assert "50 megapixels" in str(error), error
                print(source if isinstance(source, pathlib.Path) else "array")
        after = peak()
        bytearray(b"x") * 30_000_000  # What the measure would show of 10 megapixels.
        assert after - before < 5_000, (before, after)
        assert peak() - before > 20_000
    """
    assert len(run_apart(code, tmp_path).split()) == len(FORMATS) + 2


def test_no_warning_of_pillow_reaches_the_user(tmp_path):
    code = """
        import pathlib, sys
        from recommender.pictures.decoding import PictureError, open_picture

        for name in ("PNG", "mid.png"):  # An error and a warning to Pillow.
            try:
                open_picture(pathlib.Path(sys.argv[1], name))
            except PictureError as error:
                print(type(error.__cause__).__name__)
    """
    causes = run_apart(code, tmp_path, "-W", "error").split()
    assert causes == ["DecompressionBombError", "NoneType"]


def test_threads_do_not_disturb_each_other():
    sources = [encoded(photo(200, 150, seed), format) for seed, format in enumerate(FORMATS)] * 6
    alone = [open_picture(source, min_side=64).tobytes() for source in sources]
    filters = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda source: open_picture(source, 64).tobytes(), sources))
    assert together == alone
    assert warnings.filters == filters


def whole_files():
    stored, exif = as_camera_stores(four_corners(48, 32), 6)
    profile = made.profile_with_red_and_green_swapped()
    tagged = {"exif": exif, "icc_profile": profile}
    files = {format: (format, stored, tagged) for format in FORMATS if format not in ("GIF", "BMP")}
    files |= {
        "GIF": ("GIF", stored, {"save_all": True, "append_images": [four_corners(32, 48)]}),
        "BMP": ("BMP", stored, {}),
        "APNG": ("PNG", stored, {"save_all": True, "append_images": [four_corners(32, 48)]}),
        "palette PNG": ("PNG", stored.quantize(16), {"transparency": 0}),
        "CMYK JPEG": ("JPEG", stored.convert("CMYK"), {}),
        "progressive JPEG": ("JPEG", stored, {"progressive": True}),
        "animated WebP": ("WEBP", stored, {"save_all": True, "append_images": [stored.rotate(90)]}),
        "transparent HEIC": ("HEIF", half_transparent(), {}),
        "transparent AVIF": ("AVIF", half_transparent(), {}),
        "16-bit PNG": ("PNG", Image.fromarray(RAMP), {}),
        "one-strip TIFF": ("TIFF", stored, {"compression": "tiff_lzw", "strip_size": 1 << 30}),
        "lossless WebP": ("WEBP", half_transparent(), {"lossless": True}),
        "LZW TIFF": ("TIFF", stored, {"compression": "tiff_lzw"}),
        "JPEG TIFF": ("TIFF", stored, {"compression": "jpeg"}),
        "fax TIFF": ("TIFF", stored.convert("1"), {"compression": "group4"}),
        "float TIFF": ("TIFF", stored.convert("F"), {}),
    }
    return {name: encoded(picture, format, **o) for name, (format, picture, o) in files.items()}


@pytest.mark.parametrize("name", whole_files())
def test_a_damaged_file_opens_or_is_refused_and_nothing_else(name):
    whole = whole_files()[name]
    chance = random.Random(name)
    refused = 0
    for attempt in range(120):
        damaged = bytearray(whole)
        if attempt % 4 == 0:
            del damaged[chance.randrange(len(whole)) :]
        for _ in range(chance.choice((1, 2, 5, 20)) if attempt % 4 else 0):
            reach = len(whole) if attempt % 2 else min(400, len(whole))
            damaged[chance.randrange(reach)] = chance.randrange(256)
        try:
            assert open_picture(bytes(damaged), min_side=chance.choice((None, 16))).mode == "RGB"
        except PictureError:
            refused += 1
    assert refused > 0
