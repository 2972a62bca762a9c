"""Explanation of a match: heat maps of the parts that make two pictures similar in style.

RISE (Petsiuk, Das and Saenko 2018, https://arxiv.org/abs/1806.07421) on the feature map instead of
the pixels. A picture's features are pooled over the cells of its feature map (7 x 7 for the
backbones here), so that the style of some cells alone takes a pooling of these cells and no second
pass of the network. A mask shows a random third of the cells. The heat of a cell is the mean
similarity of the other picture to the masks that show the cell, less the mean over the masks that
hide it. Similarity is the inner product of the head's style vectors.

RISE was the most faithful of five methods on 60 photographs and their neighbours. The figures are
the fraction of the similarity that is left when the cells of most heat are removed, averaged over
the removal of none to half of the cells, for the baseline and a learned head (lower is better):

    RISE on the feature map            .890  .834
    Shapley values, 64 orderings       .907  .844
    leaving out windows of 3 x 3       .894  .846
    leaving out windows of 2 x 2       .916  .864
    random cells                       .990  .994

A network that gives an embedding has no feature map, and each mask takes a pass of its own: 25
windows of 3 x 3 cells are hidden in turn, the method that was nearly as faithful with the fewest
masks.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from PIL import Image, ImageFilter

from recommender.embedding.head import Head
from recommender.features.encoder import Features
from recommender.features.occlusion import OccludedPicture

# Masks per picture: more make no visible difference.
_MASKS = 256
# Fraction of the cells that a mask shows. With a larger fraction one detail makes up for another
# that is hidden; with a smaller one the surroundings of an object, whose cells see a part of it,
# count as much as the object.
_SHOWN = 1 / 3
# Cells a side that are shown or hidden together: few details lie within one cell.
_BLOCK = 2
# Cells a side of a window that is hidden, where each mask takes a pass of the network.
_WINDOW = 3

# Differences of similarity up to this are rounding errors of float32.
_ROUNDING = 1e-5

# Fraction of the greatest heat, from which a cell is marked.
MARKED = 0.6

# Longest side of an overlay, pixels: half of the page, where two overlays stand side by side.
OVERLAY_SIDE = 560

# Pixels outside of marked cells keep this fraction of their tone; the rest is a grey that differs
# from a white page and from a black one.
_KEPT_TONE = 0.35
_DIM_GREY = 150

# Fraction of `MARKED` below which no colour is left, so that the fading is seen as an edge.
_FADED = 0.8

# Outline and halo differ in brightness, so that the line shows on any picture and without colour
# vision.
_OUTLINE, _HALO = (79, 70, 229), (255, 255, 255)
_OUTLINE_REACH, _HALO_REACH = 2, 5  # pixels to either side


@dataclass(frozen=True)
class Evidence:
    """Evidence for a match in one of the two pictures."""

    heat: np.ndarray
    """(h, w) float32, 0-1: heat of each cell of the feature map, 1 for the greatest; all 0 where
    all cells matter alike."""
    similarity_without: float
    """Similarity of style when the marked cells are left out; the whole similarity where no cell is
    marked, or all are."""

    @property
    def marked(self) -> np.ndarray:
        """(h, w) bool: the cells of most heat, which `overlay` outlines."""
        return self.heat >= MARKED


@dataclass(frozen=True)
class Explanation:
    """Similarity of style of two pictures, with the evidence in each."""

    similarity: float
    """Inner product of their style parts, -1 to 1."""
    query: Evidence
    result: Evidence


def explain(query: Features, result: Features, head: Head) -> Explanation:
    """Explanation of the similarity of style of two pictures.

    Args:
        query, result: features of one picture each.
        head: the index's head.
    """
    styles = [head.style(f.max_pooled, f.avg_pooled)[0] for f in (query, result)]
    return Explanation(
        float(styles[0] @ styles[1]),
        _evidence(query, styles[0], styles[1], head),
        _evidence(result, styles[1], styles[0], head),
    )


def overlay(picture: Image.Image, evidence: Evidence) -> Image.Image:
    """Picture whose marked parts are outlined and in colour, and whose other parts are grey.

    Args:
        picture: RGB, as it was embedded; the heat map, a square, is stretched to its proportions.
        evidence: the picture's side of an explanation.

    Returns:
        RGB, the picture's proportions, `OVERLAY_SIDE` pixels long.
    """
    scale = OVERLAY_SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    colours = np.asarray(picture.resize(size, Image.Resampling.BICUBIC), np.float32)
    heat = np.asarray(Image.fromarray(evidence.heat).resize(size, Image.Resampling.BICUBIC))
    tone = np.asarray(Image.fromarray(colours.astype(np.uint8)).convert("L"), np.float32)[..., None]
    dim = _KEPT_TONE * tone + (1 - _KEPT_TONE) * _DIM_GREY
    shown = np.clip((heat / MARKED - _FADED) / (1 - _FADED), 0, 1)[..., None]
    drawn = np.rint(shown * colours + (1 - shown) * dim).astype(np.uint8)
    marked = Image.fromarray((heat >= MARKED).astype(np.uint8) * 255)
    canvas = Image.fromarray(drawn)
    for colour, reach in ((_HALO, _HALO_REACH), (_OUTLINE, _OUTLINE_REACH)):
        canvas.paste(colour, mask=_edge(marked, reach))
    return canvas


def _evidence(picture: Features, style: np.ndarray, other: np.ndarray, head: Head) -> Evidence:
    """Evidence in a picture for its similarity to another style."""
    occluded = isinstance(picture, OccludedPicture)
    masks = _windows(*picture.grid) if occluded else _masks(*picture.grid)
    similarities = head.style(*picture.pooled_under(masks)) @ other
    shown = masks.astype(np.float32)
    hidden = 1 - shown
    with_cell = np.tensordot(similarities, shown, 1) / shown.sum(axis=0)
    # No mask hides the only cell of a map.
    without_cell = np.tensordot(similarities, hidden, 1) / np.maximum(hidden.sum(axis=0), 1)
    heat = np.clip(with_cell - without_cell, 0, None).astype(np.float32)
    heat = heat / heat.max() if heat.max() > _ROUNDING else np.zeros_like(heat)
    evidence = Evidence(heat, float(style @ other))
    if evidence.marked.any() and not evidence.marked.all():
        without = head.style(*picture.pooled_under(~evidence.marked[None]))[0] @ other
        evidence = replace(evidence, similarity_without=float(without))
    return evidence


@cache
def _masks(height: int, width: int) -> np.ndarray:
    """(n, h, w) bool: the cells that each mask shows, at least one; the same for every call."""
    rng = np.random.default_rng(0)
    rows, columns = height // _BLOCK + 2, width // _BLOCK + 2
    masks: list[np.ndarray] = []
    while len(masks) < _MASKS:
        coarse = rng.random((rows, columns)) < _SHOWN
        fine = coarse.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)
        top, left = rng.integers(_BLOCK, size=2)
        mask = fine[top : top + height, left : left + width]
        if mask.any():
            masks.append(mask)
    return np.stack(masks)


@cache
def _windows(height: int, width: int) -> np.ndarray:
    """(n, h, w) bool: the cells that each mask shows, all but a square window."""
    masks = []
    for top in range(height - _WINDOW + 1):
        for left in range(width - _WINDOW + 1):
            mask = np.ones((height, width), bool)
            mask[top : top + _WINDOW, left : left + _WINDOW] = False
            masks.append(mask)
    return np.stack(masks)


def _edge(mask: Image.Image, reach: int) -> Image.Image:
    """Border of a mask's white area, `reach` pixels to either side, smoothed."""
    near = np.asarray(mask.filter(ImageFilter.BoxBlur(reach)))
    edge = ((near > 0) & (near < 255)).astype(np.uint8) * 255
    return Image.fromarray(edge).filter(ImageFilter.BoxBlur(1))
