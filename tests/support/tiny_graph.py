"""Tiny encoder: a graph of two seeded convolutions, and indexes built with it, without TensorFlow.

The graph takes and gives what EfficientNet-Lite0 does, so that the programs serve such an index as
they are; and it is written and run in milliseconds.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from recommender.building.build import Report, build_index
from recommender.building.encode import ProductSource
from recommender.building.plan import PLAN_FILE, BuildConfig, key_of
from recommender.features.backbones.registry import Backbone, get_backbone
from recommender.features.backbones.sources import find_source
from recommender.features.encoder import GRAPH_FILE, OUTPUTS
from recommender.index.files import ENCODER_FOLDER

FILTERS = 24


def write_tiny_graph(folder: Path, backbone: Backbone, grid: int = 32) -> None:
    """Write an encoder of the interface of a backbone.

    Args:
        folder: is created.
        backbone: side and channels are its own.
        grid: pixels, in each direction, that one place of the feature map sees.
    """
    random = np.random.default_rng(0)
    pixels = ops.parameter([-1, backbone.side, backbone.side, 3], np.uint8, name="pixels")
    scaled = ops.divide(ops.convert(pixels, "f32"), np.float32(255))
    x = ops.transpose(scaled, np.array([0, 3, 1, 2]))
    # A grid of pixels weighs as much as in a trained network, or else all pictures look alike.
    seen = random.normal(size=(FILTERS, 3, grid, grid)).astype(np.float32) / grid
    x = ops.relu(ops.convolution(x, seen, [grid, grid], [0, 0], [0, 0], [1, 1]))
    mixed = random.normal(size=(backbone.channels, FILTERS, 1, 1)).astype(np.float32)
    x = ops.relu(ops.convolution(x, mixed / FILTERS**0.5, [1, 1], [0, 0], [0, 0], [1, 1]))
    feature_map = ops.transpose(x, np.array([0, 2, 3, 1]))
    places = np.array([1, 2])
    pooled = ops.reduce_max(feature_map, places), ops.reduce_mean(feature_map, places)
    model = ov.Model([feature_map, *pooled], [pixels], "tiny")
    for output, name in zip(model.outputs, OUTPUTS, strict=True):
        output.set_names({name})
    # OpenVINO's own names count what the process has made: two workers would write two graphs.
    for number, operation in enumerate(model.get_ordered_ops()):
        operation.set_friendly_name(f"operation {number}")
    folder.mkdir(parents=True)
    ov.save_model(model, folder / GRAPH_FILE, compress_to_fp16=False)


def begin(source: ProductSource, out: Path, config: BuildConfig, encoder: Path) -> Path:
    """The working folder of a build that was stopped right after its network was exported.

    Args:
        source, out, config: as `build_index` takes them.
        encoder: folder of the network.
    """
    folder = config.shard.folder(out)
    shutil.copytree(encoder, folder / ENCODER_FOLDER)
    values = {
        "plan": asdict(key_of(config, source, find_source(config.backbone, config.weights))),
        "weights_fingerprint": "0" * 64,
        "engine": "openvino",
    }
    (folder / PLAN_FILE).write_text(json.dumps(values), encoding="utf-8")
    return folder


def build_tiny(source: ProductSource, out: Path, config: BuildConfig) -> Report:
    """Build an index that was begun with the tiny graph in the place of the backbone's network."""
    encoder = out.with_name(f"{out.name}.graph")
    write_tiny_graph(encoder, get_backbone(config.backbone))
    begin(source, out, config, encoder)
    shutil.rmtree(encoder)
    return build_index(source, out, config)
