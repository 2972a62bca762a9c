"""Text files of unknown encoding: decoded line by line, within limits."""

import codecs
from collections.abc import Iterator
from pathlib import Path

import charset_normalizer

from recommender.errors import DatasetError

# A line of characters that no table has: one with a description takes thousands.
MAX_LINE = 10_000_000
# What the encoding is judged by, bytes: the first lines that are not plain ASCII.
_SAMPLE = 1 << 18
_BLOCK = 1 << 20
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Encodings of spreadsheets and shops. Left to choose among all, the library takes exotic ones for
# short texts.
_LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac_roman"]
_LIKELY += ["cp932", "gb18030", "euc_kr", "big5", "utf_16_le", "utf_16_be"]
# Matches whose scores differ by less explain the file equally well.
_TIE = 0.02


def encoding_of(path: Path) -> str:
    """Encoding of a text file: by its mark, UTF-8 where all of it is, or by its letters.

    Raises:
        DatasetError: it is not text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample, head, utf8, zeros = bytearray(), b"", True, False
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            head = head or block[:4]
            zeros = zeros or block[:4096].count(0) > len(block[:4096]) // 4
            if utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    utf8 = False
            if len(sample) < _SAMPLE and (zeros or not block.isascii()):
                sample += block if zeros else b"\n".join(_not_ascii(block))
            if not utf8 and len(sample) >= _SAMPLE:
                break
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    if marked:
        return marked
    if utf8 and not zeros:
        return "utf-8"
    size = min(len(sample), _SAMPLE) // 4 * 4
    matches = list(charset_normalizer.from_bytes(bytes(sample[:size]), cp_isolation=_LIKELY))
    if not matches:
        raise DatasetError(
            f"{path.name} is not text in an encoding we know. Save it as a CSV in UTF-8."
        )
    best = matches[0]
    equal = [m for m in matches if m.chaos - best.chaos < _TIE > best.coherence - m.coherence]
    # Windows' own for western languages, where it says the same as its neighbours.
    western = any("cp1252" in (m.encoding, *m.could_be_from_charset) for m in equal)
    return "cp1252" if western else best.encoding


def _not_ascii(block: bytes) -> Iterator[bytes]:
    return (line for line in block.splitlines() if not line.isascii())


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """Lines of a text file with their ends, whichever these are.

    Raises:
        DatasetError: a line is longer than `MAX_LINE`.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise DatasetError(
                    f"Line {number} of {path.name} is longer than {MAX_LINE // 1_000_000} million "
                    "characters, so that it is no table. Export it again."
                )
            # A bare carriage return ends a line in old exports; `csv` takes it as a line's end too.
            yield line.replace("\0", "")
