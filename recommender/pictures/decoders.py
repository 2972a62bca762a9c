"""Pixels of an opened picture, decoded by the library that takes the least memory for its format.

| 12 megapixels | Pillow | here |
|---|---|---|
| WebP | 184 MB | 70 MB (OpenCV) |
| HEIC | 87 MB | 56 MB (libheif's own pixels, not copied to Pillow) |

Everything else is decoded by Pillow.
"""

import hashlib
import io
import random
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

# End of image, the last two bytes of a JPEG.
EOI = b"\xff\xd9"
# JPEG: bytes tried behind a file without its end. A block takes 64 values of 26 bits at most.
FILLER_BYTES = 256
# A progressive JPEG is looked at in its full size, which is not in the memory's estimate: 16 MB.
CHECKED_PIXELS = 4_000_000
# The least scale that libjpeg decodes at.
JPEG_SCALE = 8
_RED_FIRST = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}


@dataclass
class Pixels:
    """Decoded pixels: a Pillow picture, or an array with three or four channels."""

    whole: Image.Image | None
    array: NDArray[np.uint8] | None = None
    """(height, width, 3 or 4)."""
    blue_first: bool = False
    """Whether the array has OpenCV's order of channels."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        if self.array is not None:
            return self.array.shape[1], self.array.shape[0]
        assert self.whole is not None, "one of them is given"
        return self.whole.size

    @property
    def mode(self) -> str:
        """Pillow's name for the kind of pixels."""
        if self.array is not None:
            return "RGB" if self.array.shape[2] == 3 else "RGBA"
        assert self.whole is not None, "one of them is given"
        return self.whole.mode

    def band(self, top: int, bottom: int) -> Image.Image:
        """A copy of some rows."""
        if self.array is not None:
            rows: NDArray[Any] = self.array[top:bottom]
            if self.blue_first:
                rows = cv2.cvtColor(rows, _RED_FIRST[rows.shape[2]])
            return Image.fromarray(np.ascontiguousarray(rows))
        assert self.whole is not None, "one of them is given"
        return self.whole.crop((0, top, self.whole.width, bottom))


def decode(picture: Image.Image, data: bytes) -> Pixels:
    """Decode an opened picture.

    Args:
        picture: what Pillow opened, with its draft set; not decoded yet.
        data: its file; empty for a Pillow picture that was sent.

    Raises:
        Exception: whatever the decoders trip over.
    """
    if data and picture.format == "WEBP":
        return Pixels(None, _webp(data, picture.size), blue_first=True)
    if data and picture.format == "HEIF" and picture.mode in ("RGB", "RGBA"):
        return Pixels(None, _heif(data, picture.size))
    try:
        picture.load()
    except OSError:
        if not (isinstance(picture, JpegImageFile) and data and lacks_only_its_end(data)):
            raise
        size, picture = picture.size, Image.open(io.BytesIO(_ended(data)), formats=("JPEG",))
        picture.draft(None, size)
        picture.load()
    return Pixels(picture)


def lacks_only_its_end(data: bytes) -> bool:
    """Whether every block of a JPEG is there, although its end-of-image marker is not.

    A decoder fills up what is missing, and does not tell. So the picture is decoded twice, with an
    end and with noise before it: where the noise shows, pixels are missing. An eighth of the size
    shows it, except in a progressive JPEG, whose last scans hold fine detail only; one above
    `CHECKED_PIXELS` counts as incomplete.
    """
    noise = random.Random(0).randbytes(FILLER_BYTES).replace(b"\xff", b"")
    return _digest(_ended(data)) == _digest(_ended(data, noise))


def _ended(data: bytes, filler: bytes = b"") -> bytes:
    return data.removesuffix(EOI[:1]) + filler + EOI


def _digest(data: bytes) -> bytes:
    """SHA-256 of the pixels in which the end of a JPEG's data shows."""
    picture = Image.open(io.BytesIO(data), formats=("JPEG",))
    if "progressive" not in picture.info:
        picture.draft(None, (picture.width // JPEG_SCALE, picture.height // JPEG_SCALE))
    elif picture.width * picture.height > CHECKED_PIXELS:
        raise OSError("the JPEG is progressive, and too large to look for its end")
    return hashlib.sha256(picture.tobytes()).digest()


def _webp(data: bytes, size: tuple[int, int]) -> NDArray[np.uint8]:
    """(height, width, 3 or 4) uint8 BGR or BGRA, the first frame."""
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or pixels.shape[1::-1] != size:
        raise OSError("OpenCV finds no whole WebP")
    return np.asarray(pixels)


def _heif(data: bytes, size: tuple[int, int]) -> NDArray[np.uint8]:
    """(height, width, 3 or 4) uint8 RGB or RGBA, the primary image."""
    pixels = np.asarray(pillow_heif.open_heif(data, convert_hdr_to_8bit=True))
    # A decoded picture may be larger than its header says: `stride` fills rows up.
    if pixels.shape[0] != size[1] or pixels.shape[1] < size[0]:
        raise OSError("libheif finds another size than the header's")
    return pixels[:, : size[0]]
