"""Build key, shard, configuration, and working folder of a build."""

import json
import re
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from recommender.building.chunks import CHUNK_VERSION
from recommender.building.encode import CHUNK, ProductSource, chunk_path
from recommender.building.segmenter_file import GRABCUT
from recommender.errors import DatasetError, SettingsError
from recommender.features import FEATURES_VERSION
from recommender.features.backbones.registry import get_backbone
from recommender.index.catalogue_file import is_reserved
from recommender.index.folder import ENCODER_FOLDER, LEARNED, SEGMENTER_FOLDER, sha256

PLAN_FILE = "plan.json"

# Pictures of a product that are embedded unless told otherwise. Shops show front, back, worn and a
# detail in this order or another; further ones repeat them, and each costs as much as a product.
PICTURES_EACH = 4
# As many as shops' exports have: additional_image_link of a product feed may name ten.
MOST_PICTURES_EACH = 16

IMAGENET = "imagenet"
OF_INDEX = "encoder:"
OPENVINO = "openvino"
ENGINES = ("auto", OPENVINO, "tensorflow")


@dataclass(frozen=True)
class BuildKey:
    """Build key: all that decides an index's vectors. A build is resumed only with an equal key."""

    dataset: str
    split: str
    revision: str | None
    columns: dict[str, Any]
    rows: int
    backbone: str
    weights: str
    """"imagenet", or "sha256:" and the checksum of the weights file."""
    precision: str
    half_weights: bool = False
    """Whether the encoder's weights are stored in float16."""
    chunk: int = field(default_factory=lambda: CHUNK)
    features_version: int = FEATURES_VERSION
    chunk_version: int = CHUNK_VERSION
    pictures_each: int = PICTURES_EACH
    """Pictures of a product at most."""


@dataclass(frozen=True)
class Shard:
    """Shard: one of several parts of a build, counted from 1."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Shard from the text "i/n".

        Raises:
            SettingsError: the text has another form.
        """
        number, slash, of = text.partition("/")
        plain = slash and re.fullmatch("[0-9]{1,9}", number) and re.fullmatch("[0-9]{1,9}", of)
        if not plain or not 1 <= int(number) <= int(of):
            raise SettingsError(
                f"--shard takes i/n with i from 1 to n, such as 2/4; got {text[:40]!r}."
            )
        return cls(int(number), int(of))

    def rows(self, total: int) -> range:
        """Rows of the shard: complete chunks, so that merged shards equal one build."""
        chunks = -(-total // CHUNK)
        first, last = (chunks * i // self.of for i in (self.number - 1, self.number))
        return range(first * CHUNK, min(last * CHUNK, total))

    def folder(self, out: Path) -> Path:
        """Working folder, which holds the chunks until the index is written."""
        name = "partial" if self.of == 1 else f"shard-{self.number}-of-{self.of}"
        return out.with_name(f"{out.name}.{name}")


@dataclass(frozen=True)
class BuildConfig:
    """Configuration of a build, from the command line."""

    dataset: str
    """Name of the dataset, as the index shows it."""
    split: str = "train"
    revision: str | None = None
    limit: int | None = None
    pictures_each: int = PICTURES_EACH
    """Pictures of a product that are embedded, the first ones."""
    backbone: str = "resnet50"
    weights: str = IMAGENET
    precision: str = "f32"
    half_weights: bool = False
    segmenter: str = GRABCUT
    """See `recommender.building.segmenter_file.prepare_segmenter`."""
    engine: str = "auto"
    head: str = LEARNED
    title: str | None = None
    licence: str = ""
    shard: Shard = field(default_factory=Shard)
    encoder: Path | None = None
    """Encoder folder of an index, to build with instead of weights."""
    cluster: str | None = None
    """Address of a Dask scheduler whose workers encode; None: this machine."""


@dataclass(frozen=True)
class BuildDirectory:
    """Working folder of a build or a shard (layout: `recommender.building.encode`)."""

    folder: Path
    key: BuildKey
    weights_fingerprint: str
    engine: str

    @property
    def encoder(self) -> Path:
        """Folder of the encoder."""
        return self.folder / ENCODER_FOLDER

    @property
    def segmenter(self) -> Path:
        """Folder of the segmentation network, if there is one."""
        return self.folder / SEGMENTER_FOLDER

    @property
    def features(self) -> Path:
        """Folder of the products' feature table."""
        return self.folder / "features"

    @property
    def augmented(self) -> Path:
        """Folder of the augmented features."""
        return self.folder / "augmented"

    @classmethod
    def read(cls, folder: Path) -> "BuildDirectory":
        """Working folder of an unfinished build.

        Raises:
            DatasetError: the folder is none, or is damaged.
        """
        try:
            values = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
            kept = values.pop("plan")
            kept.pop("code", None)  # in place of the version, in older builds
            key = BuildKey(
                **{"features_version": 0, "chunk_version": 0, "pictures_each": 1, **kept}
            )
            return cls(folder, key, **values)
        except (OSError, ValueError, KeyError, TypeError):
            raise DatasetError(
                f"{folder} is not the working folder of a build, or is damaged: remove it."
            ) from None

    @classmethod
    def open(
        cls,
        folder: Path,
        key: BuildKey,
        weights: str,
        engine: str,
        encoder: Path | None = None,
    ) -> "BuildDirectory":
        """Working folder of a build, resumed or begun; a new one gets the exported network.

        Args:
            folder: the working folder.
            key: of the build.
            weights: "imagenet" or a file.
            engine: one of `ENGINES`; "auto" is TensorFlow if it finds a GPU, else OpenVINO.
            encoder: folder of an encoder that is copied, instead of a network that is exported.

        Raises:
            SettingsError: the folder holds a build of another key.
            BackboneError: the weights cannot be loaded.
        """
        if (folder / PLAN_FILE).exists():
            found = cls.read(folder)
            if found.key != key:
                before, now = asdict(found.key), asdict(key)
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
        shutil.rmtree(folder / ENCODER_FOLDER, ignore_errors=True)
        if encoder is not None:
            shutil.copytree(encoder, folder / ENCODER_FOLDER)
            fingerprint, gpu = weights.removeprefix(OF_INDEX), False
        else:
            # Imported here: TensorFlow takes seconds, and a resumed build does not need it.
            from recommender.features.backbones import network

            backbone = get_backbone(key.backbone)
            fingerprint, gpu = network.export_apart(
                backbone, weights, folder / ENCODER_FOLDER, half=key.half_weights
            )
        if engine == "auto":
            engine = "tensorflow" if gpu else OPENVINO
        directory = cls(folder, key, fingerprint, engine)
        values = {
            "plan": asdict(key),
            "weights_fingerprint": directory.weights_fingerprint,
            "engine": engine,
        }
        temporary = folder / f"{PLAN_FILE}.new"
        temporary.write_text(json.dumps(values, indent=2), encoding="utf-8")
        temporary.replace(folder / PLAN_FILE)
        return directory

    def chunks(self) -> dict[int, Path]:
        """Finished chunks by first row."""
        starts = range(0, self.key.rows, CHUNK)
        paths = {start: chunk_path(self.folder, start) for start in starts}
        return {start: path for start, path in paths.items() if path.exists()}


def key_of(config: BuildConfig, source: ProductSource) -> BuildKey:
    """Build key of a configuration and its products.

    Raises:
        SettingsError: the weights file does not exist, the limit is below one, or the number of
            pictures is out of range.
        DatasetError: there are no products, or an attribute has a reserved name.
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
        pictures_each=check_pictures(config.pictures_each),
    )


def check_pictures(each: int) -> int:
    """The number of pictures of a product, where it is one that an index can have.

    Raises:
        SettingsError: it is out of range.
    """
    if not 1 <= each <= MOST_PICTURES_EACH:
        raise SettingsError(
            f"--pictures-per-product takes a number from 1 to {MOST_PICTURES_EACH}; got {each}."
        )
    return each


def weights_of(weights: str) -> str:
    """Weights in a build key: "imagenet", or "sha256:" and the file's checksum.

    Those of an index's encoder are `OF_INDEX` and their fingerprint.

    Raises:
        SettingsError: the file does not exist.
    """
    if weights == IMAGENET or weights.startswith(OF_INDEX):
        return weights
    if not Path(weights).is_file():
        raise SettingsError(f"The weights file {weights} does not exist.")
    return f"sha256:{sha256(Path(weights))}"
