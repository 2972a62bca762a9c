"""Projection network: a perceptron from features to vectors of length one; inference in NumPy.

It is fitted by `recommender.training.metric_learning`. Serving needs NumPy only.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.embedding.standardisation import standardise
from recommender.embedding.vectors import normalised


@dataclass(frozen=True)
class Network:
    """Standardised inputs, layers with a ReLU between them, outputs divided by their length."""

    mean: np.ndarray
    """(d,) float32, as are all of its arrays."""
    scale: np.ndarray
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    """(inputs, outputs) weights and (outputs,) biases."""
    directions: np.ndarray | None = None
    """(d, inputs of the first layer): principal directions of the standardised inputs; None: the
    first layer takes all inputs."""

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, d) float32 to (n, outputs) float32 of length one."""
        rows = self.first_inputs(inputs)
        for number, (weights, bias) in enumerate(self.layers):
            rows = (np.maximum(rows, 0) if number else rows) @ weights + bias
        return normalised(rows)

    def first_inputs(self, inputs: np.ndarray) -> np.ndarray:
        """(n, d) float32 to (n, inputs of the first layer): standardised and projected."""
        rows = standardise(inputs, self.mean, self.scale)
        return rows if self.directions is None else rows @ self.directions

    def rounded(self) -> "Network":
        """The same network, its matrices rounded to half precision, which files keep exactly."""
        layers = tuple((_rounded(weights), bias) for weights, bias in self.layers)
        directions = None if self.directions is None else _rounded(self.directions)
        return Network(self.mean, self.scale, layers, directions)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Named arrays that hold all of it: float16 where that loses nothing, float32 elsewhere."""
        arrays = {"mean": self.mean, "scale": self.scale}
        if self.directions is not None:
            arrays["directions"] = _smallest(self.directions)
        for number, (weights, bias) in enumerate(self.layers):
            arrays[f"weights_{number}"], arrays[f"bias_{number}"] = _smallest(weights), bias
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Network":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        numbers = itertools.takewhile(lambda i: f"weights_{i}" in arrays, itertools.count())
        layers = tuple(
            (arrays[f"weights_{i}"].astype(np.float32), arrays[f"bias_{i}"]) for i in numbers
        )
        if not layers:
            raise KeyError("weights_0")
        directions = arrays.get("directions")
        if directions is not None:
            directions = directions.astype(np.float32)
        return cls(arrays["mean"], arrays["scale"], layers, directions)


def _rounded(matrix: np.ndarray) -> np.ndarray:
    return matrix.astype(np.float16).astype(np.float32)


def _smallest(matrix: np.ndarray) -> np.ndarray:
    half = matrix.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), matrix) else matrix
