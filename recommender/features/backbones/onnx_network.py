"""ONNX networks of the Hub as encoders: their inputs, their outputs, and the export to OpenVINO.

The layout is that of the Hub's exporters (https://huggingface.co/docs/optimum-onnx): an image
network takes `pixel_values`, (n, 3, h, w) float; a text network `input_ids` and often
`attention_mask`, (n, tokens) int64. Of several outputs that one is taken which comes first here:

1. `image_embeds`, the embedding that a text network's `text_embeds` is compared with;
2. a feature map, (n, channels, h, w) or (n, h, w, channels), which is pooled;
3. another embedding, (n, d) or (n, d, 1, 1), such as `pooler_output`;
4. a sequence, (n, tokens, d): its tokens without the class token and registers are a feature map.

Class scores ("logits") are no embedding. Nothing of a file is executed but the operators that
OpenVINO knows.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import BackboneError
from recommender.features.backbones.preprocessor_config import PREPROCESSOR_FILE, PixelInput
from recommender.features.backbones.registry import MOST_CHANNELS
from recommender.features.encoder import AVG_POOLED, FEATURE_MAP, GRAPH_FILE, MAX_POOLED
from recommender.features.openvino_import import PrePostProcessor, ops, ov
from recommender.storage import storage_errors

# Class token and registers before a sequence's patches; DINOv2 with registers has five.
_MOST_LEADING_TOKENS = 8
# Outputs of transformers before the last layer, and class scores.
_NOT_LAST = ("attentions", "hidden_states", "logits")
IMAGE_EMBEDDING = "image_embeds"
_MAPS, _EMBEDDINGS = ("NCHW", "NHWC"), ("embedding",)
# Greatest difference of a picture's outputs, as a fraction of their length, between a call with it
# alone and a call with another; float32 differs by a millionth, float16 weights by a thousandth.
_SAME = 0.01


@dataclass(frozen=True)
class ImageOutputs:
    """Outputs of an exported image network."""

    channels: int
    has_map: bool


def read_onnx(path: Path) -> Any:
    """OpenVINO model of an ONNX file; its external data must lie in the same folder.

    Raises:
        BackboneError: the file is damaged, or has operators that OpenVINO does not know.
    """
    try:
        return ov.Core().read_model(path)
    except (RuntimeError, UnicodeDecodeError) as error:  # the file's names may be no text
        reason = last_line(error)
        advice = "is it whole, an ONNX file, and are its weights in the same folder?"
        raise BackboneError(f"OpenVINO cannot read {path.name} ({reason}): {advice}") from None


def export_image_network(
    path: Path, pixels: PixelInput, folder: Path, *, half: bool
) -> ImageOutputs:
    """Export of an ONNX image network to an encoder folder (`recommender.features.encoder`).

    Args:
        path: an ONNX file.
        pixels: its input.
        folder: is created.
        half: store the weights in float16.

    Raises:
        BackboneError: the network takes no RGB pictures of that size, has no usable output, does
            not take several pictures in a call, has a loop, or cannot be computed.
    """
    try:
        return _export(path, pixels, folder, half=half)
    except (RuntimeError, MemoryError, UnicodeDecodeError) as error:
        raise BackboneError(
            f"OpenVINO cannot prepare {path.name} ({last_line(error)}): its graph is damaged, or "
            "takes more memory than there is."
        ) from None


def _export(path: Path, pixels: PixelInput, folder: Path, *, half: bool) -> ImageOutputs:
    model = read_onnx(path)
    if any(node.get_type_name() == "Loop" for node in model.get_ops()):
        # A stranger's loop may never end, and OpenVINO cannot be interrupted.
        raise BackboneError(
            f"{path.name} has a loop, which no image network needs: export the image network alone."
        )
    parameter, nhwc = _image_input(model, pixels.side, path.name)
    ports = reachable(model, [parameter])
    if not ports:
        raise BackboneError(
            f"{path.name} gives nothing for a picture alone: its inputs are {_inputs(model)}. Take "
            "the export of the image network, such as onnx/vision_model.onnx."
        )
    shapes = _shapes(ports, parameter, nhwc, pixels.side, path.name)
    chosen, form = _choose(shapes, nhwc, path.name)
    exported = _with_outputs(ports[chosen], shapes[chosen], form, parameter)
    channels = int(exported.output(MAX_POOLED).get_partial_shape()[1].get_length())
    if channels > MOST_CHANNELS:
        raise BackboneError(
            f"{chosen} of {path.name} has {channels:,} numbers a picture, and an index stores "
            f"{MOST_CHANNELS:,} at most: export the network's embedding."
        )
    exported = _with_pixels(exported, pixels, nhwc)
    _check(exported, pixels.side, path.name)
    folder.mkdir(parents=True, exist_ok=True)
    with storage_errors(folder, "Make room for the network."):
        ov.save_model(exported, folder / GRAPH_FILE, compress_to_fp16=half)
    return ImageOutputs(channels, form != "embedding")


def reachable(model: Any, parameters: list[Any]) -> dict[str, Any]:
    """Ports of a model's outputs that need no other inputs than these, by the outputs' names."""
    ports = {}
    for number, output in enumerate(model.outputs):
        port = output.get_node().input_value(0)
        try:
            ov.Model([port], parameters)
        except RuntimeError:  # it needs another input
            continue
        names = sorted(output.get_names())
        ports[names[0] if names else f"output {number}"] = port
    return ports


def _image_input(model: Any, side: int, name: str) -> tuple[Any, bool]:
    """Parameter that takes the pictures, and whether their channels come last."""
    pictures = [
        node
        for node in model.get_parameters()
        if node.get_partial_shape().rank.is_dynamic or len(node.get_partial_shape()) == 4
    ]
    if len(pictures) != 1:
        raise BackboneError(
            f"{name} is no image network: it should have one input of (n, 3, height, width), and "
            f"its inputs are {_inputs(model)}."
        )
    [parameter] = pictures
    shape = parameter.get_partial_shape()
    if shape.rank.is_dynamic:
        return parameter, False
    sizes = [int(d.get_length()) if d.is_static else -1 for d in shape]
    nhwc = sizes[3] == 3 and sizes[1] != 3
    channels, height, width = (sizes[3], *sizes[1:3]) if nhwc else sizes[1:]
    if channels not in (3, -1):
        raise BackboneError(f"{name} takes pictures of {channels} channels; RGB has 3.")
    if any(size not in (side, -1) for size in (height, width)):
        raise BackboneError(
            f"{name} takes pictures of {height} x {width} pixels, and its preprocessing makes "
            f"{side} x {side}: correct {PREPROCESSOR_FILE}."
        )
    return parameter, nhwc


def _shapes(
    ports: dict[str, Any], parameter: Any, nhwc: bool, side: int, name: str
) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs for one picture, which is run where they depend on more than sizes."""
    shape = [1, side, side, 3] if nhwc else [1, 3, side, side]
    try:
        model = ov.Model(list(ports.values()), [parameter])
        model.reshape(ov.PartialShape(shape))
        if all(output.get_partial_shape().is_static for output in model.outputs):
            return {
                key: tuple(output.get_shape())
                for key, output in zip(ports, model.outputs, strict=True)
            }
        results = ov.Core().compile_model(model, "CPU")([np.zeros(shape, np.float32)])
        return {key: results[i].shape for i, key in enumerate(ports)}
    except RuntimeError as error:
        raise BackboneError(
            f"{name} cannot take a picture of {side} x {side} pixels ({last_line(error)})."
        ) from None


def _choose(shapes: dict[str, tuple[int, ...]], nhwc: bool, name: str) -> tuple[str, str]:
    """Name and form of the output to learn from; forms: embedding, NCHW, NHWC, tokens."""
    forms = {
        key: form
        for key, shape in shapes.items()
        if not key.startswith(_NOT_LAST) and (form := _form(shape, nhwc)) is not None
    }
    for wanted in ((IMAGE_EMBEDDING,), _MAPS, _EMBEDDINGS, ("tokens",)):
        for key, form in reversed(forms.items()):
            if key in wanted or form in wanted:
                return key, form
    listed = ", ".join(f"{key} {shape}" for key, shape in shapes.items())
    raise BackboneError(
        f"{name} gives neither an embedding nor a feature map of a picture, but {listed}: export "
        "the network without its classification layer."
    )


def _form(shape: tuple[int, ...], nhwc: bool) -> str | None:
    """Form of an output of this shape; None for any other."""
    sizes = shape[1:]
    if len(sizes) == 1 or (len(sizes) > 1 and sum(size > 1 for size in sizes) == 1):
        return "embedding"
    if len(sizes) == 3:
        if sizes[0] == sizes[1] != sizes[2]:
            return "NHWC"
        return "NHWC" if nhwc and sizes[1] != sizes[2] else "NCHW"
    if len(sizes) == 2 and sizes[0] - math.isqrt(sizes[0]) ** 2 <= _MOST_LEADING_TOKENS:
        return "tokens"
    return None


def _with_outputs(port: Any, shape: tuple[int, ...], form: str, parameter: Any) -> Any:
    """Model with the outputs of an encoder."""
    x = ops.convert(port, "f32")
    if form == "embedding":
        x = ops.reshape(x, np.array([0, max(shape[1:])]), special_zero=True)
        outputs = {MAX_POOLED: x}
    else:
        if form == "NCHW":
            x = ops.transpose(x, np.array([0, 2, 3, 1]))
        elif form == "tokens":
            grid = math.isqrt(shape[1])
            first = np.array([shape[1] - grid**2])
            x = ops.slice(x, first, np.array([shape[1]]), np.array([1]), np.array([1]))
            x = ops.reshape(x, np.array([0, grid, grid, shape[2]]), special_zero=True)
        places = np.array([1, 2])
        outputs = {
            FEATURE_MAP: x,
            MAX_POOLED: ops.reduce_max(x, places),
            AVG_POOLED: ops.reduce_mean(x, places),
        }
    model = ov.Model(list(outputs.values()), [parameter])
    for output, name in zip(model.outputs, outputs, strict=True):
        output.set_names({name})
    return model


def _with_pixels(model: Any, pixels: PixelInput, nhwc: bool) -> Any:
    """Model from RGB pixels, (n, side, side, 3) uint8, that applies mean and scale itself."""
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    normalised = steps.input().preprocess().convert_element_type(ov.Type.f32)
    normalised.mean(list(pixels.mean)).scale(list(pixels.scale))
    steps.input().model().set_layout(ov.Layout("NHWC" if nhwc else "NCHW"))
    built = steps.build()
    built.reshape(ov.PartialShape([-1, pixels.side, pixels.side, 3]))
    return built


def _check(model: Any, side: int, name: str) -> None:
    """Run of two pictures, alone and together.

    Raises:
        BackboneError: the network fails, takes one picture in a call only, or gives the same for
            any picture.
    """
    pictures = np.random.default_rng(0).integers(0, 256, (2, side, side, 3), dtype=np.uint8)
    try:
        options = {"INFERENCE_PRECISION_HINT": "f32"}
        run = ov.Core().compile_model(model, "CPU", options)
        alone = [np.array(run([picture[None]])[MAX_POOLED]) for picture in pictures]
        together = np.array(run([pictures])[MAX_POOLED])
    except RuntimeError as error:
        raise BackboneError(
            f"{name} cannot be run on several pictures at once ({last_line(error)}): export it "
            "with a dynamic batch size."
        ) from None
    expected = np.concatenate(alone)
    if not np.isfinite(expected).all():
        raise BackboneError(f"{name} gives no numbers for a picture: its weights are damaged.")
    lengths = np.linalg.norm(expected, axis=1).max()
    if np.linalg.norm(expected[0] - expected[1]) <= 1e-6 * lengths:
        raise BackboneError(f"{name} gives the same for two pictures: its weights are damaged.")
    if np.linalg.norm(together - expected, axis=1).max() > _SAME * lengths:
        raise BackboneError(
            f"{name} gives other features for a picture that comes with another one: export it "
            "with a dynamic batch size."
        )


def _inputs(model: Any) -> str:
    return ", ".join(
        f"{node.get_friendly_name()} {node.get_partial_shape()}" for node in model.get_parameters()
    )


def last_line(error: Exception) -> str:
    """Last line of an error of OpenVINO, which is the reason; the others are places in its code."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200].rstrip(".")
