"""Garments taken off the models who wear them, as further pictures to learn kinds from.

Most clothes of a catalogue are worn in its pictures, and people photograph theirs lying flat. A
style learned from the catalogue alone finds flat things for a flat thing, of whatever kind. So the
network also learns from pictures of worn garments without their wearer: skin, head, and what else
is worn are painted white. On 2,000 consumer photographs this is worth two points of precision at 5
beside all other views, and costs nothing on the catalogue itself.
"""

import cv2
import numpy as np
from PIL import Image

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.pixels import to_cielab
from recommender.pictures.segmentation import large_parts
from recommender.training.synthetic_photos import unlike_border

# Skin in YCrCb bytes and in OpenCV's hue (0-180): near the box of Chai and Ngan ("Face segmentation
# using skin-color map", 1999), fitted by eye to pictures of 60 x 80 pixels. Lower, then upper ends.
# All lengths below, in pixels, are those of a copy of the picture with this long side.
_SEARCH_SIDE = 80
_SKIN_YCRCB = (61, 139, 89), (255, 177, 124)
_MOST_SKIN_HUE = 21

# Below this share of skin nobody wears the product; above that one the product is taken for skin.
LEAST_SKIN, MOST_SKIN = 0.02, 0.5
# A face is skin in the middle (pixels to either side) of the top fifth of a figure, and ends above
# its top third.
_FACE_HALF_WIDTH, _FACE_HEIGHT, _LOWEST_CHIN = 5, 0.22, 0.34
_LEAST_FACE_PIXELS, _LEAST_FACE_WIDTH = 12, 3
# Length of a face without hair, measured by its width.
_FACE_LENGTH = 1.3
# A hem or a waistband is where the colour of a figure's middle (pixels to either side) changes most
# between so many rows above and so many below, by this much at least (CIE 1976), of which so many
# pixels each are seen.
_MIDDLE, _ROWS_COMPARED, _LEAST_CHANGE, _LEAST_SEEN = 8, 6, 22.0, 12
# Where it may be: the hem of a top, as a share of the way from the chin to the figure's lower end;
# waistband and ankles of what is worn below, as shares of the figure's height.
_HEM, _WAISTBAND, _ANKLES = 0.35, 0.35, 0.8
# Two garments of one colour show no seam, so in this share of the views hem and waistband are just
# supposed to be somewhere: the hem between these shares, the waistband above that one.
_SUPPOSED_SHARE, _SUPPOSED_HEM, _SUPPOSED_WAISTBAND = 0.5, (0.55, 0.85), 0.22
# Less than this share of the picture, or of the figure, is too little of a garment.
_LEAST_GARMENT, _LEAST_OF_FIGURE = 0.05, 0.2
# Parts smaller than this, measured by the largest, are left-overs of the wearer.
_LEAST_PART = 0.2


def without_wearer(
    picture: Image.Image, random: np.random.Generator, catalogue: CataloguePictures
) -> Image.Image | None:
    """A worn garment as if it lay on a plain table.

    Args:
        picture: RGB, a studio shot of someone wearing the product.
        random: whether its ends are looked for or supposed, its size, and whether it is mirrored.
        catalogue: size and background of the result.

    Returns:
        RGB; None if nobody wears the product, or too little of it was found.
    """
    pixels, figure, skin = _wearer(picture, catalogue)
    if not LEAST_SKIN <= _share(skin, figure) <= MOST_SKIN:
        return None
    garment = _garment(pixels, figure, skin, random)
    if garment.mean() < max(_LEAST_GARMENT, _LEAST_OF_FIGURE * figure.mean()):
        return None
    size = catalogue.size
    if size != (pixels.shape[1], pixels.shape[0]):
        # Found on a small copy, painted as sharp as the catalogue is.
        pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
        enlarged = cv2.resize(garment.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
        garment = enlarged > 0.5
    rows, columns = np.flatnonzero(garment.any(axis=1)), np.flatnonzero(garment.any(axis=0))
    table_colour = np.array(catalogue.background, np.uint8)
    painted = np.where(garment[:, :, None], pixels, table_colour)
    cut_out = Image.fromarray(painted[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = min(
        catalogue.filled_width * size[0] / cut_out.width,
        catalogue.filled_height * size[1] / cut_out.height,
    )
    scale *= random.uniform(0.9, 1.02)
    shown = (max(1, round(cut_out.width * scale)), max(1, round(cut_out.height * scale)))
    cut_out = cut_out.resize(shown, Image.Resampling.BICUBIC)
    if random.random() < 0.5:
        cut_out = cut_out.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    table = Image.new("RGB", size, catalogue.background)
    table.paste(cut_out, ((size[0] - shown[0]) // 2, (size[1] - shown[1]) // 2))
    return table


def somebody_wears(picture: Image.Image, catalogue: CataloguePictures) -> bool:
    """Whether there is skin to be seen on a studio shot, RGB."""
    _, figure, skin = _wearer(picture, catalogue)
    return _share(skin, figure) >= LEAST_SKIN


def _wearer(
    picture: Image.Image, catalogue: CataloguePictures
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The picture's pixels, small; and of these, (h, w) bool: what is no background, what skin."""
    size = catalogue.scaled(_SEARCH_SIDE)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
    figure = unlike_border(pixels)
    return pixels, figure, _skin(pixels) & figure


def _share(skin: np.ndarray, figure: np.ndarray) -> float:
    return float(skin.sum() / max(1, figure.sum()))


def _garment(
    pixels: np.ndarray, figure: np.ndarray, skin: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """(h, w) bool: a figure without skin, head, and what is worn above or below the garment."""
    lab, clothes, garment = to_cielab(pixels), figure & ~skin, figure.copy()
    rows = np.flatnonzero(figure.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    height = bottom - top
    head = figure[top : top + max(1, round(_FACE_HEIGHT * height))]
    middle = int(np.flatnonzero(head.any(axis=0)).mean())
    columns = slice(max(0, middle - _FACE_HALF_WIDTH), middle + _FACE_HALF_WIDTH + 1)
    face = skin[top : top + max(1, round(_LOWEST_CHIN * height)), columns].sum(axis=1)
    supposed = random.random() < _SUPPOSED_SHARE
    if face[: len(head)].sum() > _LEAST_FACE_PIXELS:
        wide = np.flatnonzero(face >= min(_LEAST_FACE_WIDTH, face.max()))
        first, chin = int(wide[0]), top + int(wide[-1]) + 1
        # Shoulders begin a little above the lowest skin, which is in the neckline.
        above = max(top, chin - 3)
        if supposed:
            # Straps, collars and hoods begin where the face ends, which its width tells.
            width = face[first : len(head)].max(initial=_LEAST_FACE_WIDTH)
            above = min(above, top + first + round(_FACE_LENGTH * float(width)))
            below = chin + round((bottom - chin) * random.uniform(*_SUPPOSED_HEM))
        else:
            below = _seam(lab, clothes, chin + _HEM * (bottom - chin), bottom) or bottom
    elif supposed:
        above, below = top + round(height * random.uniform(0, _SUPPOSED_WAISTBAND)), bottom
    else:
        above = _seam(lab, clothes, top, top + _WAISTBAND * height) or top
        below = _seam(lab, clothes, top + _ANKLES * height, bottom) or bottom
    garment[:above] = False
    garment[below:] = False
    garment &= ~cv2.dilate(skin.astype(np.uint8), np.ones((2, 2), np.uint8)).astype(bool)
    opened = cv2.morphologyEx(garment.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return large_parts(opened.astype(bool), _LEAST_PART)


def _seam(lab: np.ndarray, clothes: np.ndarray, first: float, last: float) -> int | None:
    """The row between these two where one garment ends and another begins, if there is one.

    Args:
        lab: (h, w, 3) float32, CIELAB.
        clothes: (h, w) bool.
        first, last: rows.
    """
    middle = int(np.median(np.nonzero(clothes)[1])) if clothes.any() else 0
    columns = slice(max(0, middle - _MIDDLE), middle + _MIDDLE + 1)
    change, seam = _LEAST_CHANGE, None
    for row in range(round(first) + 3, round(last) - 3):
        sides = slice(max(0, row - _ROWS_COMPARED), row), slice(row, row + _ROWS_COMPARED)
        seen = [lab[rows, columns][clothes[rows, columns]] for rows in sides]
        if min(map(len, seen)) < _LEAST_SEEN:
            continue
        one, other = (np.median(colours, axis=0) for colours in seen)
        difference = float(np.linalg.norm(one - other))
        if difference > change:
            change, seam = difference, row
    return seam


def _skin(pixels: np.ndarray) -> np.ndarray:
    """(h, w) bool: pixels of the colour of skin, without single ones."""
    ycrcb = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    hue = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)[:, :, 0]
    low, high = (np.array(end, np.uint8) for end in _SKIN_YCRCB)
    skin = ((ycrcb >= low) & (ycrcb <= high)).all(axis=2) & (hue <= _MOST_SKIN_HUE)
    opened = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return opened.astype(bool)
