"""Pictures of products, for the page by an address of their own and for API callers as files."""

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
# Catalogues have up to some millions of products; Python refuses to read more than 4,300 digits.
_POSITION = re.compile(r"[0-9]{1,9}")
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

    def url(self, position: int) -> str:
        """Address of a product's picture, relative to the page."""
        return f"thumbnail/{self.version}/{position}"

    def data(self, position: int | None) -> bytes:
        """File of a product's picture.

        Raises:
            HTTPException: no product has this position.
        """
        if position is None or position >= len(self._catalogue):
            raise HTTPException(404, NO_PICTURE)
        return self._catalogue.thumbnail_bytes(position)

    def file(self, position: int) -> str:
        """A product's picture as a file that Gradio may hand out.

        Raises:
            StorageError: the disk is full, or Gradio's folder cannot be written.
        """
        data = self._catalogue.thumbnail_bytes(position)
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


def position_of(asked: str) -> int | None:
    """Position in an address; None where it is no number."""
    return int(asked) if _POSITION.fullmatch(asked) else None


def picture_response(data: bytes, headers: dict[str, str]) -> Response:
    """Answer with a picture's file."""
    return Response(data, media_type=f"image/{_format(data)}", headers=headers)


def _format(data: bytes) -> str:
    return next((name for begins, name in _SIGNATURES if data.startswith(begins)), "jpeg")
