"""Pictures for the tests, made in code: none is kept in the repository or downloaded."""

import base64
import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageCms

RED, GREEN, BLUE, YELLOW, WHITE = (
    (220, 30, 30),
    (30, 180, 60),
    (30, 60, 200),
    (230, 220, 40),
    (255, 255, 255),
)
T = Image.Transpose
# What a camera that asks for turn n (EXIF orientation) has done to the upright picture.
CAMERA_TURNS = {
    1: None,
    2: T.FLIP_LEFT_RIGHT,
    3: T.ROTATE_180,
    4: T.FLIP_TOP_BOTTOM,
    5: T.TRANSPOSE,
    6: T.ROTATE_90,
    7: T.TRANSVERSE,
    8: T.ROTATE_270,
}


def four_corners(width: int = 96, height: int = 64) -> Image.Image:
    """Return an RGB picture of four quarters: red and green above, blue and yellow below."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(YELLOW, (width // 2, height // 2, width, height))
    return picture


def corner_colours(picture: Image.Image) -> list[Any]:
    """Return the middles of the four quarters, in the order of `four_corners`."""
    x, y = picture.width // 4, picture.height // 4
    return [picture.getpixel(at) for at in ((x, y), (3 * x, y), (x, 3 * y), (3 * x, 3 * y))]


def photo(width: int, height: int, seed: int = 0) -> Image.Image:
    """Return soft random colours with a little grain, about as compressible as a photo."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (max(2, height // 16), max(2, width // 16), 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))
    grain = rng.integers(-8, 9, soft.shape)
    return Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8))


def encoded(picture: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def data_url(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def as_camera_stores(picture: Image.Image, orientation: int) -> tuple[Image.Image, Image.Exif]:
    """Return the pixels and the EXIF that a camera held in that orientation would write."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turn = CAMERA_TURNS[orientation]
    return (picture.copy() if turn is None else picture.transpose(turn)), exif


def png(
    width: int, height: int, depth: int, colour: int, pixels: bytes, *extra: tuple[bytes, bytes]
) -> bytes:
    """Return a PNG of raw rows, each with its filter byte, and extra chunks (kind, content)."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        checksum = zlib.crc32(kind + content)
        data += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
    return data


def tiff(tags: dict[int, int], data: bytes = b"") -> bytes:
    """Return a little-endian 8-bit grey TIFF; the data begin at byte 8."""
    data += b"\0" * (len(data) % 2)
    entries = {258: 8, 259: 1, 262: 1, 277: 1, **tags}
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, entries[tag]) for tag in sorted(entries))
    start = struct.pack("<4sI", b"II*\0", 8 + len(data))
    return start + data + struct.pack("<H", len(entries)) + directory + b"\0" * 4


def claiming(width: int, height: int) -> dict[str, bytes]:
    """Return small files whose headers claim that size, by format.

    GIF and JPEG can claim 65,535 pixels a side at most. WebP always claims 16,383, its most, and
    AVIF at most 16,000: beyond 16,384 squared its decoder sees no AVIF.
    """
    small = four_corners(64, 64)
    files = {format: encoded(small, format) for format in ("BMP", "GIF", "JPEG", "HEIF", "AVIF")}
    files["WEBP"] = encoded(small, "WEBP", lossless=True)
    large = struct.pack(">II", width, height)
    claims = {
        "BMP": (18, struct.pack("<ii", width, height)),
        "GIF": (6, struct.pack("<HH", width, height)),
        "JPEG": (files["JPEG"].index(b"\xff\xc0") + 5, struct.pack(">HH", height, width)),
        "HEIF": (files["HEIF"].index(b"ispe") + 8, large),
        "AVIF": (
            files["AVIF"].index(b"ispe") + 8,
            struct.pack(">II", min(width, 16_000), min(height, 16_000)),
        ),
        "WEBP": (21, struct.pack("<I", 16382 << 14 | 16382)),
    }
    for format, (at, claim) in claims.items():
        data = files[format]
        files[format] = data[:at] + claim + data[at + len(claim) :]
    files["PNG"] = png(width, height, 8, 2, b"")
    files["TIFF"] = tiff({256: width, 257: height, 273: 8, 278: height, 279: 1}, b"\0")
    return files


def profile_with_red_and_green_swapped() -> bytes:
    """Return a sane ICC profile, by which red values mean green light and the other way round."""
    profile = _unnamed_profile()
    return profile.replace(b"rXYZ", b"*XYZ").replace(b"gXYZ", b"rXYZ").replace(b"*XYZ", b"gXYZ")


def profile_whose_white_is_not_white() -> bytes:
    """Return a readable ICC profile that makes every picture blue."""
    profile = _unnamed_profile()
    for tag in (b"rXYZ", b"gXYZ"):
        entry = profile.index(tag)
        start = struct.unpack(">I", profile[entry + 4 : entry + 8])[0] + 8
        profile = profile[:start] + b"\0" * 12 + profile[start + 12 :]
    return profile


def profile_of_a_press_whose_cyan_is_red() -> bytes:
    """Return an ICC profile (version 2, ICC.1:2001-04) of one CMYK to L*a*b* table."""
    white, red, black = (255, 128, 128), (138, 208, 195), (0, 128, 128)
    inks = [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]
    colours = [white if not any(ink) else red if ink == (1, 0, 0, 0) else black for ink in inks]
    matrix = struct.pack(">9i", *(np.eye(3, dtype=int).ravel() * 65536))
    same = bytes(range(256))
    table = b"mft1\0\0\0\0\4\3\2\0" + matrix + same * 4 + bytes(sum(colours, ())) + same * 3
    header = struct.pack(
        ">I4xI4s4s4s12x4s28x3i48x",
        *(144 + len(table), 0x02400000, b"prtr", b"CMYK", b"Lab ", b"acsp", 63190, 65536, 54061),
    )
    return header + struct.pack(">I4sII", 1, b"A2B0", 144, len(table)) + table


def _unnamed_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace("sRGB".encode("utf-16-be"), "Mine".encode("utf-16-be"))
