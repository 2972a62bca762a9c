"""Memory of decoding: estimates by format, a limit for each picture, and a budget for all.

The estimates are bytes per pixel of the file's picture at the peak of decoding, measured with
pictures of 12 to 48 megapixels (the growth of VmHWM, Pillow 12.3, pillow-heif 1.8, OpenCV 5.0).
"""

import collections
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import ROWSPERSTRIP, TILELENGTH, TILEWIDTH, TiffImageFile

from recommender.errors import PictureError

# What decoding may add to the process: files that are read, and pixels. Together 250 MB, which is
# half of what a server over a small catalogue takes.
FILE_BYTES, PIXEL_BYTES = 25_000_000, 225_000_000

# Pillow's own storage: four bytes a pixel, but for these modes (`Storage.c`).
STORED_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
STORED_OTHERWISE = 4
# OpenCV's WebP: 5.8 lossy, 6.8 lossless, 7.7 with transparency; 10.8 of an animation.
WEBP, WEBP_ANIMATED = 7.8, 10.8
# libheif's planes and its RGB: 4.6 (8 bits). More bits double the planes; transparency adds two.
HEIF, HEIF_ALPHA, HEIF_DEEP = 4.6, 7.8, 12.0
# dav1d's planes, the RGB, and Pillow's copy: 8.8 with colour at half the resolution, 10.4 at full.
AVIF, AVIF_FULL_COLOUR, AVIF_ALPHA, AVIF_DEEP = 8.9, 10.5, 12.0, 16.0
# A coefficient of a JPEG in several scans: the whole picture's are kept until the last scan.
JPEG_COEFFICIENT = 2
# Pillow undoes the run lengths of a BMP in Python, in a buffer that is then copied.
BMP_RUN_LENGTHS = 2.1


class Budget:
    """Bytes shared between threads; who needs more than is left waits, in the order of coming.

    Args:
        total: bytes.
    """

    def __init__(self, total: int) -> None:
        self.total, self._left = total, total
        self._changed = threading.Condition()
        self._waiting: collections.deque[object] = collections.deque()

    @contextmanager
    def reserve(self, amount: float) -> Iterator[None]:
        """Hold bytes while the block runs; an amount above the total is held as all of it."""
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
    """Wait until a file of `length` bytes may be read, and count it while the block runs.

    A file above `FILE_BYTES` takes the rest from the pixels' budget. Nobody who holds pixels waits
    for a file, and one file at most is so large: nobody waits for ever.
    """
    with files.reserve(length), pixels.reserve(max(0, length - FILE_BYTES)):
        yield


@contextmanager
def room_for_pixels(picture: Image.Image, data: bytes, factor: int) -> Iterator[None]:
    """Wait until a picture may be decoded, and count its pixels while the block runs.

    Args:
        picture: opened, not decoded; a JPEG's draft is set.
        data: its file; empty for a Pillow picture that was sent.
        factor: by which the decoded picture will be reduced.

    Raises:
        PictureError: the format needs more memory for a picture of this size than one may have.
    """
    need = decoding_bytes(picture, data)
    if need > PIXEL_BYTES - max(0, len(data) - FILE_BYTES):
        kind = picture.format or picture.mode
        raise PictureError(
            f"The picture, {picture.width} by {picture.height} pixels, takes too much memory to "
            f"open as this kind of {kind}. Send a smaller copy, or an ordinary JPEG."
        )
    converted = STORED_OTHERWISE * picture.width * picture.height / factor**2
    with pixels.reserve(need + converted):
        yield


def decoding_bytes(picture: Image.Image, data: bytes) -> float:
    """Estimate of the bytes that decoding an opened picture takes at its peak."""
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
                return area * HEIF_DEEP
            return area * (HEIF_ALPHA if picture.mode == "RGBA" else HEIF)
        case "AVIF":
            return area * _avif_bytes_per_pixel(picture, data)
        case "BMP" if any(tile[0] == "bmp_rle" for tile in getattr(picture, "tile", ())):
            return stored + BMP_RUN_LENGTHS * area
    return stored


def _coefficient_bytes(picture: JpegImageFile, data: bytes) -> float:
    """Bytes of the coefficients, where a JPEG's scans do not hold all components at once.

    They are kept at full size, whatever the draft.
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
    """Bytes of a strip or tile, which is decoded whole before its rows are copied."""
    tags = picture.tag_v2
    width, rows = tags.get(TILEWIDTH, picture.width), tags.get(TILELENGTH)
    if rows is None:
        rows = min(tags.get(ROWSPERSTRIP, picture.height), picture.height)
    samples = tags.get(277, 1)
    bits = max(tags.get(258, (1,)))
    return width * rows * max(samples * bits / 8, 1)


def _avif_bytes_per_pixel(picture: Image.Image, data: bytes) -> float:
    """Bytes per pixel by the codec's configuration (AV1 in ISO base media, 2.3: the box av1C)."""
    at = data.find(b"av1C")
    flags = data[at + 6] if 0 <= at < len(data) - 6 else 0xFF
    if flags & 0b0100_0000:
        return AVIF_DEEP
    if picture.mode == "RGBA":
        return AVIF_ALPHA
    return AVIF if flags & 0b0000_1000 else AVIF_FULL_COLOUR
