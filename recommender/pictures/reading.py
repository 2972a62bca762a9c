"""Reading of pictures within a size limit: from a path, an open file, a data URL or bytes."""

import base64
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO, TypeAlias

from recommender.errors import PictureError

BytesSource: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO

# About the size of a camera's largest JPEG or of a 16-bit PNG of 12 megapixels.
MAX_BYTES = 50_000_000
SEND_INSTEAD = "Send a JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF or BMP picture."


def read_bytes(source: BytesSource) -> bytes:
    """Bytes of a picture's file, from 1 to `MAX_BYTES`.

    Args:
        source: a path, a `data:image/...;base64,` URL, bytes, or an open file, which is read from
            its beginning if it is seekable.

    Raises:
        PictureError: another type, another URL (nothing is fetched), or a source that cannot be
            read, is empty or is too large. A regular file that is too large is not read.
    """
    match source:
        case bytes():
            data = source
        case None | "":
            raise PictureError(f"No picture was given. {SEND_INSTEAD}")
        case str() if source[:5].lower() == "data:":
            data = _from_data_url(source)
        case str() if re.match(r"\w[\w+.-]+:/", source):
            raise PictureError("Addresses are not fetched. Download the picture and send the file.")
        case str() | os.PathLike():
            data = _from_path(Path(source))
        case _ if hasattr(source, "read"):
            data = _from_file(source)
        case _:
            raise PictureError(f"{type(source).__name__} is no kind of picture. {SEND_INSTEAD}")
    _check_length(len(data))
    return data


def length_of(source: BytesSource) -> int:
    """Bytes of memory for reading a source; 0 for bytes in memory and for unknown lengths."""
    if isinstance(source, str) and source[:5].lower() == "data:":
        return len(source) * 3 // 4
    if isinstance(source, str | os.PathLike):
        try:
            return min(os.stat(source).st_size, MAX_BYTES)
        except (OSError, ValueError):
            return 0  # `read_bytes` raises the error.
    return 0


def _check_length(length: int) -> None:
    if length < 1:
        raise PictureError(f"The file is empty. {SEND_INSTEAD}")
    if length > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise PictureError(f"The file is larger than {limit} MB, our limit. Send a smaller copy.")


def _from_data_url(url: str) -> bytes:
    _check_length(len(url) * 3 // 4)  # Base64 writes three bytes as four characters.
    head, _, body = url.partition(",")
    if not re.fullmatch(r"data:image/[^,]*;base64", head, re.IGNORECASE):
        raise PictureError("The data URL holds no picture. It must begin data:image/...;base64,")
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except ValueError as error:
        raise PictureError("The data URL is not valid base64. Encode the picture again.") from error


def _from_path(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):  # Reading a pipe or a device might never end.
            _check_length(status.st_size)
            return path.read_bytes()
    except (OSError, ValueError) as error:
        name, why = str(path)[:200], getattr(error, "strerror", None) or error
        raise PictureError(f"{name!r} cannot be read: {why}. Check its name and rights.") from error
    raise PictureError(f"{str(path)!r} is a folder or a device. Name a picture's file.")


def _from_file(file: BinaryIO) -> bytes:
    try:
        if file.seekable():
            file.seek(0)
        data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PictureError("The file cannot be read. Open it again, and send that.") from error
    if not isinstance(data, bytes):
        raise PictureError('The file was not opened for bytes. Open it with mode "rb".')
    return data
