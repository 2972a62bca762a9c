"""Picture decoders: for each format the library that takes the least memory.

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
# Noise appended to a JPEG without its end, bytes: more than a block's 64 values of 26 bits.
FILLER_BYTES = 256
# Largest progressive JPEG checked for its end, pixels. It is decoded in full size, 16 MB, which the
# memory estimate does not include.
CHECKED_PIXELS = 4_000_000
# Greatest reduction of libjpeg: an eighth of the size.
JPEG_SCALE = 8
_RED_FIRST = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}


@dataclass
class Pixels:
    """Decoded pixels: a Pillow picture, or an array with three or four channels."""

    whole: Image.Image | None
    """The Pillow picture; None where `array` is given."""
    array: NDArray[np.uint8] | None = None
    """(height, width, 3 or 4)."""
    blue_first: bool = False
    """Whether the array's channels are BGR or BGRA, OpenCV's order."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        if self.array is not None:
            return self.array.shape[1], self.array.shape[0]
        assert self.whole is not None, "one of them is given"
        return self.whole.size

    @property
    def mode(self) -> str:
        """Pillow's name of the mode, such as "RGB"."""
        if self.array is not None:
            return "RGB" if self.array.shape[2] == 3 else "RGBA"
        assert self.whole is not None, "one of them is given"
        return self.whole.mode

    def band(self, top: int, bottom: int) -> Image.Image:
        """Copy of the rows from `top` up to, not including, `bottom`."""
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
        picture: opened by Pillow, with its draft set; not decoded yet.
        data: the picture's file; empty for a Pillow picture that was sent.

    Raises:
        Exception: the file is damaged; decoders have no common error.
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
    """Whether a JPEG lacks its end-of-image marker, but no block.

    Decoders fill missing blocks without an error. So the picture is decoded twice, once with an
    end-of-image marker appended and once with noise and the marker: where pixels are missing, the
    results differ. An eighth of the size is enough, except for a progressive JPEG, whose last
    scans hold only fine detail; a progressive JPEG above `CHECKED_PIXELS` counts as incomplete.
    """
    noise = random.Random(0).randbytes(FILLER_BYTES).replace(b"\xff", b"")
    return _digest(_ended(data)) == _digest(_ended(data, noise))


def _ended(data: bytes, filler: bytes = b"") -> bytes:
    return data.removesuffix(EOI[:1]) + filler + EOI


def _digest(data: bytes) -> bytes:
    """SHA-256 of a JPEG's pixels, at the scale that shows missing data."""
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
    # The decoded array may be wider than the header's width: `stride` pads its rows.
    if pixels.shape[0] != size[1] or pixels.shape[1] < size[0]:
        raise OSError("libheif finds another size than the header's")
    return pixels[:, : size[0]]
