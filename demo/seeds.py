"""Chance that is the same on every machine."""

import zlib


def seed_of(name: str) -> int:
    """A number below 2**32 that depends on the name alone (Python's own hash is salted)."""
    return zlib.crc32(name.encode())
