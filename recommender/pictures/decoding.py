"""Anything a person may send, turned into the upright RGB picture that was meant.

A stranger's file is judged by its length, then by its header, and only then decoded: a refused
picture costs no memory. What Pillow, pillow-heif and NumPy raise becomes a `PictureError`.
"""

import io
import re
import struct
import warnings
from typing import Any, TypeAlias

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TILELENGTH, TILEWIDTH, TiffImageFile

from recommender.errors import PictureError
from recommender.pictures.reading import SEND_INSTEAD, BytesSource, read_bytes

PictureSource: TypeAlias = BytesSource | NDArray[Any] | Image.Image

# Above the 48 megapixels of today's phones. Decoded, such a picture takes 200 MB.
MAX_PIXELS = 50_000_000
# Longer side to shorter. Brought to a network's 224 pixels, such a strip is 4 pixels wide.
MAX_ASPECT_RATIO = 50
# Each scan of a progressive JPEG is a pass over the whole picture (5 ms at 49 megapixels) for as
# little as 100 bytes: a 50 MB file could take an hour. Encoders write about ten. We count by a
# byte pair that a film appended by a phone also has by chance: 760 times in 50 MB of noise.
MAX_JPEG_SCANS = 1_000
# Pillow knows some forty formats more: rare, old, or handed to other programs. They stay closed.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")
# How the files begin that people send for a picture, and what to tell them.
HINTS = {
    rb"%pdf-": "This is a PDF document. Save the page you mean as a picture, and send that.",
    rb"<(!doctype )?html\b": "This is a web page. Save the picture on it, and send that.",
    rb"(<[?!].*?)?<svg\b": "This is an SVG drawing. Export it as a PNG, and send that.",
    rb".{4}ftyp(?!avi|hei|hev|mif|msf)": "This is a film. Send a still picture of it.",
}
# Pillow's 32-bit modes do not say what white is, but the files that use them keep to these
# levels; the lowest that holds the brightest pixel is taken.
WHITE_LEVELS = {"I": (255, 65535), "F": (1, 255, 65535)}
# The modes of the pictures that ICC profiles are made for.
ICC_MODES = ("RGB", "L", "CMYK")
# What makes a picture upright, by its orientation tag (Exif 2.32, 4.6.4). `ImageOps.exif_transpose`
# would also rewrite the rest of the EXIF, and fail where that is damaged.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A sane profile turns white into nearly white in every channel; a broken one may not.
LEAST_WHITE = 224

# Pillow learns HEIC for the whole process: it has no other way, and nothing else changes.
pillow_heif.register_heif_opener()
# Pillow warns of odd metadata and of sizes that we refuse anyway. `warnings.catch_warnings` would
# keep the silence to one call, but it is not thread-safe; so Pillow is silenced once, for all.
for _category in (UserWarning, RuntimeWarning):
    warnings.filterwarnings("ignore", category=_category, module=r"PIL\.|pillow_heif\b")


def open_picture(source: PictureSource, min_side: int | None = None) -> Image.Image:
    """Return the picture as a person sees it: upright, sRGB, on white, the first frame.

    `source` is the path of a file, its bytes, the file opened for reading bytes, a
    `data:image/...;base64,` URL (no other kind: nothing is ever fetched), a Pillow picture of any
    mode, or an array of shape (height, width), (height, width, 1), (height, width, 3) or
    (height, width, 4) of dtype bool, uint8, uint16 (white is 65535) or float (white is 1).

    `min_side` (pixels) allows a smaller result, sooner: larger pictures shrink by a whole factor
    that leaves the shorter side at `min_side` or above. Without it the size is kept.

    The result has mode RGB, is decoded and carries no metadata; but a Pillow picture that needs
    nothing is returned as it is, not copied. Raises `PictureError` for anything that is not a
    whole picture or is beyond `MAX_BYTES`, `MAX_PIXELS` or `MAX_ASPECT_RATIO`.
    """
    try:
        picture = _undecoded(source)
        if min_side and picture is not source and isinstance(picture, JpegImageFile):
            # JPEG decodes straight to 1/2, 1/4 or 1/8. (HEIC's draft is its thumbnail, which may
            # show something else.)
            picture.draft(None, (min_side, min_side))
        picture.load()
        profile = picture.info.get("icc_profile")
        picture = _opaque(_upright(picture))
        if min_side and (factor := min(picture.size) // min_side) > 1:
            picture = picture.reduce(factor)
        picture = _in_srgb(picture, profile)
        if picture is not source:
            picture.info = {}  # Turn and profile are done with; where it was taken is private.
        return picture
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large("The picture")) from error
    except Exception as error:
        # Decoders raise whatever they trip over: on 60,000 damaged files OSError, SyntaxError,
        # ValueError, RuntimeError, EOFError and struct.error were seen.
        raise PictureError(
            "The picture is damaged or cut short. Save or download it again, and send the new copy."
        ) from error


def _undecoded(source: PictureSource) -> Image.Image:
    """Return a picture of a permitted size whose pixels no file has been asked for yet."""
    picture: Image.Image
    match source:
        case np.ndarray():
            return _from_array(source)
        case Image.Image():
            picture = source
        case _:
            picture = _from_bytes(read_bytes(source))
    _check_size(*picture.size)
    return picture


def _too_large(what: str) -> str:
    limit = MAX_PIXELS // 1_000_000
    return f"{what} has more than {limit} megapixels, the most we take. Send a smaller copy."


def _check_size(width: int, height: int) -> None:
    what = f"The picture, {width} by {height} pixels,"
    if width < 1 or height < 1:
        raise PictureError(f"{what} is empty. Send one that shows something.")
    if width * height > MAX_PIXELS:
        raise PictureError(_too_large(what))
    if max(width, height) > MAX_ASPECT_RATIO * min(width, height):
        raise PictureError(f"{what} is too long and thin. Crop it to the garment.")


def _from_bytes(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        hints = (hint for begins, hint in HINTS.items() if re.match(begins, start, re.DOTALL))
        unknown = f"The file is not a picture, or its beginning is damaged. {SEND_INSTEAD}"
        raise PictureError(next(hints, unknown)) from error
    if isinstance(picture, TiffImageFile):
        # A tile is decoded whole, however little of it lies within the picture.
        tags = picture.tag_v2
        if tags.get(TILEWIDTH, 1) * tags.get(TILELENGTH, 1) > MAX_PIXELS:
            raise PictureError(_too_large("A tile of the TIFF"))
    if isinstance(picture, JpegImageFile) and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise PictureError("The JPEG has too many scans. Save it again as an ordinary JPEG.")
    return picture


def _from_array(array: NDArray[Any]) -> Image.Image:
    if array.ndim not in (2, 3) or array.shape[2:] not in ((), (1,), (3,), (4,)):
        raise PictureError(
            f"An array of shape {array.shape} is not a picture. Send height by width, "
            "or height by width by 1, 3 or 4 channels."
        )
    _check_size(array.shape[1], array.shape[0])
    return Image.fromarray(_eight_bits(array.squeeze(2) if array.shape[2:] == (1,) else array))


def _eight_bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values
    if values.dtype in (np.dtype("<u2"), np.dtype(">u2")):
        return (values >> 8).astype(np.uint8)  # The high byte, as Pillow does for 16-bit colour.
    if values.dtype == bool:
        return values * np.uint8(255)
    if values.dtype.kind != "f":
        raise PictureError(f"An array of {values.dtype} has no known white. Convert it to uint8.")
    low, high = values.min(), values.max()
    half_step = 0.5 / 255  # Resampling may overshoot by this: it rounds to black and white.
    if not (low > -half_step and high < 1 + half_step):  # So written, it also catches NaN.
        raise PictureError(
            f"The array's values run from {low:g} to {high:g}. Send floats from 0 to 1, "
            "none of them NaN, or uint8."
        )
    return np.rint(values * np.float32(255)).astype(np.uint8)


def _upright(picture: Image.Image) -> Image.Image:
    """Turn as EXIF asks; EXIF too damaged to read asks for nothing."""
    try:
        turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, struct.error):
        return picture
    return picture if turn is None else picture.transpose(turn)


def _opaque(picture: Image.Image) -> Image.Image:
    """Return the picture on white, in a mode that `_in_srgb` takes."""
    if picture.mode in WHITE_LEVELS or picture.mode.startswith("I;16"):
        return _deep_grey(picture)
    if picture.mode == "La":
        picture = picture.convert("LA")  # Pillow converts it to nothing else.
    if picture.has_transparency_data:
        rgba = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(rgba, mask=rgba)
        return white
    return picture if picture.mode in (*ICC_MODES, "LAB") else picture.convert("RGB")


def _deep_grey(picture: Image.Image) -> Image.Image:
    """Scale 16 or 32 bits to 8, where Pillow's own conversion would cut everything off at 255."""
    values = np.asarray(picture)
    if levels := WHITE_LEVELS.get(picture.mode):
        low, high = values.min(), values.max()
        if not (low >= 0 and high <= levels[-1]):
            raise PictureError(
                f"The picture's values run from {low:g} to {high:g}, so its white is unknown. "
                "Save it with 8 or 16 bits per channel."
            )
        white = next(level for level in levels if high <= level)
        values = np.divide(values, white, dtype=np.float32)
    grey = _eight_bits(values)
    if isinstance(see_through := picture.info.get("transparency"), int):
        grey = np.where(values == see_through, np.uint8(255), grey)
    return Image.fromarray(grey)


def _in_srgb(picture: Image.Image, icc: object) -> Image.Image:
    """Convert to RGB, by the embedded ICC profile if that is sane."""
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
            pass  # Unreadable or for another mode: taken as sRGB, like a picture without a profile.
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _to_srgb(profile: Any, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
