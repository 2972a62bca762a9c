"""Text part of a small index, made by hand: fitting one takes more products than a test has."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from recommender.embedding.text_head import TextHead
from recommender.index.calibration import Calibration, fit_calibration
from recommender.index.files import TEXT_FILE, files_of
from recommender.index.manifest import Manifest
from recommender.index.text_detector import FACTS, TextDetector
from recommender.index.text_part import TextPart

HIDDEN = 8


def make_text_part(style_dimensions: int, colour_dimensions: int) -> TextPart:
    """Text part whose detector refuses what names nothing, and whose head is random."""
    random = np.random.default_rng(0)

    def matrix(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float16).astype(np.float32)

    words = ("men", "women", "red", "dress", "handbags")
    head = TextHead(
        words,
        matrix(512, HIDDEN),
        matrix(len(words), HIDDEN).astype(np.float16),
        matrix(HIDDEN),
        (matrix(HIDDEN, style_dimensions), matrix(style_dimensions)),
        (matrix(HIDDEN, colour_dimensions), matrix(colour_dimensions)),
    )
    weights = np.concatenate([np.zeros(512), np.ones(FACTS)]).astype(np.float32)
    nothing = np.zeros((0, style_dimensions + colour_dimensions), np.float32)
    calibration: Calibration = fit_calibration(nothing, nothing, style_dimensions)
    # A text of known words that names nothing has a score of 1 less the threshold.
    return TextPart(head, TextDetector(weights, -1.1), calibration, calibration, words)


def with_text_part(index: Path, folder: Path) -> Path:
    """Copy of an index that can be searched with words."""
    shutil.copytree(index, folder)
    manifest = Manifest.read(folder)
    part = make_text_part(manifest.style_dimensions, manifest.colour_dimensions)
    np.savez(folder / TEXT_FILE, allow_pickle=False, **part.to_arrays())
    replace(manifest, files=files_of(folder)).write(folder)
    return folder
