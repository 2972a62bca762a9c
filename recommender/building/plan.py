"""What is to be built, which part of it here, and the working folder that remembers both."""

import json
import re
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from recommender.building.encode import CHUNK, ProductSource, chunk_path
from recommender.errors import DatasetError, SettingsError
from recommender.features import FEATURES_VERSION
from recommender.features.backbones.registry import get_backbone
from recommender.index.catalogue import is_reserved
from recommender.index.folder import ENCODER_FOLDER, LEARNED, sha256

PLAN_FILE = "plan.json"
IMAGENET = "imagenet"
OPENVINO = "openvino"
ENGINES = ("auto", OPENVINO, "tensorflow")


@dataclass(frozen=True)
class BuildKey:
    """Everything that decides an index's vectors; a build goes on only where the same was begun."""

    dataset: str
    split: str
    revision: str | None
    columns: dict[str, Any]
    rows: int
    backbone: str
    weights: str
    """"imagenet", or the SHA-256 of the weights file."""
    precision: str
    half_weights: bool = False
    """Whether the encoder keeps its weights in float16."""
    chunk: int = field(default_factory=lambda: CHUNK)
    features_version: int = FEATURES_VERSION


@dataclass(frozen=True)
class Shard:
    """The i-th of n parts of a build, counted from 1."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """From "i/n".

        Raises:
            SettingsError: it is not of that form.
        """
        number, slash, of = text.partition("/")
        plain = slash and re.fullmatch("[0-9]{1,9}", number) and re.fullmatch("[0-9]{1,9}", of)
        if not plain or not 1 <= int(number) <= int(of):
            raise SettingsError(
                f"--shard takes i/n with i from 1 to n, such as 2/4; got {text[:40]!r}."
            )
        return cls(int(number), int(of))

    def rows(self, total: int) -> range:
        """Its rows: whole chunks, so that shards put together equal a build in one piece."""
        chunks = -(-total // CHUNK)
        first, last = (chunks * i // self.of for i in (self.number - 1, self.number))
        return range(first * CHUNK, min(last * CHUNK, total))

    def folder(self, out: Path) -> Path:
        """Where its chunks are kept until the index is written."""
        name = "partial" if self.of == 1 else f"shard-{self.number}-of-{self.of}"
        return out.with_name(f"{out.name}.{name}")


@dataclass(frozen=True)
class BuildConfig:
    """What the person who starts a build asks for."""

    dataset: str
    """Name of the dataset, as the index will show it."""
    split: str = "train"
    revision: str | None = None
    limit: int | None = None
    backbone: str = "resnet50"
    weights: str = IMAGENET
    precision: str = "f32"
    half_weights: bool = False
    engine: str = "auto"
    head: str = LEARNED
    title: str | None = None
    licence: str = ""
    shard: Shard = field(default_factory=Shard)


@dataclass(frozen=True)
class BuildDirectory:
    """The working folder of a build or of a shard (`recommender.building.encode`)."""

    folder: Path
    plan: BuildKey
    weights_fingerprint: str
    engine: str

    @property
    def encoder(self) -> Path:
        """The folder of its encoder."""
        return self.folder / ENCODER_FOLDER

    @property
    def features(self) -> Path:
        """The folder of the products' features."""
        return self.folder / "features"

    @property
    def augmented(self) -> Path:
        """The folder of the features of further pictures that the head is fitted on."""
        return self.folder / "augmented"

    @classmethod
    def read(cls, folder: Path) -> "BuildDirectory":
        """A working folder that was begun.

        Raises:
            DatasetError: it is not one.
        """
        try:
            values = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
            kept = values.pop("plan")
            kept.pop("code", None)  # builds begun before there was a version had this instead
            plan = BuildKey(**{"features_version": 0, **kept})
            return cls(folder, plan, **values)
        except (OSError, ValueError, KeyError, TypeError):
            raise DatasetError(
                f"{folder} is not the working folder of a build, or is damaged: remove it."
            ) from None

    @classmethod
    def open(cls, folder: Path, plan: BuildKey, weights: str, engine: str) -> "BuildDirectory":
        """Go on in a working folder, or begin one: the network is exported to it once.

        Args:
            folder: the working folder; may not exist yet.
            plan: what is to be built.
            weights: "imagenet" or a file.
            engine: one of `ENGINES`; "auto" is TensorFlow where it sees a GPU, else OpenVINO.

        Raises:
            SettingsError: another plan was begun in the folder.
            BackboneError: the weights cannot be had.
        """
        if (folder / PLAN_FILE).exists():
            found = cls.read(folder)
            if found.plan != plan:
                before, now = asdict(found.plan), asdict(plan)
                differences = ", ".join(
                    f"{name} was {before[name]!r} and is {now[name]!r}"
                    for name in now
                    if before[name] != now[name]
                )
                raise SettingsError(
                    f"{folder} holds an unfinished build of something else ({differences}). "
                    "Remove it to start afresh, or choose another --out."
                )
            return found
        # TensorFlow takes seconds to import: only now, and never when a build goes on.
        from recommender.features.backbones import network

        shutil.rmtree(folder / ENCODER_FOLDER, ignore_errors=True)
        backbone = get_backbone(plan.backbone)
        fingerprint, gpu = network.export_apart(
            backbone, weights, folder / ENCODER_FOLDER, half=plan.half_weights
        )
        if engine == "auto":
            engine = "tensorflow" if gpu else OPENVINO
        directory = cls(folder, plan, fingerprint, engine)
        values = {
            "plan": asdict(plan),
            "weights_fingerprint": directory.weights_fingerprint,
            "engine": engine,
        }
        temporary = folder / f"{PLAN_FILE}.new"
        temporary.write_text(json.dumps(values, indent=2), encoding="utf-8")
        temporary.replace(folder / PLAN_FILE)
        return directory

    def chunks(self) -> dict[int, Path]:
        """The finished chunks, by their first row."""
        starts = range(0, self.plan.rows, CHUNK)
        paths = {start: chunk_path(self.folder, start) for start in starts}
        return {start: path for start, path in paths.items() if path.exists()}


def key_of(config: BuildConfig, source: ProductSource) -> BuildKey:
    """The plan that an config of these products comes to.

    Raises:
        SettingsError: there is no such weights file, or a limit below one.
        DatasetError: there is not one product, or an attribute has a name of the index's own.
    """
    if config.limit is not None and config.limit < 1:
        raise SettingsError(f"--limit takes a number of products from 1 on; got {config.limit}.")
    impossible = [name for name in source.columns.attributes if is_reserved(name) or not name]
    if impossible:
        raise DatasetError(
            f"An attribute can't be called {impossible[0]!r}, as a column of the index is: "
            "rename it."
        )
    rows = source.count() if config.limit is None else min(config.limit, source.count())
    if rows == 0:
        raise DatasetError(f"{config.dataset} has no products.")
    return BuildKey(
        config.dataset,
        config.split,
        config.revision,
        {**asdict(source.columns), "attributes": list(source.columns.attributes)},
        rows,
        config.backbone,
        weights_of(config.weights),
        config.precision,
        config.half_weights,
    )


def weights_of(weights: str) -> str:
    """What a plan remembers of the weights: that they are ImageNet's, or a file's checksum.

    Raises:
        SettingsError: there is no such file.
    """
    if weights == IMAGENET:
        return IMAGENET
    if not Path(weights).is_file():
        raise SettingsError(f"The weights file {weights} does not exist.")
    return f"sha256:{sha256(Path(weights))}"
