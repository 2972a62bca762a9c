"""Run a backbone: pixels to features. The only module that knows the inference engine, OpenVINO.

An encoder is a folder of two files that OpenVINO reads by itself (its intermediate
representation, https://docs.openvino.ai/2026/documentation/openvino-ir-format.html):

    encoder/
      encoder.xml     the graph: RGB pixels (n, side, side, 3) uint8 to three named outputs
      encoder.bin     its weights
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
POOLED = ("max_pooled", "avg_pooled")
OUTPUTS = ("feature_map", *POOLED)


@dataclass(frozen=True)
class Features:
    """Feature maps of n pictures and what is pooled from them; all float32."""

    feature_map: np.ndarray
    """(n, h, w, channels): the last feature map."""
    max_pooled: np.ndarray
    """(n, channels): its maximum over places, the feature of the classic recipe."""
    avg_pooled: np.ndarray
    """(n, channels): its mean over places."""


def export_encoder(network: "keras.Model", folder: Path, *, half: bool = False) -> None:
    """Write a Keras network as an encoder folder.

    Args:
        network: what `recommender.features.backbones.network.build_network` returns.
        folder: is created.
        half: keep the weights in float16, half as large. By default they are float32, so that the
            reference definition of an embedding is one setting away.
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
    """Whether this processor computes in bfloat16 by itself (AVX512-BF16 or AMX)."""
    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class Encoder:
    """A loaded backbone. Safe to call from several threads: each call has its own request.

    Args:
        folder: an encoder folder.
        batch: pictures a call at most.
        fixed: whether a smaller batch is filled up: a known shape is faster where batches are full.
            Otherwise any number up to `batch` is computed as it comes. Either way the features of a
            picture do not depend on what comes with it.
        precision: "f32", the reference definition, or "bf16".
        threads: processor threads to use; 0 leaves it to the engine.

    Raises:
        IndexFormatError: the folder has no encoder, or a damaged one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        batch: int = 1,
        fixed: bool = True,
        precision: str = "f32",
        threads: int = 0,
    ) -> None:
        self.batch, self.precision, self._fixed = batch, precision, fixed
        hint = "LATENCY" if batch == 1 or not fixed else "THROUGHPUT"
        options = {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": precision}
        if threads:
            options["INFERENCE_NUM_THREADS"] = str(threads)
        self.busy_seconds = 0.0
        try:
            core = ov.Core()
            model = core.read_model(folder / GRAPH_FILE)
            _, height, width, channels = model.input().get_partial_shape()
            count = ov.Dimension(batch) if fixed else ov.Dimension(1, batch)
            model.reshape(ov.PartialShape([count, height, width, channels]))
            self._compiled = core.compile_model(model, "CPU", options)
        except RuntimeError as error:
            raise IndexFormatError(
                f"The encoder in {folder} is missing or damaged: download or build the index again."
            ) from error
        # One for each core: more at the same time would not be done sooner, and each one holds
        # memory for all of the network's layers. Who comes when all are busy waits.
        self._idle: queue.SimpleQueue[ov.InferRequest] = queue.SimpleQueue()
        for _ in range(len(os.sched_getaffinity(0))):
            self._idle.put(self._compiled.create_infer_request())
        # Once on one thread, before several call it: what OpenVINO's binding sets up at its first
        # call can wait for ever when two threads come first. It also warms the network up.
        self.encode(
            np.zeros((1, *(int(n.get_length()) for n in (height, width, channels))), np.uint8)
        )

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
        """Pooled features of one batch after the other, with the next ones already under way.

        Feature maps are left with the engine: 250 KB a picture that building has no use for.
        `busy_seconds` counts the time during which the network had something to do.

        Args:
            batches: as `encode` takes them.
        """
        count = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") + 1
        idle: queue.SimpleQueue[ov.InferRequest] = queue.SimpleQueue()
        for _ in range(count):
            idle.put(self._compiled.create_infer_request())

        # A thread a request, and not the engine's callbacks: these need Python's lock, which
        # whoever frees a request holds while it waits for them.
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
        missing = self.batch - len(pixels) if self._fixed else 0
        if missing:
            pixels = np.concatenate([pixels, np.zeros((missing, *pixels.shape[1:]), np.uint8)])
        return np.ascontiguousarray(pixels)

    @staticmethod
    def _outputs(results: dict, n: int, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Copies of the first n rows: the arrays are the request's own until it runs again."""
        by_name = {output.get_any_name(): array for output, array in results.items()}
        return {name: np.array(by_name[name][:n]) for name in names}


def no_colour(pixels: np.ndarray) -> np.ndarray:
    """(n, 0) float32: the colour features of a table for whose n pictures nobody asked for them."""
    return np.zeros((len(pixels), 0), np.float32)
