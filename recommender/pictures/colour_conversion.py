"""Colour conversion of a decoded picture: on white, 8 bits, sRGB, reduced by a whole factor.

A picture is converted band by band, so that the conversion needs memory for one band only.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from recommender.errors import PictureError
from recommender.pictures.decoders import Pixels

# Pixels of a band: 1 MB in Pillow's storage, and several MB while floats are scaled.
BAND_PIXELS = 250_000
# White by Pillow mode. The 32-bit modes do not define it; files use these levels, and the lowest
# level that is at least the brightest pixel is taken.
WHITE_LEVELS = {"I": (255, 65535), "F": (1, 255, 65535)}
# Modes that ICC profiles apply to.
ICC_MODES = ("RGB", "L", "CMYK")
# Least value, of 255, that a usable ICC profile gives to every channel of white; a profile that
# stays below it is broken and is ignored.
LEAST_WHITE = 224


def reduced_opaque(pixels: Pixels, factor: int) -> Image.Image:
    """Opaque picture on white, in a mode that `in_srgb` takes, reduced by a whole factor.

    Raises:
        PictureError: the white of its 32-bit values is unknown.
    """
    width, height = pixels.size
    if factor == 1 and pixels.whole is not None and _needs_nothing(pixels.whole):
        return pixels.whole
    rows = max(1, BAND_PIXELS // width // factor) * factor
    white = _white_level(pixels, rows)
    size = (-(-width // factor), -(-height // factor))
    result: Image.Image | None = None
    for top in range(0, height, rows):
        band = _opaque(pixels.band(top, min(height, top + rows)), white)
        if factor > 1:
            band = band.reduce(factor)
        if result is None:
            result = Image.new(band.mode, size)
        result.paste(band, (0, top // factor))
    assert result is not None, "checked: the picture has pixels"
    return result


def _needs_nothing(picture: Image.Image) -> bool:
    return picture.mode in (*ICC_MODES, "LAB") and not picture.has_transparency_data


def _white_level(pixels: Pixels, rows: int) -> int | None:
    """White of a 32-bit picture; None for modes that define white.

    Raises:
        PictureError: values below 0 or above the highest level.
    """
    levels = WHITE_LEVELS.get(pixels.mode)
    if levels is None:
        return None
    lows, highs = [], []
    for top in range(0, pixels.size[1], rows):
        values = np.asarray(pixels.band(top, min(pixels.size[1], top + rows)))
        lows.append(values.min())
        highs.append(values.max())
    low, high = np.min(lows), np.max(highs)
    if not (low >= 0 and high <= levels[-1]):
        raise PictureError(
            f"The picture's values run from {low:g} to {high:g}, so its white is unknown. "
            "Save it with 8 or 16 bits per channel."
        )
    return next(level for level in levels if high <= level)


def eight_bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    """An array of bool, uint8, uint16 (white is 65535) or float (white is 1) as uint8.

    Raises:
        PictureError: another dtype, or values beyond white.
    """
    if values.dtype == np.uint8:
        return values
    if values.dtype in (np.dtype("<u2"), np.dtype(">u2")):
        return (values >> 8).astype(np.uint8)  # The high byte, as Pillow does for 16-bit colour.
    if values.dtype == bool:
        return values * np.uint8(255)
    if values.dtype.kind != "f":
        raise PictureError(f"An array of {values.dtype} has no known white. Convert it to uint8.")
    low, high = values.min(), values.max()
    half_step = 0.5 / 255  # Resampling may overshoot by less than this, which rounds to 0 and 255.
    if not (low > -half_step and high < 1 + half_step):  # `not` refuses NaN, too.
        raise PictureError(
            f"The array's values run from {low:g} to {high:g}. Send floats from 0 to 1, "
            "none of them NaN, or uint8."
        )
    return np.rint(values * np.float32(255)).astype(np.uint8)


def _opaque(picture: Image.Image, white_level: int | None) -> Image.Image:
    """Opaque picture on white, in a mode that `in_srgb` takes."""
    if picture.mode in WHITE_LEVELS or picture.mode.startswith("I;16"):
        return _deep_grey(picture, white_level)
    if picture.mode == "La":
        picture = picture.convert("LA")  # The only mode that Pillow converts "La" to.
    if picture.has_transparency_data:
        rgba = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(rgba, mask=rgba)
        return white
    return picture if picture.mode in (*ICC_MODES, "LAB") else picture.convert("RGB")


def _deep_grey(picture: Image.Image, white_level: int | None) -> Image.Image:
    """8-bit grey from 16 or 32 bits; Pillow's own conversion would clip at 255."""
    values = np.asarray(picture)
    if white_level is not None:
        values = np.divide(values, white_level, dtype=np.float32)
    grey = eight_bits(values)
    if isinstance(see_through := picture.info.get("transparency"), int):
        grey = np.where(values == see_through, np.uint8(255), grey)
    return Image.fromarray(grey)


def in_srgb(picture: Image.Image, icc: object) -> Image.Image:
    """Picture in sRGB, converted by the embedded ICC profile if that is usable.

    Args:
        picture: mode of `ICC_MODES`, or LAB.
        icc: bytes of the profile; any other value is ignored.

    Returns:
        Mode RGB.
    """
    if picture.mode == "LAB":
        return _to_srgb(ImageCms.createProfile("LAB"), "LAB").apply(picture)
    if isinstance(icc, bytes) and picture.mode in ICC_MODES:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if not (profile.profile.profile_description or "").startswith("sRGB"):
                transform = _to_srgb(profile, picture.mode)
                white = Image.new("RGB", (1, 1), "white").convert(picture.mode)
                if min(transform.apply(white).tobytes()) >= LEAST_WHITE:
                    return transform.apply(picture)
        except (OSError, ImageCms.PyCMSError):
            pass  # Unreadable profile, or for another mode: sRGB, like a picture without a profile.
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _to_srgb(profile: Any, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
