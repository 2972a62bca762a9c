"""Tuning of a backbone on a catalogue: its pictures, products held out, and the tuned network.

Four in ten pictures are the catalogue's own, mirrored, cropped, turned or compressed; the others
are synthetic photos, whole or cropped, some of them as small as the catalogue's pictures.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from recommender.building.augmentation import ArticleTypes, studio_of, types_of, worn_types
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.fit import fitting_sample
from recommender.building.processes import ordered_map
from recommender.building.synthetic_pictures import Studio
from recommender.errors import BackboneError, DatasetError
from recommender.features.backbones.keras_files import check_archive
from recommender.features.backbones.preprocessor_config import PREPROCESSOR_FILE
from recommender.features.backbones.registry import INTERPOLATIONS, Backbone
from recommender.features.preprocessing import PHOTOGRAPH_GAP, to_pixels
from recommender.metrics.report_card import split_sample
from recommender.metrics.splits import split_products
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.storage import write_whole
from recommender.training.synthetic_photos import turned_or_compressed
from recommender.training.targets import style_targets, type_by_gender

if TYPE_CHECKING:
    import keras

NETWORK_FILE, CHECKPOINT_FILE = "network.keras", "tuning.npz"

# Fraction of the pictures that are synthetic photos.
PHOTOGRAPHED_FRACTION = 0.6
# A product is drawn with a probability proportional to this power of the number of products of its
# article type: rare types come more often.
RARITY = -0.35
# Fractions of the catalogue's pictures that are turned or compressed, and that are cropped; and the
# fraction that is mirrored.
_CHANGED, _CROPPED, _MIRRORED = 0.15, 0.425, 0.5
# Fractions of the synthetic photos that stay whole, and that are cropped; the others are cropped
# and reduced to the size of the catalogue's pictures.
_WHOLE, _NEAR = 0.4, 0.35
# Least fraction of width and height of a crop: of a picture, of a photo, of a reduced photo.
_LEAST_OF_PICTURE, _LEAST_OF_PHOTO, _LEAST_OF_REDUCED = 0.85, 0.6, 0.75
SEED = 0


@dataclass(frozen=True, slots=True)
class TuningJob:
    """Job of a process: one picture to tune with."""

    row: int
    """Position of the product."""
    number: int
    """Of the picture; it seeds the picture."""
    photographed: bool


@dataclass(frozen=True)
class TuningPictures:
    """Maker of pictures to tune with; the same job gives the same picture in every process."""

    studio: Studio
    backbone: Backbone

    def __call__(self, job: TuningJob) -> np.ndarray:
        """Input of the network, (side, side, 3) uint8 RGB."""
        random = np.random.default_rng((SEED, job.number))
        picture = self.studio.thumbnails.picture(job.row)
        photograph = None
        if job.photographed:
            photograph = self.studio.photograph(job.row, picture, random)
        if photograph is None:
            changed = self._changed(picture, random)
        else:
            changed = self._framed(photograph.picture, random)
        return to_pixels(changed, self.backbone, PHOTOGRAPH_GAP)

    def _changed(self, picture: Image.Image, random: np.random.Generator) -> Image.Image:
        chance = random.random()
        if chance < _CHANGED:
            picture = turned_or_compressed(picture, random)
        elif chance < _CHANGED + _CROPPED:
            picture = _part(picture, random, _LEAST_OF_PICTURE)
        if random.random() < _MIRRORED:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return picture

    def _framed(self, photograph: Image.Image, random: np.random.Generator) -> Image.Image:
        chance = random.random()
        if chance < _WHOLE:
            return photograph
        if chance < _WHOLE + _NEAR:
            return _part(photograph, random, _LEAST_OF_PHOTO)
        near = _part(photograph, random, _LEAST_OF_REDUCED)
        size = self.studio.catalogue.size
        return near.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)


def tune(
    products: EncodedCatalogue,
    catalogue: CataloguePictures,
    backbone: Backbone,
    network: "keras.Model",
    steps: int,
    folder: Path,
    key: str,
    held_out: tuple[int, int] | None = None,
) -> None:
    """Tune a network on a catalogue, and write it to a folder.

    The products of the report card are left out, so that the card of an index that is built with
    the network is as true as any.

    Args:
        products: labels and thumbnails.
        catalogue: measurements of the products' pictures.
        backbone: of the network.
        network: from `recommender.features.backbones.network.describe`; its weights change.
        steps: of the whole network.
        folder: gets `NETWORK_FILE` and a description of its input, and keeps the checkpoint.
        key: names dataset and network; a checkpoint of another key is refused.
        held_out: number of products and seed of the split of an evaluation that are left out in
            place of the report card's.

    Raises:
        BackboneError: the network has layers that cannot be stored.
        DatasetError: the catalogue has no labels to learn.
        SettingsError: more than half of the products are to be left out, or the folder has a
            checkpoint of another key or a damaged one.
    """
    # Imported here: TensorFlow takes seconds.
    from recommender.training import backbone_tuning

    # What cannot be stored is refused now, not after hours.
    _save(backbone_tuning.without_head(network), folder).unlink()
    taught = _taught(products, held_out)
    targets = style_targets(taught.labels)
    if not targets:
        raise DatasetError(
            "The catalogue has no labels to tune a network on: it takes a column such as the "
            "article type, with 20 products to a value on average."
        )
    codes = [*targets.values(), *type_by_gender(taught.labels, targets)]
    article_types = types_of(taught)
    rows = list(range(len(taught.ids)))
    studio = studio_of(taught, rows, worn_types(article_types, taught, catalogue), catalogue)
    pictures = TuningPictures(studio, backbone)
    head_steps = min(backbone_tuning.HEAD_STEPS, steps)
    total = head_steps + steps
    jobs = _jobs(article_types, total * backbone_tuning.BATCH)

    def batches(step: int) -> Iterator[backbone_tuning.Batch]:
        waiting = jobs[step * backbone_tuning.BATCH :]
        made = ordered_map(pictures, waiting)
        for start in range(0, len(waiting), backbone_tuning.PART):
            group = waiting[start : start + backbone_tuning.PART]
            own = np.array([job.row for job in group])
            yield (
                np.stack([next(made) for _ in group]),
                tuple(column[own, None] for column in codes),
            )

    with tqdm(total=total, unit=" steps", desc="Tuning") as bar:
        checkpoint = folder / CHECKPOINT_FILE
        tuned = backbone_tuning.tune_backbone(
            network,
            codes,
            batches,
            (head_steps, steps),
            backbone_tuning.Checkpoint(checkpoint, f"{key} {steps} {held_out}"),
            bar.update,
        )
    _save(tuned, folder).replace(folder / NETWORK_FILE)
    write_whole(folder / PREPROCESSOR_FILE, json.dumps(_input_of(backbone)).encode())
    checkpoint.unlink()


def _save(network: "keras.Model", folder: Path) -> Path:
    """Save a network under a name for the time being, and check that it can be read again.

    Raises:
        BackboneError: the network has layers that a file of this kind may not have.
    """
    path = folder / f"unfinished-{NETWORK_FILE}"
    network.save(path)
    try:
        check_archive(path)
    except BackboneError:
        path.unlink()
        raise
    return path


def _taught(products: EncodedCatalogue, held_out: tuple[int, int] | None) -> EncodedCatalogue:
    """Products to tune on: those that no measurement uses."""
    if held_out is not None:
        queries, seed = held_out
        split = split_products(products.digests, queries, seed, products.groups)
        return products.take(split.index)
    sample = fitting_sample(products)
    card = split_sample(sample.digests, groups=sample.groups)
    return sample if card is None else sample.take(card.index)


def _jobs(article_types: ArticleTypes, count: int) -> list[TuningJob]:
    """Jobs in the order of the steps; products are drawn with replacement."""
    random = np.random.default_rng(SEED)
    counts = Counter(article_types)
    chances = np.array([counts[article_type] ** RARITY for article_type in article_types])
    rows = random.choice(len(article_types), count, p=chances / chances.sum())
    photographed = random.random(count) < PHOTOGRAPHED_FRACTION
    return [
        TuningJob(int(row), number, bool(shown))
        for number, (row, shown) in enumerate(zip(rows, photographed, strict=True))
    ]


def _part(picture: Image.Image, random: np.random.Generator, least: float) -> Image.Image:
    """Random crop of a picture, of at least this fraction of its width and height."""
    width, height = (max(1, round(random.uniform(least, 1) * side)) for side in picture.size)
    left = int(random.integers(0, picture.width - width + 1))
    top = int(random.integers(0, picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height))


def _input_of(backbone: Backbone) -> dict[str, Any]:
    """Description of a backbone's input for `preprocessor_config.json`; the network scales."""
    side = backbone.side
    size: dict[str, Any] = {"size": {"height": side, "width": side}}
    resized = backbone.resized_side
    if resized is not None:
        square = {"height": resized, "width": resized}
        whole = {"shortest_edge": resized} if backbone.keeps_proportions else square
        size = {"size": whole, "do_center_crop": True, "crop_size": side}
    return {
        **size,
        "resample": INTERPOLATIONS.index(backbone.interpolation),
        "do_rescale": False,
        "do_normalize": False,
    }
