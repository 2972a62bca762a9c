"""Damaged pictures: seeded mutations of small files of every format that the app reads."""

import functools
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pillow_heif
from PIL import ExifTags, Image

pillow_heif.register_heif_opener()

# Sizes that headers are made to declare (width, height): none, beyond every limit, just within
# the app's 50 megapixels, long and thin, and merely wrong.
DECLARED = ((0, 0), (65_500, 65_500), (7_000, 7_000), (65_500, 8), (1, 1), (97, 300), (640, 480))
_MOST_BIT_FLIPS = 16
_HEADER_BYTES = 64
_PNG_START = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class DamagedPicture:
    """A file, and what was done to it."""

    name: str
    format: str
    data: bytes


@functools.cache
def whole_pictures() -> dict[str, tuple[bytes, ...]]:
    """Undamaged files by format, of the modes and compressions that differ in the decoder."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    rgb = Image.fromarray(coarse).resize((96, 72), Image.Resampling.BICUBIC)
    grey, rgba = rgb.convert("L"), rgb.copy()
    rgba.putalpha(grey)
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    floats = Image.fromarray(np.asarray(grey).astype(np.float32) / 255)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    film = {"save_all": True, "append_images": [rgb.rotate(90, expand=False)], "duration": 40}
    made: dict[str, list[tuple[Image.Image, dict[str, Any]]]] = {
        "JPEG": [
            (rgb, {"exif": exif}),
            (rgb, {"progressive": True}),
            (grey, {}),
            (rgb.convert("CMYK"), {}),
        ],
        "PNG": [(rgb, {}), (rgba, {}), (rgb.quantize(16), {"transparency": 3}), (deep, {})],
        "WEBP": [(rgb, {}), (rgba, {"lossless": True}), (rgb, film)],
        "GIF": [(rgb.quantize(32), {}), (rgb, film)],
        "AVIF": [(rgb, {}), (rgba, {})],
        "HEIF": [(rgb, {}), (rgba, {})],
        "TIFF": [
            (rgb, {}),
            (rgb, {"compression": "tiff_lzw"}),
            (rgb, {"compression": "tiff_deflate"}),
            (rgb, {"compression": "jpeg"}),
            (floats, {}),
            (deep, {}),
        ],
        "BMP": [(rgb, {}), (grey, {}), (rgba, {})],
    }
    return {
        format: tuple(_encoded(picture, format, options) for picture, options in pictures)
        for format, pictures in made.items()
    }


def damaged_pictures(count: int, seed: int) -> Iterator[DamagedPicture]:
    """Mutated files, of all formats and all kinds of damage in turn; the same for the same seed."""
    formats, damages = list(whole_pictures()), list(DAMAGES)
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        format = formats[number % len(formats)]
        damage = damages[number // len(formats) % len(damages)]
        files = whole_pictures()[format]
        data = DAMAGES[damage](files[int(rng.integers(len(files)))], format, rng)
        yield DamagedPicture(f"{number} {format} {damage}", format, data)


def declaring(data: bytes, format: str, width: int, height: int) -> bytes:
    """The file with another size in its header.

    A JPEG or GIF can declare 65,535 pixels a side, a WebP 16,383; more is cut to that.
    """
    short_side = (min(width, 65_535), min(height, 65_535))
    if format == "PNG":
        return _with_png_checksums(data[:16] + struct.pack(">II", width, height) + data[24:])
    if format == "GIF":
        return data[:6] + struct.pack("<HH", *short_side) + data[10:]
    if format == "BMP":
        return data[:18] + struct.pack("<ii", width, height) + data[26:]
    if format == "JPEG":
        start = next(data.find(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
        return data[: start + 5] + struct.pack(">HH", *short_side[::-1]) + data[start + 9 :]
    if format in ("AVIF", "HEIF"):
        start = data.index(b"ispe") + 8
        return data[:start] + struct.pack(">II", width, height) + data[start + 8 :]
    if format == "TIFF":
        return _with_tiff_size(data, width, height)
    return _with_webp_size(data, min(width, 16_383), min(height, 16_383))


def _truncated(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    return data[: int(rng.integers(len(data)))]


def _bits_flipped(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    return _flipped(data, len(data), rng)


def _header_edited(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    return _flipped(data, _HEADER_BYTES, rng)


def _header_edited_checksums_right(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    flipped = _flipped(data, 3 * _HEADER_BYTES, rng)
    return _with_png_checksums(flipped) if format == "PNG" else flipped


def _spliced(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    others = [file for files in whole_pictures().values() for file in files]
    other = others[int(rng.integers(len(others)))]
    return data[: int(rng.integers(len(data)))] + other[int(rng.integers(len(other))) :]


def _block_blanked(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    start = int(rng.integers(len(data)))
    length = int(rng.integers(1, max(2, len(data) // 4)))
    blank = bytes([int(rng.choice([0, 255]))]) * len(data[start : start + length])
    return data[:start] + blank + data[start + length :]


def _block_repeated(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    start, end = sorted(int(at) for at in rng.integers(len(data), size=2))
    return data[:end] + data[start:end] * int(rng.integers(1, 9)) + data[end:]


def _noise_inserted(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(len(data)))
    return data[:at] + rng.bytes(int(rng.integers(1, 512))) + data[at:]


def _other_size_declared(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    return declaring(data, format, *DECLARED[int(rng.integers(len(DECLARED)))])


def _size_declared_and_truncated(data: bytes, format: str, rng: np.random.Generator) -> bytes:
    return _truncated(_other_size_declared(data, format, rng), format, rng)


DAMAGES: dict[str, Callable[[bytes, str, np.random.Generator], bytes]] = {
    "truncated": _truncated,
    "bits flipped": _bits_flipped,
    "header edited": _header_edited,
    "header edited, checksums right": _header_edited_checksums_right,
    "spliced": _spliced,
    "block blanked": _block_blanked,
    "block repeated": _block_repeated,
    "noise inserted": _noise_inserted,
    "other size declared": _other_size_declared,
    "other size declared, truncated": _size_declared_and_truncated,
}


def _flipped(data: bytes, within: int, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for at in rng.integers(min(within, len(data)), size=int(rng.integers(1, _MOST_BIT_FLIPS + 1))):
        changed[at] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _encoded(picture: Image.Image, format: str, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def _with_png_checksums(data: bytes) -> bytes:
    """Put right the checksum of every chunk that can be found, so that decoders read on."""
    fixed, at = bytearray(data), len(_PNG_START)
    while at + 12 <= len(fixed):
        end = at + 8 + int.from_bytes(fixed[at : at + 4], "big")
        if end + 4 > len(fixed):
            break
        fixed[end : end + 4] = struct.pack(">I", zlib.crc32(fixed[at + 4 : end]))
        at = end + 4
    return bytes(fixed)


def _with_tiff_size(data: bytes, width: int, height: int) -> bytes:
    """TIFF 6.0: the first directory's entries 256 (width) and 257 (height), written as LONG."""
    fixed = bytearray(data)
    directory = struct.unpack_from("<I", fixed, 4)[0]
    for entry in range(struct.unpack_from("<H", fixed, directory)[0]):
        at = directory + 2 + 12 * entry
        tag = struct.unpack_from("<H", fixed, at)[0]
        if tag in (256, 257):
            struct.pack_into("<HII", fixed, at + 2, 4, 1, width if tag == 256 else height)
    return bytes(fixed)


def _with_webp_size(data: bytes, width: int, height: int) -> bytes:
    """RFC 9649: VP8 and VP8L have 14 bits a side, VP8X 24 bits; all but VP8 store one less."""
    kind = data[12:16]
    less = (max(width, 1) - 1, max(height, 1) - 1)
    if kind == b"VP8 ":
        return data[:26] + struct.pack("<HH", width, height) + data[30:]
    if kind == b"VP8L":
        packed = (struct.unpack_from("<I", data, 21)[0] & ~(2**28 - 1)) | less[1] << 14 | less[0]
        return data[:21] + struct.pack("<I", packed) + data[25:]
    sides = b"".join(side.to_bytes(3, "little") for side in less)
    return data[:24] + sides + data[30:]
