"""Known outputs of the code that kept files depend on, to notice when a version must be raised.

    python -m tests.support.golden      writes them anew, after the version was raised

What is kept (encoded products, a demo index) is used again by any code of the same version. So a
change of what that code makes of the same pictures must raise the version, and only such a change:
`tests/test_versions.py` compares with the outputs that stand in `golden.json`.
"""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from demo import DRAWING_VERSION, draw, products
from recommender.building import BUILD_VERSION
from recommender.building.sampling import stratified_sample
from recommender.features import FEATURES_VERSION
from recommender.features.backbones.registry import EFFICIENTNET_LITE0, RESNET50
from recommender.features.colour import DIMENSIONS, colour_features
from recommender.features.preprocessing import to_pixels
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.decoding import open_picture
from recommender.pictures.segmentation import find_product
from recommender.training.model_removal import remove_model
from recommender.training.non_products import non_products
from recommender.training.pairs import pair
from recommender.training.synthetic_photos import backdrop, product_on_backdrop

FILE = Path(__file__).with_name("golden.json")
# Other releases of Pillow and OpenCV round a little differently.
TOLERANCE = 0.75
_GRID = (4, 4)
_DRAWN = 12


def outputs() -> dict[str, dict[str, Any]]:
    """By name of a version: its number, and numbers (0-255) that tell what the code makes."""
    return {
        "FEATURES_VERSION": {"version": FEATURES_VERSION, "values": _features()},
        "BUILD_VERSION": {"version": BUILD_VERSION, "values": _building()},
        "DRAWING_VERSION": {"version": DRAWING_VERSION, "values": _drawings()},
    }


def _features() -> dict[str, list[float]]:
    values = {}
    for name, file in _files().items():
        picture = open_picture(file, min_side=RESNET50.decoded_side)
        values[f"{name}, size"] = [float(side) for side in picture.size]
        for backbone in (RESNET50, EFFICIENTNET_LITE0):
            values[f"{name}, {backbone.name}"] = _grid(to_pixels(picture, backbone))
        directions = np.random.default_rng(0).standard_normal((8, DIMENSIONS))
        values[f"{name}, colour"] = _plain(directions @ colour_features(np.asarray(picture)))
    return values


def _files() -> dict[str, bytes]:
    """A phone's large JPEG with a turn in its EXIF, a transparent PNG, and a small shop's JPEG."""
    large = _studio_shot((1500, 1200))
    exif = Image.Exif()
    exif[0x0112] = 6
    cut_out = _studio_shot((90, 120)).convert("RGBA")
    cut_out.putalpha(Image.linear_gradient("L").resize(cut_out.size))
    return {
        "large": _saved(large, "JPEG", quality=90, exif=exif),
        "transparent": _saved(cut_out, "PNG"),
        "small": _saved(_studio_shot((60, 80)), "JPEG", quality=90),
    }


def _building() -> dict[str, list[float]]:
    catalogue, worn = CataloguePictures(), _worn()
    shot = _studio_shot((60, 80))
    made = {
        "backdrop": backdrop(np.random.default_rng(1), (60, 80)),
        "pasted": product_on_backdrop(shot, np.random.default_rng(2), (180, 240))[0],
        "pair": np.asarray(pair(shot, np.random.default_rng(3)).resize((60, 80))),
    }
    for number, drawn in enumerate(non_products(7, np.random.default_rng(4), (60, 80))):
        made[f"no product {number}"] = drawn
    flat = remove_model(worn, np.random.default_rng(5), catalogue)
    found = find_product(Image.fromarray(made["pasted"]), catalogue)
    assert flat
    assert found
    made |= {"flat": np.asarray(flat), "cut out": np.asarray(found.cut_out.picture)}
    values = {name: _grid(pixels) for name, pixels in made.items()}
    article_types = [("shirt", "shoe", "scarf")[min(2, n % 7 % 4)] for n in range(900)]
    values["sample"] = [float(row) for row in stratified_sample(article_types, 30)]
    return values


def _drawings() -> dict[str, list[float]]:
    every = products()
    chosen = every[:: len(every) // _DRAWN][:_DRAWN]
    return {product.id: _grid(np.asarray(draw(product))) for product in chosen}


def _studio_shot(size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", (60, 80), "white")
    draw_on = ImageDraw.Draw(picture)
    draw_on.rectangle((16, 12, 44, 68), fill=(190, 40, 50))
    draw_on.rectangle((16, 30, 44, 36), fill=(30, 60, 160))
    draw_on.ellipse((26, 44, 36, 54), fill=(240, 220, 60))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _worn() -> Image.Image:
    picture = Image.new("RGB", (60, 80), "white")
    draw_on = ImageDraw.Draw(picture)
    draw_on.ellipse((24, 3, 36, 18), fill=(222, 170, 140))
    draw_on.rectangle((16, 18, 44, 52), fill=(30, 90, 200))
    draw_on.rectangle((10, 24, 15, 50), fill=(222, 170, 140))
    draw_on.rectangle((20, 53, 40, 78), fill=(60, 60, 65))
    return picture


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _grid(pixels: np.ndarray) -> list[float]:
    """Mean colours of a few cells of a picture."""
    return _plain(np.asarray(Image.fromarray(pixels).resize(_GRID, Image.Resampling.BOX)).ravel())


def _plain(values: np.ndarray) -> list[float]:
    return [round(float(value), 2) for value in values]


if __name__ == "__main__":
    FILE.write_text(json.dumps(outputs(), indent=1) + "\n", encoding="utf-8")
