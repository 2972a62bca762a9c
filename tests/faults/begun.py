"""A build that was begun with a tiny network, made without TensorFlow: in milliseconds."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

from recommender.building.build import Report, build_index
from recommender.building.encode import ProductSource
from recommender.building.plan import BuildConfig
from recommender.features.backbones import registry
from tests.support import tiny_graph

# Smaller than what a program can serve, so that an index fits on a disk of three megabytes.
TINY = replace(registry.EFFICIENTNET_LITE0, title="Tiny network", side=48, channels=24)
CONFIG = BuildConfig("shop", backbone=TINY.name, licence="CC0-1.0", engine="openvino", head="none")
GRID = 12  # pixels that the first convolution sees at a time


@functools.cache
def encoder_folder() -> Path:
    """An encoder. Written once, as OpenVINO counts the graphs it names."""
    folder = Path(tempfile.mkdtemp(prefix="tiny-encoder-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tiny_graph.write_tiny_graph(folder / "encoder", TINY, GRID)
    return folder / "encoder"


def begin(source: ProductSource, out: Path, config: BuildConfig = CONFIG) -> Path:
    """The working folder of a build that was stopped right after its network was exported."""
    return tiny_graph.begin(source, out, config, encoder_folder())


def build(
    source: ProductSource,
    out: Path,
    **fields: object,
) -> Report:
    """Build, going on from `begin` where the working folder is not there yet."""
    config = replace(CONFIG, **fields)
    if not config.shard.folder(out).exists() and not out.exists():
        begin(source, out, config)
    return build_index(source, out, config)


def lay_out(vectors: np.ndarray, weighed: object) -> np.ndarray:
    """A map without t-SNE, which takes most of the time of a small build."""
    return np.clip(vectors[:, :2], 0, 1).astype(np.float32)


@contextmanager
def small_chunks() -> Iterator[None]:
    """Chunks of eight products and batches of four, so that thirty products make several."""
    with (
        mock.patch.dict(registry.BACKBONES, {TINY.name: TINY}),
        mock.patch("recommender.building.encode.CHUNK", 8),
        mock.patch("recommender.building.plan.CHUNK", 8),
        mock.patch("recommender.building.encode.BATCH", 4),
        mock.patch("recommender.building.fit.lay_out", lay_out),
        # Drawing and encoding what the product detector learns from takes half of a small build.
        mock.patch("recommender.building.non_products.MOST_PICTURES", 10),
    ):
        yield
