"""Build key, shard, configuration, and working folder of a build."""

import json
import re
import shutil
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from recommender.building.chunks import CHUNK_VERSION
from recommender.building.encode import CHUNK, ProductSource, chunk_path
from recommender.building.quantise import quantise
from recommender.building.segmenter_file import GRABCUT
from recommender.errors import BackboneError, DatasetError, SettingsError
from recommender.features import FEATURES_VERSION
from recommender.features.backbones.registry import Backbone, get_backbone
from recommender.features.backbones.sources import IMAGENET, Source
from recommender.features.encoder import INT8
from recommender.index.catalogue_file import is_reserved
from recommender.index.files import ENCODER_FOLDER, SEGMENTER_FOLDER
from recommender.index.manifest import LEARNED

PLAN_FILE = "plan.json"

# Pictures of a product that are embedded unless told otherwise. Shops show front, back, worn and a
# detail in this order or another; further ones repeat them, and each costs as much as a product.
PICTURES_EACH = 4
# As many as shops' exports have: additional_image_link of a product feed may name ten.
MOST_PICTURES_EACH = 16

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
    """"imagenet", a commit, or "sha256:" and the checksum of the network's or its weights' file."""
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
    for_updates: bool = True
    """Whether the index keeps what `update_index` needs to encode nothing twice, 1 KB a picture."""
    segmenter: str = GRABCUT
    """See `recommender.building.segmenter_file.prepare_segmenter`."""
    engine: str = "auto"
    head: str = LEARNED
    title: str | None = None
    licence: str = ""
    shard: Shard = field(default_factory=Shard)
    network: Source | None = None
    """Source of the network, instead of the one that `backbone` and `weights` name."""
    cluster: str | None = None
    """Address of a Dask scheduler whose workers encode; None: this machine."""


@dataclass(frozen=True)
class BuildDirectory:
    """Working folder of a build or a shard (layout: `recommender.building.encode`)."""

    folder: Path
    key: BuildKey
    weights_fingerprint: str
    engine: str
    backbone: Backbone

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
            # Older builds knew only networks with a name.
            known = values.pop("backbone", None)
            backbone = (
                _backbones().validate_json(json.dumps(known))
                if known
                else get_backbone(key.backbone)
            )
            return cls(folder, key, backbone=backbone, **values)
        except (OSError, ValueError, KeyError, TypeError, BackboneError):
            raise DatasetError(
                f"{folder} is not the working folder of a build, or is damaged: remove it."
            ) from None

    @classmethod
    def open(
        cls,
        folder: Path,
        key: BuildKey,
        source: Source,
        engine: str,
        products: ProductSource,
    ) -> "BuildDirectory":
        """Working folder of a build, resumed or begun; a new one gets the exported network.

        Args:
            folder: the working folder.
            key: of the build.
            source: of the network.
            engine: one of `ENGINES`; "auto" is TensorFlow if it finds a GPU, else OpenVINO.
            products: the catalogue, whose pictures calibrate an 8-bit network.

        Raises:
            SettingsError: the folder holds a build of another key.
            BackboneError, HubError: the network cannot be had or used.
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
        exported = source.export(folder / ENCODER_FOLDER, half=key.half_weights)
        if key.precision == INT8 and not exported.quantised:
            quantise(folder / ENCODER_FOLDER, exported.backbone, products, key.rows)
        if key.precision == INT8:
            engine = OPENVINO
        if engine == "auto":
            engine = "tensorflow" if exported.gpu else OPENVINO
        directory = cls(folder, key, exported.fingerprint, engine, exported.backbone)
        values = {
            "plan": asdict(key),
            "weights_fingerprint": directory.weights_fingerprint,
            "engine": engine,
            "backbone": asdict(exported.backbone),
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


@cache
def _backbones() -> TypeAdapter[Backbone]:
    return TypeAdapter(Backbone)


def key_of(config: BuildConfig, products: ProductSource, source: Source) -> BuildKey:
    """Build key of a configuration, its products and its network.

    Raises:
        SettingsError: the limit is below one, the number of pictures is out of range, or the
            engine knows no 8-bit networks.
        DatasetError: there are no products, or an attribute has a reserved name.
    """
    if config.precision == INT8 and config.engine not in ("auto", OPENVINO):
        raise SettingsError("--precision int8 runs in OpenVINO: leave --engine out.")
    if config.limit is not None and config.limit < 1:
        raise SettingsError(f"--limit takes a number of products from 1 on; got {config.limit}.")
    impossible = [name for name in products.columns.attributes if is_reserved(name) or not name]
    if impossible:
        raise DatasetError(
            f"An attribute can't be called {impossible[0]!r}, as a column of the index is: "
            "rename it."
        )
    rows = products.count() if config.limit is None else min(config.limit, products.count())
    if rows == 0:
        raise DatasetError(f"{config.dataset} has no products.")
    return BuildKey(
        config.dataset,
        config.split,
        config.revision,
        {**asdict(products.columns), "attributes": list(products.columns.attributes)},
        rows,
        source.name,
        source.weights,
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
