"""A segmentation network for tests: a graph of U-2-Net-p's interface that knows red things."""

from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops


def write_red_graph(path: Path) -> None:
    """Write the graph: (1, 3, 320, 320) float32, normalised, to two masks (1, 1, 320, 320).

    The first is 1 where red is much stronger than green, and 0 elsewhere; the second is its half.
    """
    pixels = ops.parameter([1, 3, 320, 320], np.float32, name="pixels")
    weights = np.array([1.0, -1.0, 0.0], np.float32).reshape(1, 3, 1, 1)
    redder = ops.convolution(pixels, weights, [1, 1], [0, 0], [0, 0], [1, 1])
    mask = ops.sigmoid(ops.multiply(ops.subtract(redder, np.float32(1)), np.float32(20)))
    model = ov.Model([mask, ops.multiply(mask, np.float32(0.5))], [pixels], "red")
    ov.save_model(model, path, compress_to_fp16=False)
