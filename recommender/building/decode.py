"""Decoding of a product's pictures: pixels for the network, thumbnails and digests."""

import hashlib
import io
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from PIL import Image

from recommender.errors import PictureError
from recommender.features.colour import colour_features
from recommender.features.extractor import FeatureExtractor
from recommender.pictures.decoding import PictureSource, open_picture
from recommender.pictures.reading import read_bytes
from recommender.reading.picture_keys import content_key, place_key
from recommender.reading.product import KnownPicture, Product

# Longest side, pixels, up to which the catalogue keeps a picture's own file; larger pictures are
# reduced to it.
THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 88


@dataclass(frozen=True)
class DecodedPicture:
    """Decoded picture of a product."""

    pixels: np.ndarray | None
    """(side, side, 3) uint8, as the network takes them; None once they are encoded."""
    colour: np.ndarray
    """(d,) float32: colour features."""
    thumbnail: bytes
    digest: str
    """SHA-256 of size and upright RGB pixels: equal for pixel-identical pictures. Large
    pictures are compared after the decoder's reduction."""
    content: str | None = None
    """`recommender.reading.picture_keys.content_key` of its file; None where it was no file."""
    place: str | None = None
    """`recommender.reading.picture_keys.place_key`; None where it has none."""


@dataclass(frozen=True)
class DecodedProduct:
    """Product with its decoded pictures, or with the reason why it has none."""

    product: Product
    """Without the files of its pictures."""
    pictures: tuple[DecodedPicture, ...] = ()
    """The main one first, each of them once."""
    unread: tuple[str, ...] = ()
    """Why further pictures are missing, one sentence each."""
    reason: str | None = None
    """Why the product is left out."""

    def without_pixels(self) -> "DecodedProduct":
        """Copy without pixels: they would fill the memory."""
        return replace(self, pictures=tuple(replace(p, pixels=None) for p in self.pictures))


def decode(
    product: Product, extractor: FeatureExtractor, most: int | None = None
) -> DecodedProduct:
    """Decoded product; a picture that cannot be read becomes a reason, not an exception.

    The first picture that can be read becomes the main one; a picture that repeats an earlier one
    of the product is left out. Products and queries are decoded alike, so that a file has the same
    features as either.

    Args:
        product: with the files of its pictures.
        extractor: gives the pixels for its network.
        most: pictures at most; None for all.
    """
    pictures: dict[str, DecodedPicture] = {}
    unread = list(product.unread)
    for source in product.pictures:
        if len(pictures) == most:
            break
        try:
            picture = decode_picture(source, extractor)
        except PictureError as error:
            unread.append(str(error))
            continue
        pictures.setdefault(picture.digest, picture)
    # Files may have megabytes; a chunk of products is kept in memory.
    product = replace(product, pictures=())
    if not pictures:
        return DecodedProduct(product, reason=(unread or ["It has no picture."])[0])
    return DecodedProduct(product, tuple(pictures.values()), tuple(unread))


def digest(picture: Image.Image) -> str:
    """SHA-256 of a picture's size and pixels, hexadecimal."""
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()


def decode_picture(
    source: PictureSource | KnownPicture, extractor: FeatureExtractor
) -> DecodedPicture:
    """Decoded picture with its thumbnail and keys.

    Raises:
        PictureError: it cannot be read.
        TypeError: it is a known picture, which has no file.
    """
    if isinstance(source, KnownPicture):
        raise TypeError("a known picture is taken from its index, not decoded")
    place = place_key(source)
    if isinstance(source, str):
        source = read_bytes(source)  # a small file is kept as the thumbnail
    picture = open_picture(source, min_side=extractor.backbone.decoded_side)
    return DecodedPicture(
        extractor.pixels(picture),
        colour_features(np.asarray(picture)),
        _thumbnail(source, picture),
        digest(picture),
        content_key(source) if isinstance(source, bytes) else None,
        place,
    )


def _thumbnail(source: Any, picture: Image.Image) -> bytes:
    """Thumbnail: the picture's own file if it is small and a browser shows it, else a JPEG copy."""
    if isinstance(source, bytes) and max(picture.size) <= THUMBNAIL_SIDE:
        head = source[:12]
        if head.startswith((b"\xff\xd8\xff", b"\x89PNG")) or head[8:] == b"WEBP":
            with Image.open(io.BytesIO(source)) as same:
                if same.mode in ("RGB", "L") and not same.getexif():
                    return source
    scale = THUMBNAIL_SIDE / max(picture.size)
    if scale < 1:
        size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        # A fifth of the time of Pillow's filters, which sharpen what is reduced by little.
        reduced = cv2.resize(np.asarray(picture), size, interpolation=cv2.INTER_AREA)
        picture = Image.fromarray(reduced)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=THUMBNAIL_QUALITY)
    return buffer.getvalue()
