"""Memory of decoding: estimates by format, a limit for each picture, a budget for all threads.

The estimates are bytes per pixel of the file's picture at the peak of decoding. Where nothing else
is said they were measured with pictures of 12 to 48 megapixels (the growth of VmHWM, Pillow 12.3,
pillow-heif 1.8, OpenCV 5.0).
"""

import collections
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import ROWSPERSTRIP, TILELENGTH, TILEWIDTH, TiffImageFile

from recommender.errors import PictureError

# Bytes that decoding may add to the process: files read, and pixels. Together 250 MB, half of the
# memory of a server over a small catalogue.
FILE_BYTES, PIXEL_BYTES = 25_000_000, 225_000_000

# Bytes per pixel of Pillow's storage: four except in these modes (`Storage.c`).
STORED_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
STORED_OTHERWISE = 4
# OpenCV's WebP, measured: 5.8 lossy, 6.8 lossless, 7.7 with transparency; 10.8 for an animation.
WEBP, WEBP_ANIMATED = 7.8, 10.8
# libheif's planes and its RGB: 4.6, 7.7 with transparency. With 10 and 12 bits a smooth picture
# took 7.8, and 11.8 with transparency; a busy one may take more.
HEIF, HEIF_ALPHA, HEIF_DEEP, HEIF_DEEP_ALPHA = 4.6, 7.8, 9.0, 12.8
# dav1d's planes, the RGB, and Pillow's copy: 8.8 with colour at half the resolution, 10.4 at full,
# 11.5 with transparency. More than 8 bits, which double the planes, are not measured.
AVIF, AVIF_FULL_COLOUR, AVIF_ALPHA, AVIF_DEEP = 8.9, 10.5, 12.0, 16.0
# Bytes of one coefficient. A JPEG in several scans keeps all coefficients until the last scan.
JPEG_COEFFICIENT = 2
# Pillow undoes the run lengths of a BMP in Python, in a buffer that is then copied: 2.0.
BMP_RUN_LENGTHS = 2.1


class Budget:
    """Byte budget for all threads: reservations beyond it wait, first come, first served.

    Args:
        total: bytes.
    """

    def __init__(self, total: int) -> None:
        self.total, self._left = total, total
        self._changed = threading.Condition()
        self._waiting: collections.deque[object] = collections.deque()

    @contextmanager
    def reserve(self, amount: float) -> Iterator[None]:
        """Reserve bytes while the block runs; at most the total."""
        held, turn = min(int(amount), self.total), object()
        with self._changed:
            self._waiting.append(turn)
            self._changed.wait_for(lambda: self._waiting[0] is turn and self._left >= held)
            self._waiting.popleft()
            self._left -= held
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._left += held
                self._changed.notify_all()


files = Budget(FILE_BYTES)
pixels = Budget(PIXEL_BYTES)


@contextmanager
def room_for_file(length: int) -> Iterator[None]:
    """Reserve memory for a file of `length` bytes while the block runs; waits for it.

    A file above `FILE_BYTES` takes the rest from the pixels' budget. There is no deadlock: a thread
    that holds pixels never waits for a file, and only one file above `FILE_BYTES` is read at a
    time.
    """
    with files.reserve(length), pixels.reserve(max(0, length - FILE_BYTES)):
        yield


@contextmanager
def room_for_pixels(picture: Image.Image, data: bytes, copies: float) -> Iterator[None]:
    """Reserve memory for a picture's pixels while the block runs; waits for it.

    Args:
        picture: opened, not decoded; a JPEG's draft is set.
        data: the picture's file; empty for a Pillow picture that was sent.
        copies: bytes of its converted copies (`copies_of`).

    Raises:
        PictureError: decoding would take more than the whole budget.
    """
    need = decoding_bytes(picture, data) + copies
    if need > PIXEL_BYTES - max(0, len(data) - FILE_BYTES):
        kind = picture.format or picture.mode
        raise PictureError(
            f"The picture, {picture.width} by {picture.height} pixels, takes too much memory to "
            f"open as this kind of {kind}. Send a smaller copy, or an ordinary JPEG."
        )
    with pixels.reserve(need):
        yield


def copies_of(picture: Image.Image, factor: int, *, turned: bool, profile: bool) -> float:
    """Bytes of the copies that are made of a decoded picture, all held at once (estimate).

    Args:
        picture: opened, not decoded; a JPEG's draft is set.
        factor: whole factor by which it will be reduced.
        turned: whether it will be turned.
        profile: whether it has an ICC profile.
    """
    reduced = factor > 1 or picture.mode not in ("RGB", "L", "CMYK", "LAB")
    converted = profile or picture.mode != "RGB"
    steps = int(reduced) + int(turned) + int(converted)
    return steps * STORED_OTHERWISE * picture.width * picture.height / factor**2


def decoding_bytes(picture: Image.Image, data: bytes) -> float:
    """Peak memory of decoding an opened picture, bytes (estimate)."""
    area = picture.width * picture.height
    stored = STORED_BYTES.get(picture.mode, STORED_OTHERWISE) * area
    if isinstance(picture, JpegImageFile):
        return stored + _coefficient_bytes(picture, data)
    if isinstance(picture, TiffImageFile):
        return stored + _strip_bytes(picture)
    if not data:
        return stored
    match picture.format:
        case "WEBP":
            return area * (WEBP_ANIMATED if getattr(picture, "n_frames", 1) > 1 else WEBP)
        case "HEIF":
            if picture.info.get("bit_depth", 8) > 8:
                return area * (HEIF_DEEP_ALPHA if picture.mode == "RGBA" else HEIF_DEEP)
            return area * (HEIF_ALPHA if picture.mode == "RGBA" else HEIF)
        case "AVIF":
            return area * _avif_bytes_per_pixel(picture, data)
        case "BMP" if any(tile[0] == "bmp_rle" for tile in getattr(picture, "tile", ())):
            return stored + BMP_RUN_LENGTHS * area
    return stored


def _coefficient_bytes(picture: JpegImageFile, data: bytes) -> float:
    """Bytes of a JPEG's coefficients; 0 where each scan holds all components.

    Coefficients are kept at full size, whatever the draft.
    """
    scan = picture.fp.tell() if picture.fp else 0  # Opening stops behind the first scan's marker.
    components = data[scan + 2] if scan + 2 < len(data) else picture.layers
    if "progressive" not in picture.info and components >= picture.layers:
        return 0
    sampling = [(layer[1], layer[2]) for layer in picture.layer]
    most = max(h for h, _ in sampling) * max(v for _, v in sampling)
    values = sum(h * v for h, v in sampling) / most
    scale = picture.decoderconfig[0] if picture.decoderconfig else 1
    return JPEG_COEFFICIENT * values * picture.width * picture.height * scale**2


def _strip_bytes(picture: TiffImageFile) -> float:
    """Bytes of a TIFF strip or tile: it is decoded whole before its rows are copied."""
    tags = picture.tag_v2
    width, rows = tags.get(TILEWIDTH, picture.width), tags.get(TILELENGTH)
    if rows is None:
        rows = min(tags.get(ROWSPERSTRIP, picture.height), picture.height)
    samples = tags.get(277, 1)
    bits = max(tags.get(258, (1,)))
    return width * rows * max(samples * bits / 8, 1)


def _avif_bytes_per_pixel(picture: Image.Image, data: bytes) -> float:
    """Bytes per pixel of an AVIF, by its codec configuration (AV1 in ISOBMFF, 2.3: box av1C)."""
    at = data.find(b"av1C")
    flags = data[at + 6] if 0 <= at < len(data) - 6 else 0xFF
    if flags & 0b0100_0000:
        return AVIF_DEEP
    if picture.mode == "RGBA":
        return AVIF_ALPHA
    return AVIF if flags & 0b0000_1000 else AVIF_FULL_COLOUR
