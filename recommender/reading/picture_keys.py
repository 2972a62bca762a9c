"""Picture keys: by which a picture of an earlier build is recognised without being decoded.

A picture that was fetched has the SHA-256 of its address. A file of this machine has that of its
path, size and time of change: where these are the same, its content is taken to be. Both are kept
in an index only as hashes, because addresses may hold tokens, and paths names of people.
"""

import hashlib
import os

from recommender.pictures.decoding import PictureSource
from recommender.reading.kept_pictures import address_of_kept


def place_key(source: PictureSource) -> str | None:
    """Key of the place that a picture comes from, hexadecimal; None where it comes from none.

    Args:
        source: a path, the path of a picture that was fetched, or a picture without a place.
    """
    if not isinstance(source, str) or source.startswith("data:"):
        return None
    fetched = address_of_kept(source)
    if fetched is not None:
        return fetched
    try:
        status = os.stat(source)
    except OSError:
        return None
    place = f"{os.path.abspath(source)}\0{status.st_size}\0{status.st_mtime_ns}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()


def content_key(content: bytes) -> str:
    """Key of a picture's file: the SHA-256 of its bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
