"""Export of ONNX text networks, of two-tower networks in the Hub's layout (CLIP, SigLIP)."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import BackboneError, IndexFormatError
from recommender.features.backbones.onnx_network import last_line, reachable, read_onnx
from recommender.features.backbones.registry import MOST_TOKENS, TextInput
from recommender.features.openvino_import import ops, ov
from recommender.features.text_tower import (
    MASK,
    TEXT,
    TEXT_GRAPH_FILE,
    TOKENIZER_FILE,
    TOKENS,
    TextTower,
    load_tokenizer,
)
from recommender.storage import storage_errors

TOKENIZER_CONFIG_FILE = "tokenizer_config.json"
# Largest tokenizer that is read, bytes; SigLIP's, of 256,000 words, has 34 million.
_MOST_BYTES = 200_000_000

_SEGMENTS = "token_type_ids"
# Outputs of text networks in the order of preference: the first is made to be compared.
_OUTPUTS = ("text_embeds", "pooler_output", "sentence_embedding")


def export_text_tower(
    network: Path, tokenizer: Path, channels: int, folder: Path, *, half: bool
) -> TextInput:
    """Export of an ONNX text network and its tokenizer to an encoder folder.

    Args:
        network: an ONNX file.
        tokenizer: `tokenizer.json`; a `tokenizer_config.json` beside it is read, too.
        channels: size of the image network's embedding.
        folder: of the encoder.
        half: store the weights in float16.

    Returns:
        Input of the tower.

    Raises:
        BackboneError: the network or the tokenizer cannot be used, or the text network's embedding
            cannot be compared with the image network's.
    """
    model = read_onnx(network)
    parameters = {node.get_friendly_name(): node for node in model.get_parameters()}
    if TOKENS not in parameters or set(parameters) - {TOKENS, MASK, _SEGMENTS}:
        raise BackboneError(
            f"{network.name} is no text network: it should take {TOKENS} (and {MASK}), and its "
            f"inputs are {', '.join(parameters)}."
        )
    if _SEGMENTS in parameters:
        # All tokens belong to one text.
        ids = parameters[TOKENS]
        segments = parameters.pop(_SEGMENTS)
        nothing = ops.multiply(ids, ops.constant(0, ids.get_element_type()))
        segments.output(0).replace(ops.convert(nothing, segments.get_element_type()).output(0))
    ports = reachable(model, list(parameters.values()))
    name = next((name for name in _OUTPUTS if name in ports), None)
    if name is None:
        raise BackboneError(
            f"{network.name} gives no embedding of a text ({' or '.join(_OUTPUTS)}), but "
            f"{', '.join(ports) or 'nothing'}."
        )
    text = _text_input(tokenizer, network.name, parameters)
    exported = ov.Model([ops.convert(ports[name], "f32")], list(parameters.values()), TEXT)
    exported.output(0).set_names({TEXT})
    try:
        exported.reshape({key: ov.PartialShape([-1, text.tokens]) for key in parameters})
        size = exported.output(0).get_partial_shape()
        folder.mkdir(parents=True, exist_ok=True)
        if len(size) != 2 or size[1] != channels:
            raise BackboneError(
                f"{name} of {network.name} has the shape {size}, and the image network's embedding "
                f"{channels} numbers: they cannot be compared."
            )
        with storage_errors(folder, "Make room for the network."):
            ov.save_model(exported, folder / TEXT_GRAPH_FILE, compress_to_fp16=half)
            shutil.copyfile(tokenizer, folder / TOKENIZER_FILE)
        several = TextTower(folder, text).embed(["red dress", "blue shoes"])
    except (RuntimeError, IndexFormatError) as error:
        raise BackboneError(f"{network.name} cannot be run ({last_line(error)}).") from None
    if not np.isfinite(several).all():
        raise BackboneError(f"{network.name} gives no numbers: its weights are damaged.")
    return text


def _text_input(path: Path, network: str, parameters: dict[str, Any]) -> TextInput:
    """Number of tokens and padding, from the graph, the tokenizer and its configuration."""
    known, config = _json(path), _json(path.with_name(TOKENIZER_CONFIG_FILE))
    shape = parameters[TOKENS].get_partial_shape()
    fixed = int(shape[1].get_length()) if len(shape) == 2 and shape[1].is_static else None
    truncated = (known.get("truncation") or {}).get("max_length")
    lengths = [
        length
        for length in (fixed, config.get("model_max_length"), truncated)
        if isinstance(length, int) and 1 <= length <= MOST_TOKENS
    ]
    if not lengths:
        raise BackboneError(
            f"Nothing says how many tokens {network} takes: {TOKENIZER_CONFIG_FILE} has no "
            f"model_max_length of at most {MOST_TOKENS}."
        )
    token = config.get("pad_token")
    token = token.get("content") if isinstance(token, dict) else token
    tokenizer = load_tokenizer(path)
    padding = (known.get("padding") or {}).get("pad_id")
    if isinstance(token, str):
        padding = tokenizer.token_to_id(token)
    if padding is None and MASK in parameters:
        padding = 0  # hidden by the mask
    if not isinstance(padding, int) or padding < 0:
        raise BackboneError(f"Nothing says with which token {network} fills up a text.")
    return TextInput(lengths[0], padding)


def _json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            value = json.loads(file.read(_MOST_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        raise BackboneError(f"{path.name} is damaged: get it again.") from None
    return value if isinstance(value, dict) else {}
