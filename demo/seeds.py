"""Random seeds by name, the same on every machine."""

import zlib


def seed_of(name: str) -> int:
    """Seed below 2**32 that depends on the name only; Python's `hash` of a text is salted."""
    return zlib.crc32(name.encode())
