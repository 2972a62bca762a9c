"""Reader of `preprocessor_config.json`, the description of a network's input on the Hub.

Fields: https://huggingface.co/docs/transformers/main_classes/image_processor. All are checked, and
nothing that the file names is imported or executed (`auto_map` and the like are not read).
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recommender.errors import BackboneError
from recommender.features.backbones.registry import INTERPOLATIONS, MOST_SIDE

PREPROCESSOR_FILE = "preprocessor_config.json"

# Largest file that is read, bytes; such a file has about 500.
_MOST_BYTES = 1_000_000
# Default of the field "resample", which holds Pillow's numbers of interpolations.
_BILINEAR = 2
# ConvNeXt's processor enlarges by `crop_pct` before it cuts, for inputs below this many pixels.
_CROP_PCT_BELOW = 384


@dataclass(frozen=True)
class PixelInput:
    """Input of an image network: size, crop, interpolation and normalisation."""

    side: int
    """Height and width, pixels."""
    resized_side: int
    keeps_proportions: bool
    """As in `Backbone`."""
    interpolation: str
    mean: tuple[float, float, float]
    """Subtracted from RGB pixels of 0-255."""
    scale: tuple[float, float, float]
    """What the difference is divided by."""


def read_preprocessor(path: Path) -> PixelInput:
    """Input of a network from its `preprocessor_config.json`.

    Raises:
        BackboneError: the file is missing, damaged, or asks for what this program does not do.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError
        config = json.loads(content)
        if not isinstance(config, dict):
            raise ValueError
    except FileNotFoundError:
        raise BackboneError(
            f"There is no {PREPROCESSOR_FILE} beside the network: put one there, with size, "
            "image_mean and image_std, because the network does not say what pictures it expects."
        ) from None
    except (OSError, ValueError, RecursionError):
        raise BackboneError(f"{PREPROCESSOR_FILE} is damaged: get it again.") from None
    try:
        return _read(config)
    except KeyError as error:
        reason = f"it lacks {error.args[0]}"
    except (TypeError, ValueError, ArithmeticError) as error:
        reason = str(error)
    raise BackboneError(
        f"{PREPROCESSOR_FILE} does not describe the input of an image network: {reason}."
    )


def _read(config: dict[str, Any]) -> PixelInput:
    size, crop = config.get("size"), config.get("crop_size")
    if not config.get("do_resize", True):
        raise ValueError("it does not resize")
    cropped = bool(config.get("do_center_crop", crop is not None))
    # A number is the shorter side for processors that crop, and a square for all others.
    proportions = isinstance(size, dict) and "shortest_edge" in size
    proportions = proportions or (cropped and isinstance(size, int))
    resized = _whole(size["shortest_edge"]) if isinstance(size, dict) and proportions else None
    resized = resized or _square(size)
    side = (_square(crop) or resized) if cropped else resized
    if proportions and not cropped:
        if "crop_pct" not in config:
            raise ValueError("it keeps the pictures' proportions, and cuts nothing")
        if resized < _CROP_PCT_BELOW:
            resized = round(resized / float(config["crop_pct"]))
        else:
            proportions = False
    if not 1 <= side <= MOST_SIDE or not side <= resized <= 2 * MOST_SIDE:
        raise ValueError(f"its size is not within 1 to {MOST_SIDE} pixels, or the crop exceeds it")
    factor = float(config.get("rescale_factor", 1 / 255)) if config.get("do_rescale", True) else 1.0
    mean, deviation = [0.0] * 3, [1.0] * 3
    if config.get("do_normalize", "image_mean" in config):
        mean, deviation = _three(config["image_mean"]), _three(config["image_std"])
    if not all(map(math.isfinite, (factor, *mean, *deviation))) or min(factor, *deviation) <= 0:
        raise ValueError("its rescale_factor, image_mean or image_std is impossible")
    number = _whole(config.get("resample", _BILINEAR))
    if not 0 <= number < len(INTERPOLATIONS):
        raise ValueError(f"resample {number} is unknown")
    return PixelInput(
        side,
        resized,
        proportions,
        INTERPOLATIONS[number],
        (mean[0] / factor, mean[1] / factor, mean[2] / factor),
        (deviation[0] / factor, deviation[1] / factor, deviation[2] / factor),
    )


def _square(size: Any) -> int:
    """Side of a square size: a number, or height and width that are equal; 0 without a size."""
    if not isinstance(size, dict):
        return 0 if size is None else _whole(size)
    height, width = _whole(size["height"]), _whole(size["width"])
    if height != width:
        raise ValueError(f"its size of {height} x {width} is no square")
    return height


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{str(value)[:40]!r} is no whole number")
    return value


def _three(values: Any) -> list[float]:
    if not isinstance(values, list) or len(values) != 3:
        raise ValueError("image_mean and image_std have three numbers each")
    return [float(value) for value in values]
