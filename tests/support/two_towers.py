"""Small two-tower network in the Hub's layout: an image network, a text network and a tokenizer.

The image network sees the mean colour of a picture and, fainter, its patterns; the text network
knows the words for colours and gives each the vector that a picture of that colour has.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

SIDE, GRID, FILTERS = 64, 8, 24
EMBEDDING = FILTERS + 3
TOKENS = 8
COLOURS = {"red": (1, -1, -1), "green": (-1, 1, -1), "blue": (-1, -1, 1), "white": (1, 1, 1)}
WORDS = ["[PAD]", "[UNK]", *COLOURS]
PREPROCESSOR = {
    "do_resize": True,
    "size": {"height": SIDE, "width": SIDE},
    "resample": 3,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
}
CARD = "---\nlicense: apache-2.0\n---\n# Two towers\n"


def write_two_towers(folder: Path, form: str = "embedding", **changes: Any) -> Path:
    """Write the network's folder.

    Args:
        folder: is created.
        form: output of the image network, as `image_network` takes it.
        changes: of `preprocessor_config.json`.
    """
    (folder / "onnx").mkdir(parents=True)
    onnx.save(image_network(form), folder / "onnx" / "vision_model.onnx")
    onnx.save(text_network(), folder / "onnx" / "text_model.onnx")
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"model_max_length": TOKENS, "pad_token": "[PAD]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR | changes))
    (folder / "README.md").write_text(CARD)
    return folder


def image_network(form: str = "embedding", *, batch: int | str = "batch", side: int = SIDE) -> Any:
    """ONNX image network from `pixel_values`, (batch, 3, side, side), to an output.

    Args:
        form: "embedding" (beside its tokens), "map", "map last" (channels last), "tokens" or
            "logits".
        batch: pictures a call; a name for any number.
        side: pixels.
    """
    random = np.random.default_rng(0)
    seen = random.normal(size=(FILTERS, 3, GRID, GRID)) / GRID
    weights = {
        "seen": seen.astype(np.float32),
        "flat": np.array([0, FILTERS, -1]),
        "loud": np.float32(6),
        "rows": np.array([0, -1]),
    }
    nodes = [
        ("Conv", ["pixel_values", "seen"], "patterns", {"strides": [GRID, GRID]}),
        ("Relu", ["patterns"], "map", {}),
        ("Transpose", ["map"], "map_last", {"perm": [0, 2, 3, 1]}),
        ("Reshape", ["map", "flat"], "columns", {}),
        ("Transpose", ["columns"], "patches", {"perm": [0, 2, 1]}),
        ("ReduceMean", ["patches"], "class_token", {"axes": [1], "keepdims": 1}),
        ("Concat", ["class_token", "patches"], "tokens", {"axis": 1}),
        ("GlobalAveragePool", ["pixel_values"], "colour", {}),
        ("Mul", ["colour", "loud"], "loud_colour", {}),
        ("GlobalAveragePool", ["map"], "pattern", {}),
        ("Concat", ["pattern", "loud_colour"], "both", {"axis": 1}),
        ("Reshape", ["both", "rows"], "embedding", {}),
    ]
    cells = side // GRID
    outputs = {
        "embedding": {
            "last_hidden_state": ("tokens", [batch, 1 + cells**2, FILTERS]),
            "image_embeds": ("embedding", [batch, EMBEDDING]),
        },
        "map": {"last_hidden_state": ("map", [batch, FILTERS, cells, cells])},
        "map last": {"last_hidden_state": ("map_last", [batch, cells, cells, FILTERS])},
        "tokens": {"last_hidden_state": ("tokens", [batch, 1 + cells**2, FILTERS])},
        "logits": {"logits": ("embedding", [batch, EMBEDDING])},
    }[form]
    return _model(nodes, weights, {"pixel_values": (1, [batch, 3, side, side])}, outputs)


def text_network(size: int = EMBEDDING) -> Any:
    """ONNX text network from token numbers and a mask to `text_embeds`, (batch, size)."""
    known = np.zeros((len(WORDS), size), np.float32)
    known[2:, -3:] = list(COLOURS.values())
    weights = {"known": known, "last": np.array([-1])}
    nodes = [
        ("Gather", ["known", "input_ids"], "vectors", {}),
        ("Cast", ["attention_mask"], "shown", {"to": TensorProto.FLOAT}),
        ("Unsqueeze", ["shown", "last"], "column", {}),
        ("Mul", ["vectors", "column"], "kept", {}),
        ("ReduceMean", ["kept"], "embedding", {"axes": [1], "keepdims": 0}),
    ]
    inputs = {name: (7, ["batch", "tokens"]) for name in ("input_ids", "attention_mask")}
    return _model(nodes, weights, inputs, {"text_embeds": ("embedding", ["batch", size])})


def _model(nodes: list, weights: dict, inputs: dict, outputs: dict) -> Any:
    made = [helper.make_node(kind, given, [gives], **more) for kind, given, gives, more in nodes]
    made += [helper.make_node("Identity", [inner], [name]) for name, (inner, _) in outputs.items()]
    graph = helper.make_graph(
        made,
        "small",
        [helper.make_tensor_value_info(name, *of) for name, of in inputs.items()],
        [helper.make_tensor_value_info(name, 1, shape) for name, (_, shape) in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    opset = helper.make_opsetid("", 17)  # the last one whose ReduceMean has its axes as attribute
    model = helper.make_model(graph, opset_imports=[opset], ir_version=10)
    onnx.checker.check_model(model)
    return model
