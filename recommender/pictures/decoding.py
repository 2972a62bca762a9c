"""Picture decoding: files, bytes, data URLs and arrays as upright sRGB pictures.

An untrusted file is checked by its length, then by its header, and only then decoded: refusing a
picture takes no memory. Errors of Pillow, pillow-heif and NumPy become a `PictureError`.
"""

import io
import re
import struct
import warnings
from contextlib import ExitStack
from typing import Any, TypeAlias

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TILELENGTH, TILEWIDTH, TiffImageFile

from recommender.errors import PictureError
from recommender.pictures.colour_conversion import eight_bits, in_srgb, reduced_opaque
from recommender.pictures.decoders import decode
from recommender.pictures.memory_budget import copies_of, room_for_file, room_for_pixels
from recommender.pictures.reading import SEND_INSTEAD, BytesSource, length_of, read_bytes

PictureSource: TypeAlias = BytesSource | NDArray[Any] | Image.Image

# Phones take up to 48 megapixels; 50 megapixels take 200 MB decoded.
MAX_PIXELS = 50_000_000
# Longer side to shorter: at 50, the picture is 4 pixels wide in a network's 224 pixels.
MAX_ASPECT_RATIO = 50
# Longest side of a reduced picture, as a multiple of `min_side`. Without this limit a strip of
# 1,000 by 50,000 pixels, 4 pixels wide for a network, would not be reduced and take 200 MB in every
# step.
MAX_LONG_SIDES = 8
# Scans allowed in one JPEG; encoders write about ten. Each scan of a progressive JPEG is a pass
# over the whole picture (5 ms at 49 megapixels) and can be as short as 100 bytes, so that a file of
# 50 MB could take an hour. Scans are counted by a byte pair that also occurs by chance in a film
# appended by a phone: 760 times in 50 MB of noise.
MAX_JPEG_SCANS = 1_000
# Pillow's other forty formats are disabled: they are rare, old, or opened by external programs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")
# Advice by the first bytes (regular expression, small letters) of files that are not pictures.
HINTS = {
    rb"%pdf-": "This is a PDF document. Save the page you mean as a picture, and send that.",
    rb"<(!doctype )?html\b": "This is a web page. Save the picture on it, and send that.",
    rb"(<[?!].*?)?<svg\b": "This is an SVG drawing. Export it as a PNG, and send that.",
    rb".{4}ftyp(?!avi|hei|hev|mif|msf)": "This is a film. Send a still picture of it.",
}
# Transposition by orientation tag (Exif 2.32, 4.6.4). `ImageOps.exif_transpose` is not used: it
# rewrites the rest of the EXIF, and fails where the EXIF is damaged.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Parts of a PNG that can hold an orientation: the chunk of EXIF, EXIF as text, and XMP.
PNG_METADATA = (b"eXIf", b"Raw profile type", b"XML:com.adobe.xmp")
# HEIC for Pillow, which can only be enabled for the whole process.
pillow_heif.register_heif_opener()
# Pillow warns of damaged metadata and of sizes that are refused anyway. The filter holds for the
# whole process, because `warnings.catch_warnings` is not thread-safe.
for _category in (UserWarning, RuntimeWarning):
    warnings.filterwarnings("ignore", category=_category, module=r"PIL\.|pillow_heif\b")


def open_picture(source: PictureSource, min_side: int | None = None) -> Image.Image:
    """Decode a picture: upright, sRGB, on white, the first frame.

    Calls from several threads wait for each other where together they would take more memory than
    `recommender.pictures.memory_budget` allows.

    Args:
        source: path of a file, its bytes, the file opened in binary mode, a
            `data:image/...;base64,` URL (other URLs are refused, nothing is fetched), a Pillow
            picture of any mode, or an array of shape (height, width), (height, width, 1), (height,
            width, 3) or (height, width, 4), dtype bool, uint8, uint16 (white is 65535) or float
            (white is 1).
        min_side: pixels. Larger pictures shrink by a whole factor: the greatest that keeps the
            shorter side at `min_side` or above or, if that is greater, the least that brings the
            longer side to at most `MAX_LONG_SIDES` times `min_side`. None keeps the size.

    Returns:
        Mode RGB, decoded, without metadata. A Pillow picture that needs no change is returned
        itself, not a copy.

    Raises:
        PictureError: not a whole picture, beyond `MAX_BYTES`, `MAX_PIXELS` or `MAX_ASPECT_RATIO`,
            or too much memory to decode.
    """
    try:
        # `_decoded` frees its intermediate pictures on return; only then is their memory given back
        # to the budget.
        with ExitStack() as room:
            match source:
                case np.ndarray():
                    return _decoded(_from_array(source), b"", source, min_side, room)
                case Image.Image():
                    return _decoded(source, b"", source, min_side, room)
                case _:
                    room.enter_context(room_for_file(length_of(source)))
                    data = read_bytes(source)
                    return _decoded(_from_bytes(data), data, source, min_side, room)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large("The picture")) from error
    except Exception as error:
        # Decoders have no common error: 60,000 damaged files raised OSError, SyntaxError,
        # ValueError, RuntimeError, EOFError and struct.error.
        raise PictureError(
            "The picture is damaged or cut short. Save or download it again, and send the new copy."
        ) from error


def _decoded(
    picture: Image.Image,
    data: bytes,
    source: PictureSource,
    min_side: int | None,
    room: ExitStack,
) -> Image.Image:
    """Decode an opened picture; `data` is its file, empty for a Pillow picture or an array."""
    _check_size(*picture.size)
    factor = _factor(picture.size, min_side)
    if factor > 1 and data and isinstance(picture, JpegImageFile):
        # JPEG decodes directly to 1/2, 1/4 or 1/8. HEIC's draft is not used: it is the embedded
        # thumbnail, which may show something else.
        picture.draft(None, (picture.width // factor, picture.height // factor))
        factor = _factor(picture.size, min_side)
    profile = picture.info.get("icc_profile")
    turned = _may_be_turned(picture, data)
    copies = copies_of(picture, factor, turned=turned, profile=profile is not None)
    room.enter_context(room_for_pixels(picture, data, copies))
    # Reduced first, so that turning and conversion take little memory.
    result = reduced_opaque(decode(picture, data), factor)
    if (turn := _turn(picture)) is not None:
        result = result.transpose(turn)
    result = in_srgb(result, profile)
    if result is not source:
        result.info = {}  # Orientation and profile are applied; GPS coordinates are private.
    return result


def _factor(size: tuple[int, int], min_side: int | None) -> int:
    if not min_side:
        return 1
    return max(1, min(size) // min_side, -(-max(size) // (MAX_LONG_SIDES * min_side)))


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
        # A tile is decoded whole, even where most of it lies outside the picture.
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
    return Image.fromarray(eight_bits(array.squeeze(2) if array.shape[2:] == (1,) else array))


def _may_be_turned(picture: Image.Image, data: bytes) -> bool:
    """Whether a picture will be turned; a PNG with any metadata may be.

    A PNG's metadata may follow its pixels, and Pillow decodes the pixels to read it.
    """
    if picture.format == "PNG":
        return any(kind in data for kind in PNG_METADATA)
    return _turn(picture) is not None


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """Transposition that the EXIF orientation asks for; None where EXIF is damaged."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, struct.error):
        return None
