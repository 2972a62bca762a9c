"""Text tower: texts to vectors that are compared with an image network's embeddings.

It lies in three files beside the encoder's (export: `recommender.features.backbones.text_network`):

    encoder/
      text.xml          the graph: token numbers (n, tokens) int64 to "text" (n, d) float32
      text.bin          its weights
      tokenizer.json    texts to token numbers, for the package `tokenizers`
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from recommender.errors import BackboneError, IndexFormatError
from recommender.features.backbones.registry import TextInput
from recommender.features.openvino_import import ov

TEXT_GRAPH_FILE, TEXT_WEIGHTS_FILE, TOKENIZER_FILE = "text.xml", "text.bin", "tokenizer.json"
TEXT = "text"
TOKENS, MASK = "input_ids", "attention_mask"

# Texts in one call of the network.
_BATCH = 16
# Characters of a text that are read; the API takes no longer ones.
_MOST_CHARACTERS = 1_000


class TextTower:
    """Text tower of an encoder folder. Thread-safe: one call at a time.

    Args:
        folder: an encoder folder.
        text: input of the tower, from the index's manifest.
        threads: processor threads to use; 0: OpenVINO decides.

    Raises:
        IndexFormatError: the tower's files are missing or damaged.
    """

    def __init__(self, folder: Path, text: TextInput, *, threads: int = 0) -> None:
        options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        if threads:
            options["INFERENCE_NUM_THREADS"] = str(threads)
        self._tokenizer = _tokenizer(folder / TOKENIZER_FILE, text)
        try:
            model = ov.Core().read_model(folder / TEXT_GRAPH_FILE)
            self._inputs = [sorted(port.get_names())[0] for port in model.inputs]
            self._compiled = ov.Core().compile_model(model, "CPU", options)
        except (RuntimeError, IndexError) as error:
            raise IndexFormatError(
                f"The text network in {folder} is missing or damaged: download or build the index "
                "again."
            ) from error
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts, (n, d) float32, of length one.

        Args:
            texts: any number; of each the first tokens are read, as many as the network takes.
        """
        rows = [self._run(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        return np.concatenate([np.zeros((0, self.dimensions), np.float32), *rows])

    @property
    def dimensions(self) -> int:
        """Numbers of a vector."""
        return int(self._compiled.output(0).get_partial_shape()[1].get_length())

    def _run(self, texts: Sequence[str]) -> np.ndarray:
        encoded = self._tokenizer.encode_batch([_valid(text[:_MOST_CHARACTERS]) for text in texts])
        given = {
            TOKENS: np.array([e.ids for e in encoded], np.int64),
            MASK: np.array([e.attention_mask for e in encoded], np.int64),
        }
        with self._lock:
            results = self._compiled([given[name] for name in self._inputs])
            rows = np.array(results[0], np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def _valid(text: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _tokenizer(path: Path, text: TextInput) -> Any:
    try:
        tokenizer = load_tokenizer(path)
    except BackboneError as error:
        raise IndexFormatError(f"{error} Download or build the index again.") from None
    tokenizer.enable_truncation(text.tokens)
    tokenizer.enable_padding(length=text.tokens, pad_id=text.padding)
    return tokenizer


def load_tokenizer(path: Path) -> Any:
    """Tokenizer of a `tokenizer.json`.

    Raises:
        BackboneError: the file is none, or is damaged.
    """
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # of a kind of its own, which is Exception
        reason = " ".join(str(error).split())[:120]
        raise BackboneError(f"{path.name} is no tokenizer, or is damaged ({reason}).") from None
