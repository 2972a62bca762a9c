"""Build an index: read and encode, fit, lay out, write, like the flow chart of the README."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from recommender.building.assemble import collect, write_skipped
from recommender.building.encode import (
    BATCH,
    ProductSource,
    StreamingEncoder,
    Timings,
    encode_chunks,
)
from recommender.building.fit import fit
from recommender.building.plan import Order, Shard, Workspace, plan_of
from recommender.building.write import write_index
from recommender.errors import DatasetError, SettingsError
from recommender.features.backbones.registry import Backbone, get_backbone
from recommender.features.encoder import Encoder
from recommender.index.manifest import Manifest
from recommender.storage import GO_ON, exclusive, storage_errors


@dataclass(frozen=True)
class Report:
    """What a build did; printed at its end."""

    folder: Path
    """The index, or the working folder of a shard."""
    manifest: Manifest | None
    """None for a shard."""
    products: int
    encoded: int
    """Pictures read and encoded in this run; the others were there already."""
    skipped: list[tuple[str, str]]
    skipped_file: Path | None
    seconds: dict[str, float]
    timings: Timings
    bytes: int


Say = Callable[[str], None]


def build_index(source: ProductSource, out: Path, order: Order, say: Say) -> Report:
    """Build an index, or go on with one that was begun.

    Args:
        source: the products.
        out: folder of the index; it appears whole or not at all.
        order: what to build.
        say: is told what happens, in sentences.

    Raises:
        SettingsError: `out` exists, or an unfinished build of something else is in the way.
        DatasetError, BackboneError: the products or the network cannot be had.
        StorageError: the disk is full, or `out` cannot be written.
    """
    with _alone(order.shard.folder(out), out):
        return _build(source, out, order, say)


def _build(source: ProductSource, out: Path, order: Order, say: Say) -> Report:
    stages = _Stages(say)
    backbone = get_backbone(order.backbone)
    plan = plan_of(order, source)
    for attribute, column in source.columns.renamed.items():
        say(f"The column {column!r} becomes the attribute {attribute!r}: the index needs its name.")
    folder = order.shard.folder(out)
    folder.mkdir(parents=True, exist_ok=True)
    with stages("network", f"Preparing {backbone.title} ({backbone.weights})."):
        workspace = Workspace.open(folder, plan, order.weights, order.engine)
        encoder = _encoder(workspace, backbone, order)
    part = order.shard.rows(plan.rows)
    with stages("encode"), tqdm(total=len(part), unit=" pictures", desc="Encoding") as bar:
        timings = encode_chunks(source, part, backbone, encoder, folder, bar.update)
    if order.shard.of > 1:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return Report(
            folder, None, len(part), timings.encoded, [], None, stages.seconds, timings, size
        )
    return _finish([workspace], out, order, stages, timings)


def merge_shards(folders: Sequence[Path], out: Path, order: Order, say: Say) -> Report:
    """Make of shards the very index that one machine would have built.

    Args:
        folders: working folders of all shards, in any order.
        out: folder of the index.
        order: of it, only head, title and licence count: the shards know the rest.
        say: is told what happens.

    Raises:
        DatasetError: shards of different builds, or one is missing or unfinished.
        StorageError: the disk is full, or `out` cannot be written.
    """
    with _alone(Shard().folder(out), out):
        return _merge(folders, out, order, say)


def _merge(folders: Sequence[Path], out: Path, order: Order, say: Say) -> Report:
    workspaces = [Workspace.read(folder) for folder in folders]
    first = workspaces[0]
    for other in workspaces[1:]:
        same_weights = other.weights_fingerprint == first.weights_fingerprint
        if other.plan != first.plan or not same_weights:
            raise DatasetError(f"{first.folder} and {other.folder} are shards of different builds.")
    return _finish(workspaces, out, order, _Stages(say), Timings())


def _finish(
    workspaces: list[Workspace], out: Path, order: Order, stages: "_Stages", timings: Timings
) -> Report:
    plan = workspaces[0].plan
    chunks = {start: path for workspace in workspaces for start, path in workspace.chunks().items()}
    missing = [start for start in range(0, plan.rows, plan.chunk) if start not in chunks]
    if missing:
        raise DatasetError(
            f"{len(missing)} parts of the dataset are not encoded yet, the first at row "
            f"{missing[0]}. "
            "Run the shard that has it, then merge again."
        )
    with stages("collect", "Collecting the chunks."):
        products = collect([chunks[start] for start in sorted(chunks)])
    fitted = fit(products, order.head, workspaces[0], stages)
    # Before the index: once that is there, nothing should fail that the command would do again.
    skipped_file = out.with_name(f"{out.name}.skipped.csv") if products.skipped else None
    if skipped_file:
        write_skipped(products, skipped_file)
    with stages("write", "Writing the index."):
        manifest = write_index(products, fitted, workspaces[0], order, out)
    for workspace in workspaces:
        shutil.rmtree(workspace.folder, ignore_errors=True)  # the index is there; this is tidying
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return Report(
        out,
        manifest,
        len(products.ids),
        timings.encoded,
        products.skipped,
        skipped_file,
        stages.seconds,
        timings,
        size,
    )


def _encoder(workspace: Workspace, backbone: Backbone, order: Order) -> StreamingEncoder:
    if workspace.engine == "tensorflow":
        from recommender.features.backbones import network

        return network.KerasEncoder(network.build_network(backbone, order.weights), BATCH)
    return Encoder(workspace.encoder, batch=BATCH, precision=order.precision)


@contextmanager
def _alone(folder: Path, out: Path) -> Iterator[None]:
    """While no other program writes the same working folder; full disks end in a sentence."""
    _refuse_existing(out)
    lock = folder.with_name(f".{folder.name}.lock")
    waiting = f"Another program is building {out}: waiting for it."
    with storage_errors(folder, GO_ON), exclusive(lock, waiting):
        _refuse_existing(out)
        yield


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise SettingsError(f"{out} exists already. Remove it, or choose another --out.")


class _Stages:
    """Seconds per stage, and a word before each to the person who waits."""

    def __init__(self, say: Say) -> None:
        self.seconds: dict[str, float] = {}
        self._say = say

    @contextmanager
    def __call__(self, name: str, words: str = "") -> Iterator[None]:
        if words:
            self._say(words)
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
