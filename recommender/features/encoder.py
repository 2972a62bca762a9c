"""OpenVINO encoder: export and inference of a backbone, from pixels to features.

An encoder is a folder of two files in OpenVINO's intermediate representation
(https://docs.openvino.ai/2026/documentation/openvino-ir-format.html):

    encoder/
      encoder.xml     the graph: RGB pixels (n, side, side, 3) uint8 to three named outputs
      encoder.bin     its weights

A network without a feature map has one output, its embedding, which stands in the place of the
max-pooled features; the feature map has no cells then, and the average-pooled features no columns.
"""

import collections
import os
import queue
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recommender.errors import IndexFormatError
from recommender.features.openvino_import import ov
from recommender.features.table import FeatureTable
from recommender.storage import storage_errors

if TYPE_CHECKING:
    import keras

GRAPH_FILE = "encoder.xml"
WEIGHTS_FILE = "encoder.bin"
FEATURE_MAP, MAX_POOLED, AVG_POOLED = "feature_map", "max_pooled", "avg_pooled"
POOLED = (MAX_POOLED, AVG_POOLED)
OUTPUTS = (FEATURE_MAP, *POOLED)

INT8 = "int8"
PRECISIONS = ("f32", "bf16", INT8)


@dataclass(frozen=True)
class Features:
    """Feature maps of n pictures and their pooled features; all float32."""

    feature_map: np.ndarray
    """(n, h, w, channels): the last feature map; (n, 0, 0, channels) where there is none."""
    max_pooled: np.ndarray
    """(n, channels): maximum over the map's positions, the feature of the classic recipe; or the
    network's embedding."""
    avg_pooled: np.ndarray
    """(n, channels): mean over the map's positions; (n, 0) beside an embedding."""

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the cells of the feature map."""
        return self.feature_map.shape[1], self.feature_map.shape[2]

    def pooled_under(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pooled features of the first picture, of the cells alone that a mask shows.

        Args:
            masks: (n, h, w) bool; each shows at least one cell.

        Returns:
            Maximum and mean over the shown cells, (n, channels) float32 each.
        """
        flat = self.feature_map[0].reshape(-1, self.feature_map.shape[-1])
        shown = masks.reshape(len(masks), -1)
        max_pooled = np.stack([flat[mask].max(axis=0) for mask in shown])
        avg_pooled = shown.astype(np.float32) @ flat / shown.sum(axis=1, keepdims=True)
        return max_pooled, avg_pooled.astype(np.float32)


def export_encoder(network: "keras.Model", folder: Path, *, half: bool = False) -> None:
    """Export of a Keras network to an encoder folder.

    Args:
        network: from `recommender.features.backbones.network.build_network`.
        folder: is created.
        half: store the weights in float16, in half the size; otherwise in float32, which the
            reference definition of an embedding needs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as saved_model,
        storage_errors(Path(saved_model), "Set TMPDIR to a folder with 500 MB free."),
    ):
        network.export(saved_model, verbose=False)
        model = ov.convert_model(saved_model)
    for output in model.outputs:
        name = next(name for name in OUTPUTS if any(name in n for n in output.get_names()))
        output.set_names({name})
    ov.save_model(model, folder / GRAPH_FILE, compress_to_fp16=half)


def supports_bfloat16() -> bool:
    """Whether the processor has bfloat16 instructions (AVX512-BF16 or AMX)."""
    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class Encoder:
    """Loaded encoder. Thread-safe: each call has an inference request of its own.

    Args:
        folder: an encoder folder.
        batch: pictures a call at most. Smaller batches are padded, because a fixed shape is faster
            than a dynamic one; a picture's features do not depend on the others of its batch.
        latency: all threads for one call at a time, for queries; otherwise calls of several threads
            share them, for building.
        precision: "f32", the reference definition, or "bf16"; "int8" says that the network itself
            is quantised, and what is left of it in float is computed in float32.
        threads: processor threads to use; 0: OpenVINO decides.

    Raises:
        IndexFormatError: the encoder is missing or damaged.
    """

    def __init__(
        self,
        folder: Path,
        *,
        batch: int = 1,
        latency: bool = False,
        precision: str = "f32",
        threads: int = 0,
    ) -> None:
        self.batch, self.precision = batch, precision
        hint = "LATENCY" if batch == 1 or latency else "THROUGHPUT"
        floats = "f32" if precision == INT8 else precision
        options = {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": floats}
        if threads:
            options["INFERENCE_NUM_THREADS"] = str(threads)
        self.busy_seconds = 0.0
        try:
            core = ov.Core()
            model = core.read_model(folder / GRAPH_FILE)
            _, height, width, channels = model.input().get_partial_shape()
            model.reshape(ov.PartialShape([batch, height, width, channels]))
            self._compiled = core.compile_model(model, "CPU", options)
            # One request for each core: more would not be faster, and each request holds memory for
            # all layers of the network. A call waits while all requests are busy.
            self._idle: queue.SimpleQueue[ov.InferRequest] = queue.SimpleQueue()
            for _ in range(len(os.sched_getaffinity(0))):
                self._idle.put(self._compiled.create_infer_request())
            # First call on one thread: OpenVINO's Python binding can deadlock when two threads make
            # the first call at once. It also warms the network up, and finds outputs that are not
            # an encoder's.
            blank = (1, *(int(n.get_length()) for n in (height, width, channels)))
            self.encode(np.zeros(blank, np.uint8))
        except (RuntimeError, ValueError, KeyError) as error:
            raise IndexFormatError(
                f"The encoder in {folder} is missing or damaged: download or build the index again."
            ) from error

    def encode(self, pixels: np.ndarray) -> Features:
        """Feature maps and pooled features of pictures, in one call of the network.

        Args:
            pixels: (n, side, side, 3) uint8 RGB with n at most `batch`.
        """
        request = self._idle.get()
        try:
            results = request.infer([self._padded(pixels)], share_outputs=True)
            return Features(**self._outputs(results, len(pixels), OUTPUTS))
        finally:
            self._idle.put(request)

    def encode_stream(self, batches: Iterable[np.ndarray]) -> Iterator[FeatureTable]:
        """Pooled features of a stream of batches, in order, computed ahead on several threads.

        Feature maps are not copied: they take 250 KB a picture, and building does not need them.
        `busy_seconds` is the time during which at least one request ran.

        Args:
            batches: arrays as for `encode`.
        """
        count = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") + 1
        idle: queue.SimpleQueue[ov.InferRequest] = queue.SimpleQueue()
        for _ in range(count):
            idle.put(self._compiled.create_infer_request())

        # Threads instead of OpenVINO's callbacks: a callback needs Python's global lock, and a
        # thread that frees a request holds that lock while it waits for the callback.
        def run(pixels: np.ndarray) -> tuple[FeatureTable, float, float]:
            request = idle.get()
            started = time.perf_counter()
            results = request.infer([self._padded(pixels)], share_outputs=True)
            ended = time.perf_counter()
            pooled = self._outputs(results, len(pixels), POOLED)
            idle.put(request)
            return FeatureTable(**pooled, colour=no_colour(pixels)), started, ended

        self.busy_seconds, busy_until = 0.0, 0.0
        with ThreadPoolExecutor(count, thread_name_prefix="encode") as pool:
            running: collections.deque[Future[tuple[FeatureTable, float, float]]] = (
                collections.deque()
            )

            def finish() -> FeatureTable:
                nonlocal busy_until
                features, started, ended = running.popleft().result()
                self.busy_seconds += max(0.0, ended - max(started, busy_until))
                busy_until = max(busy_until, ended)
                return features

            for pixels in batches:
                if len(running) == count:
                    yield finish()
                running.append(pool.submit(run, pixels))
            while running:
                yield finish()

    def _padded(self, pixels: np.ndarray) -> np.ndarray:
        missing = self.batch - len(pixels)
        if missing:
            pixels = np.concatenate([pixels, np.zeros((missing, *pixels.shape[1:]), np.uint8)])
        return np.ascontiguousarray(pixels)

    @staticmethod
    def _outputs(results: dict, n: int, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Copies of the first n rows: the request overwrites its arrays at its next run."""
        by_name = {name: array for output, array in results.items() for name in output.names}
        known = {name: np.array(by_name[name][:n]) for name in names if name in by_name}
        return {name: array for name, array in completed(known).items() if name in names}


def joined(parts: Sequence[Features]) -> Features:
    """Features of the pictures of several calls, in order; at least one call."""
    if len(parts) == 1:
        return parts[0]
    return Features(*(np.concatenate([getattr(part, name) for part in parts]) for name in OUTPUTS))


def completed(outputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Outputs of n pictures with the empty arrays that a network with an embedding lacks."""
    n, channels = outputs[MAX_POOLED].shape
    missing = {FEATURE_MAP: (n, 0, 0, channels), AVG_POOLED: (n, 0)}
    return {
        name: outputs[name] if name in outputs else np.zeros(missing[name], np.float32)
        for name in OUTPUTS
    }


def no_colour(pixels: np.ndarray) -> np.ndarray:
    """Empty colour features, (n, 0) float32, of n pictures described without colour."""
    return np.zeros((len(pixels), 0), np.float32)
