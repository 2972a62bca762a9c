"""Index manifest: description and checksums of an index, `manifest.json`."""

import dataclasses
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from recommender.errors import IndexFormatError, IndexVersionError
from recommender.features.backbones.registry import Backbone, get_backbone

MANIFEST_FILE = "manifest.json"

# Increased when readers of the old format would misread the new one; readers refuse newer formats.
# An index with one picture of each product has the first: programs of either format open it.
ONE_PICTURE_FORMAT = 1
FORMAT_VERSION = 2

# Kinds of head: the classic recipe needs none, a learned one is fitted on the catalogue's labels.
CLASSIC, LEARNED = "none", "learned"

# Largest manifest that is read, bytes; a manifest takes a few kilobytes.
MAX_BYTES = 4_000_000


def _inside(name: str) -> str:
    """Path of a file inside the index folder; `ValueError` for any other path."""
    path = PurePosixPath(name)
    unsafe = path.is_absolute() or ".." in path.parts or not path.parts
    if unsafe or "\\" in name or ":" in name or "\0" in name:
        raise ValueError("a path that leads out of the index folder")
    return name


Count = Annotated[int, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
FilePath = Annotated[str, AfterValidator(_inside)]


@dataclass(frozen=True)
class Manifest:
    """Description of an index: what is needed to compare a query with its vectors."""

    # Strict: a number written as text is refused.
    __pydantic_config__ = ConfigDict(strict=True, allow_inf_nan=False)

    title: str
    """Title of the catalogue on the page."""
    dataset: str
    """Source of the products: a Hub dataset, a folder's name, or the demo catalogue."""
    dataset_revision: str | None
    """Commit of the dataset; None where it has none."""
    split: str
    data_licence: str
    items: Annotated[int, Field(ge=1)]
    skipped: Count
    duplicates: Count
    """Number of items whose picture has the same pixels as an earlier item's."""
    attributes: tuple[str, ...]
    """Columns of the catalogue that results show, in this order."""
    filters: tuple[str, ...]
    """Attributes to filter by: those with at most `filters.MAX_FILTER_VALUES` values."""
    backbone: str
    preprocessing: dict[str, Any]
    """Side (pixels), interpolation and channel order, for other programs."""
    weights_fingerprint: str
    """SHA-256 of the network's weights (`backbones.network.weights_fingerprint`)."""
    precision: Annotated[str, Field(pattern="^(f32|bf16|int8)$")]
    """Precision the vectors were computed in: "f32" or "bf16"; "int8" for a network of 8 bits."""
    head: Annotated[str, Field(pattern="^(none|learned)$")]
    """Kind: `CLASSIC` or `LEARNED`, the two of `recommender.embedding.head`."""
    style_dimensions: Annotated[int, Field(ge=1)]
    colour_dimensions: Count
    colour_weight: Fraction
    """Default weight of colour in a comparison, 0-1."""
    fingerprint: str
    """SHA-256 over the vectors, ids and weights; identifies the index."""
    built: str
    """Date, ISO 8601."""
    versions: dict[str, str]
    files: dict[FilePath, Sha256]
    """SHA-256 of every other file of the index, by its path."""
    quality: dict[str, Any] = field(default_factory=dict)
    """Report card: retrieval measured on products held out of the index."""
    pictures: dict[str, Any] = field(default_factory=dict)
    """Size, sharpness, margins and fill of the catalogue's pictures
    (`recommender.pictures.catalogue_pictures`); empty in older indexes, which did not measure
    them."""
    encoder: Backbone | None = None
    """Description of the network; None in older indexes, whose networks are known by name."""
    pictures_each: Annotated[int, Field(ge=1)] = 1
    """Pictures of a product at most, the first ones that can be had."""
    fitted: dict[str, Any] = field(default_factory=dict)
    """The catalogue that the head was fitted on, as `recommender.building.drift` measures it; empty
    in an index that was not updated since."""
    format_version: Annotated[int, Field(ge=1)] = ONE_PICTURE_FORMAT
    """`FORMAT_VERSION` where the vectors have more rows than there are items."""

    def __post_init__(self) -> None:
        unknown = [name for name in self.filters if name not in self.attributes]
        if unknown:
            raise ValueError(f"the filter {unknown[0][:80]!r} is not one of its attributes")
        if len(set(self.attributes)) < len(self.attributes):
            raise ValueError("an attribute is listed twice")
        if self.quality:
            _quality_reader().validate_python(self.quality)

    @property
    def known_backbone(self) -> Backbone:
        """Backbone of the index's encoder.

        Raises:
            BackboneError: an older index names a network that this program does not know.
        """
        if self.encoder is not None:
            return self.encoder
        return dataclasses.replace(get_backbone(self.backbone), decoded_side=Backbone.decoded_side)

    @property
    def version(self) -> str:
        """Short name of the catalogue and its vectors: another one where either differs."""
        return f"{self.fingerprint[:12]}-{self.files.get('catalogue.parquet', '')[:12]}"

    @property
    def space(self) -> tuple[str | None, ...]:
        """What vectors are compared in: equal where a query of one index is one of the other."""
        return (self.weights_fingerprint, self.precision, self.files.get("head.npz"))

    def write(self, folder: Path) -> None:
        """Write `manifest.json`, after all other files: it holds their checksums."""
        text = json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False)
        (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of an index folder.

        Raises:
            IndexFormatError: it is missing, damaged, or of a newer format; the message names the
                damaged field.
        """
        path = folder / MANIFEST_FILE
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise IndexFormatError(
                f"{folder} is not an index: it has no {MANIFEST_FILE}. "
                "Build one with scripts/build_index.py."
            ) from None
        except OSError as error:
            raise IndexFormatError(f"{path} cannot be read: {error.strerror}.") from None
        try:
            if len(content) > MAX_BYTES:
                raise ValueError
            version = json.loads(content)["format_version"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise IndexFormatError(
                f"{path} is damaged. Download or build the index again."
            ) from None
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise IndexVersionError(
                f"The index in {folder} has format version {version}, and this program reads "
                f"versions up to {FORMAT_VERSION}. Update the program, or build the index again."
            )
        try:
            return _manifest_reader().validate_json(content)
        except ValidationError as error:
            raise IndexFormatError(
                f"{path} is damaged: {_first_fault(error)}. Download or build the index again."
            ) from None


@dataclass(frozen=True)
class _Precision:
    """Precision at five for one label: fractions of results with the query's value."""

    index: Fraction
    classic: Fraction
    chance: Fraction


@dataclass(frozen=True)
class _Words:
    """Fraction of names that find their own product among the first ten; see `TextPart`."""

    names: Count = 0
    own_among_ten: Fraction | None = None
    text_head: Fraction | None = None
    text_tower: Fraction | None = None
    kept: str = ""


@dataclass(frozen=True)
class _Quality:
    """Fields of the report card that the page and the card show; it may have others."""

    queries: Count
    precision_at_5: dict[str, _Precision]
    words: _Words = field(default_factory=_Words)


# Compiled by pydantic from the dataclass once, when first needed.
@cache
def _manifest_reader() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


@cache
def _quality_reader() -> TypeAdapter[_Quality]:
    return TypeAdapter(_Quality)


def _first_fault(error: ValidationError) -> str:
    """First validation error as a clause: the field and what is wrong with it."""
    fault = error.errors(include_url=False, include_input=False)[0]
    name = " → ".join(str(part)[:80] for part in fault["loc"] if part != "[key]")
    reason = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "missing":
        return f"it lacks {name}"
    return f"{name}: {reason[0].lower()}{reason[1:]}" if name else reason
