"""Thumbnails of products: for the page by an address each, for API callers as files."""

import hashlib
import os
import re

from starlette.exceptions import HTTPException
from starlette.responses import Response

from recommender.errors import StorageError
from recommender.index.folder import Index
from recommender.interface.upload_folder import upload_folder
from recommender.storage import write_whole

# The address names the index by its fingerprint, so what it shows never changes.
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# Position of a product, and number of a further picture of it. Catalogues have up to some millions
# of products; Python refuses to read more than 4,300 digits.
_PICTURE = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,4}))?")
NO_PICTURE = "No product of this catalogue has that picture."
_SIGNATURES = ((b"\x89PNG", "png"), (b"RIFF", "webp"), (b"\xff\xd8", "jpeg"))


class Thumbnails:
    """The thumbnails of an index.

    The bytes that the index stores go out as they are: Gradio's own way would decode and encode
    every picture of a gallery anew.
    """

    def __init__(self, index: Index) -> None:
        self._catalogue = index.catalogue
        self.version = index.manifest.fingerprint[:12]
        """In the addresses: pictures of another version are others."""

    def url(self, position: int, picture: int = 0) -> str:
        """Address of a product's picture, relative to the page.

        Args:
            position: of the product.
            picture: its number among the product's pictures; 0 is the main one.
        """
        address = f"thumbnail/{self.version}/{position}"
        return f"{address}/{picture}" if picture else address

    def data(self, position: int, picture: int = 0) -> bytes:
        """File of a product's picture.

        Raises:
            HTTPException: no product has this position, or it has no such picture.
        """
        is_known = 0 <= position < len(self._catalogue) and (
            picture < self._catalogue.pictures.count(position)
        )
        if not is_known:
            raise HTTPException(404, NO_PICTURE)
        return self._catalogue.thumbnail_bytes(position, picture)

    def file(self, position: int, picture: int = 0) -> str:
        """A product's picture as a file that Gradio may hand out; the arguments are those of `url`.

        Raises:
            StorageError: the disk is full, or Gradio's folder cannot be written.
        """
        data = self._catalogue.thumbnail_bytes(position, picture)
        uploads = upload_folder()
        folder = uploads.answers / hashlib.sha256(data).hexdigest()
        path = folder / f"thumbnail.{_format(data)}"
        try:
            # The size tells a file that a full disk or an earlier version left unfinished.
            if path.exists() and path.stat().st_size == len(data):
                os.utime(path)  # It has just been asked for, and is not swept.
            else:
                write_whole(path, data)
                uploads.answered(len(data))
        except OSError as error:
            raise StorageError(
                "The server cannot keep the pictures of its answer: "
                f"{(error.strerror or str(error)).lower()}. Whoever runs it can make room, or set "
                "TMPDIR to another folder."
            ) from error
        return str(path)


def picture_of(asked: str) -> tuple[int, int]:
    """Position and picture of an address's end; position -1 where it is none."""
    found = _PICTURE.fullmatch(asked)
    if found is None:
        return -1, 0
    return int(found[1]), int(found[2] or 0)


def picture_response(data: bytes, headers: dict[str, str]) -> Response:
    """Answer with a picture's file."""
    return Response(data, media_type=f"image/{_format(data)}", headers=headers)


def _format(data: bytes) -> str:
    return next((name for begins, name in _SIGNATURES if data.startswith(begins)), "jpeg")
