"""Answers of servers that are asked for a picture: its file, another address, or a reason."""

from dataclasses import dataclass

import httpx2

from recommender.reading.addresses import AddressError, parse

# Answers that a later attempt may change: too early, too many requests, and a server in trouble.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_MODIFIED = 304


class PassingError(Exception):
    """What may be better in a moment; `wait` is what the server asks for, seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Redirect:
    """The picture is said to be elsewhere."""

    url: httpx2.URL


async def read_answer(
    response: httpx2.Response, asked: httpx2.URL, most: int
) -> Redirect | bytes | None:
    """The picture's file; None where the one that is kept is still the same.

    Args:
        response: whose body has not been read.
        asked: the address, which a redirect may be relative to.
        most: bytes of a file; a larger one is not read to its end.

    Raises:
        AddressError: there is no picture to be had.
        PassingError: there may be one in a moment.
    """
    status = response.status_code
    if status == NOT_MODIFIED:
        return None
    if response.is_redirect:
        return Redirect(parse(response.headers.get("Location", ""), asked))
    if status in PASSING:
        raise PassingError(_said(response), _wait(response))
    if status != httpx2.codes.OK:
        raise AddressError(_said(response))
    if response.headers.get("Content-Type", "").lower().startswith("text/"):
        raise AddressError("it is a web page or a text and no picture")
    return await _read(response, most)


async def _read(response: httpx2.Response, most: int) -> bytes:
    too_large = f"it is larger than {most / 1e6:g} MB, our limit"
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > most:
        raise AddressError(too_large)
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) > most:
            raise AddressError(too_large)
    if not data:
        raise AddressError("it is empty")
    return bytes(data)


def _said(response: httpx2.Response) -> str:
    return f"its server answers {response.status_code} {response.reason_phrase}".strip()


def _wait(response: httpx2.Response) -> float:
    seconds = response.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0.0
