"""The contract between who writes an index and who reads it: `manifest.json`."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recommender.errors import IndexFormatError

MANIFEST_FILE = "manifest.json"

# Raised when a reader of the old version would misread the new; a reader refuses newer ones.
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """Everything a reader must know to compare a query with the vectors of an index."""

    title: str
    """What the catalogue is called on the page."""
    dataset: str
    """Where the products come from: a Hub dataset, a folder's name, or the demo catalogue."""
    dataset_revision: str | None
    """Commit of the dataset, where it has one."""
    split: str
    data_licence: str
    items: int
    skipped: int
    duplicates: int
    """Items whose picture is pixel for pixel that of an earlier item."""
    attributes: tuple[str, ...]
    """Columns of the catalogue that results show, in their order."""
    filters: tuple[str, ...]
    """The attributes with few enough values to choose from."""
    backbone: str
    preprocessing: dict[str, Any]
    """Side (pixels), interpolation and channel order, for readers without our code."""
    weights_fingerprint: str
    """SHA-256 of the network's weights (`backbones.network.weights_fingerprint`)."""
    precision: str
    """Precision the vectors were computed in: "f32" or "bf16"."""
    head: str
    """"none" is the classic recipe; "learned" is `recommender.embedding.head`."""
    style_dimensions: int
    colour_dimensions: int
    colour_weight: float
    """Share of colour in a comparison when nobody says otherwise, 0-1."""
    fingerprint: str
    """SHA-256 over the vectors, ids and weights: two indexes with the same one are the same."""
    built: str
    """Date, ISO 8601."""
    versions: dict[str, str]
    files: dict[str, str]
    """SHA-256 of every other file of the index, by its path."""
    quality: dict[str, Any] = field(default_factory=dict)
    """The report card: retrieval measured on products held out of the index."""
    pictures: dict[str, Any] = field(default_factory=dict)
    """Size, sharpness, margins and fill of the catalogue's pictures
    (`recommender.pictures.catalogue_pictures`); empty in indexes built before it was measured."""
    format_version: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write `manifest.json`; last of all files, because it vouches for the others."""
        text = json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False)
        (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read an index's manifest.

        Raises:
            IndexFormatError: there is none, it is damaged, or it is of a newer format.
        """
        path = folder / MANIFEST_FILE
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            version = values["format_version"]
        except FileNotFoundError:
            raise IndexFormatError(
                f"{folder} is not an index: it has no {MANIFEST_FILE}. "
                "Build one with scripts/build_index.py."
            ) from None
        except (ValueError, KeyError, TypeError, OSError):
            raise IndexFormatError(
                f"{path} is damaged. Download or build the index again."
            ) from None
        if not isinstance(version, int) or version > FORMAT_VERSION:
            raise IndexFormatError(
                f"The index in {folder} has format version {version}, and this program reads "
                f"versions up to {FORMAT_VERSION}. Update the program, or build the index again."
            )
        fields = {f.name for f in dataclasses.fields(cls)}
        try:
            known = {name: value for name, value in values.items() if name in fields}
            for name in ("attributes", "filters"):
                known[name] = tuple(known[name])
            return cls(**known)
        except (KeyError, TypeError):
            missing = sorted(fields - set(values))
            raise IndexFormatError(
                f"{path} is damaged: it lacks {', '.join(missing) or 'a list of attributes'}. "
                "Download or build the index again."
            ) from None
