"""Pictures of products, for the page by an address of their own and for API callers as files."""

import hashlib
from pathlib import Path

from gradio.utils import get_upload_folder
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from recommender.index.folder import Index

# The address names the index by its fingerprint, so what it shows never changes.
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_SIGNATURES = ((b"\x89PNG", "png"), (b"RIFF", "webp"), (b"\xff\xd8", "jpeg"))


class Thumbnails:
    """The thumbnails of an index.

    The bytes that the index stores go out as they are: Gradio's own way would decode and encode
    every picture of a gallery anew.
    """

    def __init__(self, index: Index) -> None:
        self._catalogue = index.catalogue
        self._version = index.manifest.fingerprint[:12]

    def url(self, position: int) -> str:
        """Address of a product's picture, relative to the page."""
        return f"thumbnail/{self._version}/{position}"

    def route(self) -> Route:
        """The route that answers those addresses."""

        def thumbnail(request: Request) -> Response:
            position = request.path_params["position"]
            if request.path_params["version"] != self._version or position >= len(self._catalogue):
                raise HTTPException(404, "No product of this catalogue has that picture.")
            data = self._catalogue.thumbnail_bytes(position)
            return Response(data, media_type=f"image/{_format(data)}", headers=FOREVER)

        return Route("/thumbnail/{version}/{position:int}", thumbnail)

    def file(self, position: int) -> str:
        """A product's picture as a file that Gradio may hand out."""
        data = self._catalogue.thumbnail_bytes(position)
        folder = Path(get_upload_folder()) / hashlib.sha256(data).hexdigest()
        path = folder / f"thumbnail.{_format(data)}"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return str(path)


def _format(data: bytes) -> str:
    return next((name for begins, name in _SIGNATURES if data.startswith(begins)), "jpeg")
