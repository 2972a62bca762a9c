"""A build that was begun with a tiny network, made without TensorFlow: in milliseconds."""

import atexit
import functools
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from unittest import mock

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from recommender.building.build import Report, build_index
from recommender.building.encode import ProductSource
from recommender.building.plan import PLAN_FILE, BuildConfig, key_of
from recommender.features.backbones import registry
from recommender.features.encoder import GRAPH_FILE, OUTPUTS
from recommender.index.folder import ENCODER_FOLDER
from tests.support.tiny_network import CHANNELS, SIDE, TINY

CONFIG = BuildConfig("shop", backbone=TINY.name, licence="CC0-1.0", engine="openvino", head="none")
GRID = 12  # pixels that the one convolution sees at a time


@functools.cache
def encoder_folder() -> Path:
    """An encoder: one seeded convolution. Written once, as OpenVINO counts the graphs it names."""
    folder = Path(tempfile.mkdtemp(prefix="tiny-encoder-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    pixels = ops.parameter([-1, SIDE, SIDE, 3], np.uint8, name="pixels")
    scaled = ops.divide(ops.convert(pixels, "f32"), np.float32(255))
    first = ops.transpose(scaled, np.array([0, 3, 1, 2]))
    kernel = np.random.default_rng(0).normal(size=(CHANNELS, 3, GRID, GRID)).astype(np.float32)
    convolved = ops.convolution(first, kernel, [GRID, GRID], [0, 0], [0, 0], [1, 1])
    seen = ops.transpose(ops.relu(convolved), np.array([0, 2, 3, 1]))
    places = np.array([1, 2])
    outputs = (seen, ops.reduce_max(seen, places), ops.reduce_mean(seen, places))
    model = ov.Model(list(outputs), [pixels], "tiny")
    for output, name in zip(model.outputs, OUTPUTS, strict=True):
        output.set_names({name})
    ov.save_model(model, folder / GRAPH_FILE, compress_to_fp16=False)
    return folder


def begin(source: ProductSource, out: Path, order: BuildConfig = CONFIG) -> Path:
    """The working folder of a build that was stopped right after its network was exported."""
    folder = order.shard.folder(out)
    shutil.copytree(encoder_folder(), folder / ENCODER_FOLDER)
    values = {
        "plan": asdict(key_of(order, source)),
        "weights_fingerprint": "0" * 64,
        "engine": "openvino",
    }
    (folder / PLAN_FILE).write_text(json.dumps(values), encoding="utf-8")
    return folder


def build(
    source: ProductSource,
    out: Path,
    say: Callable[[str], None] = lambda sentence: None,
    **changes: object,
) -> Report:
    """Build, going on from `begin` where the working folder is not there yet."""
    order = replace(CONFIG, **changes)
    if not order.shard.folder(out).exists() and not out.exists():
        begin(source, out, order)
    return build_index(source, out, order, say)


def lay_out(vectors: np.ndarray) -> np.ndarray:
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
    ):
        yield
