"""Index build, and merge of shards: encode, collect, fit, write (flow chart in the README)."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from recommender.building.assemble import collect
from recommender.building.catalogue_writer import write_skipped
from recommender.building.cluster import Opening, encode_on_cluster
from recommender.building.encode import ProductSource, Timings, encode_chunks
from recommender.building.fit import fit
from recommender.building.plan import OPENVINO, BuildConfig, BuildDirectory, Shard, key_of
from recommender.building.segmenter_file import prepare_segmenter
from recommender.building.stages import Stages
from recommender.building.write import write_index
from recommender.errors import DatasetError, SettingsError
from recommender.features.backbones.sources import Source, find_source
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.index.manifest import CLASSIC, Manifest
from recommender.storage import GO_ON, exclusive, storage_errors

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """Report of a build, printed at its end."""

    folder: Path
    """Folder of the index, or working folder of a shard."""
    manifest: Manifest | None
    """None for a shard."""
    products: int
    encoded: int
    """Products whose pictures were read and encoded in this run; resumed builds have more."""
    skipped: list[tuple[str, str]]
    skipped_file: Path | None
    stages: Stages
    timings: Timings
    bytes: int


def build_index(
    source: ProductSource, out: Path, config: BuildConfig, opening: Opening | None = None
) -> Report:
    """Index build, begun or resumed. The log has a sentence for each stage.

    Args:
        source: the products.
        out: folder of the index; it appears complete or not at all.
        config: what to build.
        opening: of the same products on other machines; for a cluster.

    Raises:
        SettingsError: `out` exists, or its working folder holds an unfinished build of another key.
        DatasetError: the products cannot be read.
        BackboneError, HubError: the network cannot be had or used.
        StorageError: the disk is full, or `out` cannot be written.
    """
    with _alone(config.shard.folder(out), out):
        return _build(source, out, config, opening)


def _build(
    source: ProductSource, out: Path, config: BuildConfig, opening: Opening | None
) -> Report:
    stages = Stages()
    network = config.network or find_source(config.backbone, config.weights)
    key = key_of(config, source, network)
    for attribute, column in source.columns.renamed.items():
        _log.info(
            f"The column {column!r} becomes the attribute {attribute!r}: the index needs its name."
        )
    folder = config.shard.folder(out)
    folder.mkdir(parents=True, exist_ok=True)
    with stages("network", f"Preparing the network {key.backbone} ({key.weights})."):
        directory = BuildDirectory.open(folder, key, network, config.engine, source)
        extractor = _extractor(directory, network)
    part = config.shard.rows(key.rows)
    with stages("encode"), tqdm(total=len(part), unit=" products", desc="Encoding") as bar:
        if config.cluster is None:
            timings = encode_chunks(
                source, part, extractor, folder, bar.update, config.pictures_each
            )
        elif opening is None:
            raise SettingsError("A cluster encodes only what its workers can open: a dataset.")
        else:
            timings = encode_on_cluster(config.cluster, opening, part, folder, bar.update)
    if config.shard.of > 1:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return Report(folder, None, len(part), timings.encoded, [], None, stages, timings, size)
    if directory.engine != OPENVINO:
        extractor = _openvino(directory)
    return _finish([directory], out, config, extractor, stages, timings)


def merge_shards(folders: Sequence[Path], out: Path, config: BuildConfig) -> Report:
    """Merge of shards to the same index that one machine would have built.

    Args:
        folders: working folders of all shards, in any order.
        out: folder of the index.
        config: head, title and licence; everything else is read from the shards.

    Raises:
        DatasetError: the shards are of different builds, or one is missing or unfinished.
        StorageError: the disk is full, or `out` cannot be written.
    """
    with _alone(Shard().folder(out), out):
        return _merge(folders, out, config)


def _merge(folders: Sequence[Path], out: Path, config: BuildConfig) -> Report:
    directories = [BuildDirectory.read(folder) for folder in folders]
    first = directories[0]
    for other in directories[1:]:
        same_weights = other.weights_fingerprint == first.weights_fingerprint
        if other.key != first.key or not same_weights:
            raise DatasetError(f"{first.folder} and {other.folder} are shards of different builds.")
    return _finish(directories, out, config, _openvino(first), Stages(), Timings())


def _finish(
    directories: list[BuildDirectory],
    out: Path,
    config: BuildConfig,
    extractor: FeatureExtractor,
    stages: Stages,
    timings: Timings,
) -> Report:
    key = directories[0].key
    chunks = {
        start: path for directory in directories for start, path in directory.chunks().items()
    }
    missing = [start for start in range(0, key.rows, key.chunk) if start not in chunks]
    if missing:
        raise DatasetError(
            f"{len(missing)} parts of the dataset are not encoded yet, the first at row "
            f"{missing[0]}. Run the shard that has it, then merge again."
        )
    with stages("collect", "Collecting the chunks."):
        products = collect([chunks[start] for start in sorted(chunks)], directories[0].features)
    if config.head != CLASSIC:
        with stages("segmenter", "Preparing what cuts products out of photographs."):
            prepare_segmenter(config.segmenter, directories[0].segmenter)
    fitted = fit(products, config.head, directories[0], extractor, stages)
    # Written before the index: once the index exists, the same command cannot be repeated.
    skipped_file = out.with_name(f"{out.name}.skipped.csv") if products.skipped else None
    if skipped_file:
        write_skipped(products, skipped_file)
    with stages("write", "Writing the index."):
        manifest = write_index(products, fitted, directories[0], config, out)
    for directory in directories:
        shutil.rmtree(directory.folder, ignore_errors=True)  # the index is complete without it
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return Report(
        out,
        manifest,
        len(products.ids),
        timings.encoded,
        products.skipped,
        skipped_file,
        stages,
        timings,
        size,
    )


def _extractor(directory: BuildDirectory, source: Source) -> FeatureExtractor:
    if directory.engine == OPENVINO:
        return _openvino(directory)
    model = source.keras_network()
    from recommender.features.backbones.network import KerasEncoder

    return FeatureExtractor(directory.backbone, KerasEncoder(model, BATCH))


def _openvino(directory: BuildDirectory) -> FeatureExtractor:
    """Extractor for fitting: OpenVINO on every machine, whichever engine encoded the products."""
    return FeatureExtractor.for_building(
        directory.encoder, directory.backbone, directory.key.precision
    )


@contextmanager
def _alone(folder: Path, out: Path) -> Iterator[None]:
    """Lock on the working folder; errors of the disk become `StorageError`."""
    _refuse_existing(out)
    lock = folder.with_name(f".{folder.name}.lock")
    waiting = f"Another program is building {out}: waiting for it."
    with storage_errors(folder, GO_ON), exclusive(lock, waiting):
        _refuse_existing(out)
        yield


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise SettingsError(f"{out} exists already. Remove it, or choose another --out.")
