"""Picture files of a folder, found by the names that a table gives them."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from recommender.errors import DatasetError
from recommender.reading.values import composed

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}
)
_ENDINGS = tuple(PICTURE_SUFFIXES)
_NAMED = 3
# Names whose files are kept: a table's are looked up several times, while it is understood and
# read. They take 20 MB; a longer cell is hardly a name.
_FOUND_KEPT, _LONGEST_KEPT = 65_536, 256
_BETWEEN_NAMES = re.compile("[,;|]")
# The Hub's cache keeps files under `blobs` and links to them from `snapshots`.
_HUB_CACHE = ("snapshots", "blobs")


@dataclass(frozen=True)
class Found:
    """The file that a name means, or why none is meant."""

    path: str | None
    """Relative to the folder, with slashes."""
    reason: str = ""


class PictureFiles:
    """The pictures below a folder. A name finds a file below it or nothing: no path leads out.

    Compared are whole relative paths first, then as many of their last parts as the name has;
    exactly first, then without case, without the suffix, and without leading zeros. Accents count
    the same composed or not, and back slashes are slashes.

    Args:
        folder: where to look, in all folders below, links to folders left out.

    Raises:
        DatasetError: the folder cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.beside = os.path.join(folder, "")
        """What a relative path is added to."""
        self.notes: list[str] = []
        self.outside: set[str] = set()
        self.paths = sorted(self._walk())
        self._by_key: dict[str, list[str]] = {}
        for path in self.paths:
            for key in _keys(path.rpartition("/")[2], is_file=True):
                self._by_key.setdefault(key, []).append(path)
        self._found = lru_cache(maxsize=_FOUND_KEPT)(self._find)
        if self.outside:
            named = ", ".join(sorted(self.outside)[:_NAMED])
            self.notes.append(
                f"{len(self.outside):,} links lead out of {folder.name} and are left out ({named}):"
                " copy what they mean into it."
            )

    def __len__(self) -> int:
        return len(self.paths)

    def _walk(self) -> Iterator[str]:
        roots = _roots(self.folder)

        def refuse(error: OSError) -> None:
            raise DatasetError(
                f"{error.filename} cannot be read: {error.strerror}. Check its rights."
            ) from error

        for parent, folders, files in os.walk(self.folder, onerror=refuse):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            inside = Path(parent).relative_to(self.folder)
            # Text, not a `Path` for each picture: that takes ten times as long.
            before = "" if inside == Path() else f"{inside.as_posix()}/"
            # A folder's list tells links; asking for each picture takes as long as all the rest.
            with os.scandir(parent) as entries:
                links = {entry.name for entry in entries if entry.is_symlink()}
            for name in folders:
                if name in links:
                    self.outside.add(before + name)
            for name in filter(_is_picture, files):
                if name in links:
                    target = Path(os.path.realpath(os.path.join(parent, name)))
                    if not any(target.is_relative_to(root) for root in roots):
                        self.outside.add(before + name)
                        continue
                yield before + name

    def find(self, name: str) -> Found:
        """The file that a table's cell names."""
        found = self._only(name)
        if found is not None:
            return found
        return self._found(name) if len(name) <= _LONGEST_KEPT else self._find(name)

    def _only(self, name: str) -> Found | None:
        """What `_find` says of most names of a table, in a tenth of the time: plain ones of one
        file; None for others."""
        if not name.isascii() or "/" in name or "\\" in name or name != name.strip():
            return None
        key = name.lower()
        candidates = self._by_key.get(key if key.endswith(_ENDINGS) else f"{key}.")
        return Found(candidates[0]) if candidates is not None and len(candidates) == 1 else None

    def _find(self, name: str) -> Found:
        cleaned = composed(name.replace("\\", "/").strip())
        parts = [part for part in cleaned.split("/") if part not in ("", ".")]
        if not parts:
            return Found(None, "It has no picture.")
        if ".." in parts:
            return Found(
                None,
                f"{name[:100]!r} names a file outside the folder of the table, which is not "
                "read. Put the picture into the folder.",
            )
        for key in _keys(parts[-1], is_file=False):
            candidates = self._by_key.get(key, [])
            if candidates:
                return self._closest(name, parts, candidates)
        return Found(None, f"{name[:100]!r} is not among the pictures of {self.folder.name}.")

    def find_all(self, words: str) -> list[Found]:
        """The files that a cell names: one, or several with `,`, `;` or `|` between them."""
        whole = self.find(words)
        if whole.path is not None:
            return [whole]
        parts = [part for part in _BETWEEN_NAMES.split(words) if part.strip()]
        if len(parts) < 2:
            return [whole]
        found = [self.find(part) for part in parts]
        return found if any(part.path is not None for part in found) else [whole]

    def _closest(self, name: str, parts: list[str], candidates: list[str]) -> Found:
        if len(candidates) == 1:
            return Found(candidates[0])
        scores = [_agreement(parts, composed(path).split("/")) for path in candidates]
        best = max(scores)
        closest = [p for p, score in zip(candidates, scores, strict=True) if score == best]
        if len(closest) == 1:
            return Found(closest[0])
        named = ", ".join(closest[:_NAMED])
        return Found(
            None,
            f"{name[:100]!r} may be any of {len(closest)} pictures ({named}): "
            "name it with its folder.",
        )


def _agreement(wanted: list[str], found: list[str]) -> tuple[int, bool]:
    """How many folders agree from the end on, and whether the name does to the letter."""
    exact = wanted[-1] in (found[-1], found[-1].rpartition(".")[0])
    folders = 0
    for a, b in zip(reversed(wanted[:-1]), reversed(found[:-1]), strict=False):
        if a.casefold() != b.casefold():
            break
        folders += 1
    return folders, exact


def _keys(name: str, *, is_file: bool) -> Iterable[str]:
    """Spellings of a file's name to find it by, the surest first."""
    plain = composed(name).casefold()
    is_picture = _is_picture(plain)
    stem = plain.rpartition(".")[0] if is_picture else plain
    # A table may name `shirt.jpg` where the folder has `shirt.png`, or `shirt` alone.
    keys = [plain, f"{stem}."] if is_file or is_picture else [f"{stem}."]
    if stem.isdecimal():
        keys.append(f"{stem.lstrip('0')}.")
    return dict.fromkeys(keys)


def _is_picture(name: str) -> bool:
    # As `os.path.splitext` does it: what has dots alone before the suffix has none.
    return name.lower().endswith(_ENDINGS) and name.rpartition(".")[0].strip(".") != ""


def _roots(folder: Path) -> list[Path]:
    """Where a link may lead: below the folder, and into the Hub cache that holds it."""
    whole = folder.resolve()
    snapshots, blobs = _HUB_CACHE
    caches = [p.parent / blobs for p in (whole, *whole.parents) if p.name == snapshots]
    return [whole, *caches]
