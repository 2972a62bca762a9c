"""Pictures kept from their addresses, so that a resumed build or an update fetches none twice.

index.pictures/
  3f/3f9a....picture   a picture's file, by the SHA-256 of its address
  3f/3f9a....json      address, ETag, Last-Modified and time; written last: both are whole
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

from recommender.storage import write_whole

# A picture fetched within this time is not asked for again, seconds: a build goes on within a day.
FRESH_SECONDS = 86_400
_SUFFIX = ".picture"


@dataclass(frozen=True)
class Kept:
    """A picture that was fetched before."""

    path: Path
    etag: str | None
    modified: str | None
    fetched: float
    """Seconds since 1970."""

    def is_fresh(self, seconds: float, began: float) -> bool:
        """Whether it need not be asked for again.

        Args:
            seconds: within which it need not.
            began: time of this program's first request; what was fetched since is fresh.
        """
        now = time.time()
        return began <= self.fetched <= now or 0 <= now - self.fetched < seconds

    @property
    def conditions(self) -> dict[str, str]:
        """Headers by which a server sends the picture only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value is not None}


class KeptPictures:
    """The pictures of a folder by their address.

    Args:
        folder: made when the first picture is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, address: str) -> Kept | None:
        """What is kept of an address; None where nothing is, or where it is damaged."""
        path = self._path(address)
        try:
            values = json.loads(path.with_suffix(".json").read_bytes())
            kept = Kept(path, values["etag"], values["modified"], float(values["fetched"]))
            whole = values["address"] == address and path.stat().st_size == values["bytes"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if whole else None

    def put(self, address: str, data: bytes, etag: str | None, modified: str | None) -> Path:
        """Keep a picture.

        Raises:
            OSError: the folder cannot be written.
        """
        path = self._path(address)
        path.with_suffix(".json").unlink(missing_ok=True)
        write_whole(path, data)
        self._describe(path, address, len(data), etag, modified)
        return path

    def confirm(self, address: str, kept: Kept) -> Path:
        """Note that a picture is still the same.

        Raises:
            OSError: the folder cannot be written.
        """
        self._describe(kept.path, address, kept.path.stat().st_size, kept.etag, kept.modified)
        return kept.path

    def _describe(
        self, path: Path, address: str, length: int, etag: str | None, modified: str | None
    ) -> None:
        values = {"address": address, "bytes": length, "etag": etag, "modified": modified}
        values["fetched"] = time.time()
        write_whole(path.with_suffix(".json"), json.dumps(values).encode())

    def _path(self, address: str) -> Path:
        name = address_key(address)
        return self.folder / name[:2] / f"{name}{_SUFFIX}"


def address_key(address: str) -> str:
    """SHA-256 of an address, hexadecimal."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def address_of_kept(path: str) -> str | None:
    """`address_key` of the address that a file was fetched from; None where it was not fetched."""
    return Path(path).stem if path.endswith(_SUFFIX) else None
