"""Synthetic pictures of products, made in worker processes: the studio and its jobs.

Worker processes import this module: it needs neither the encoder nor TensorFlow.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from recommender.building.thumbnails import Thumbnails
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.segmentation import find_product
from recommender.training.model_removal import remove_model, shows_model
from recommender.training.pairs import pair
from recommender.training.synthetic_photos import product_on_backdrop, turned_or_compressed

# Least long side of a synthetic photo, pixels. To make one of 240 pixels takes 18 ms, of 160 11 ms.
PHOTOGRAPH_SIDE = 160
# Fraction of the photos of shoes that show a pair.
PAIRED_FRACTION = 0.6
MODEL_REMOVED, PHOTOGRAPHED, TURNED = "model removed", "photographed", "turned"


@dataclass(frozen=True)
class Job:
    """Job of a process: one synthetic picture."""

    sort: str
    """One of the three sorts."""
    row: int
    """Position of the product."""
    seed: tuple[int, int]
    """Of the picture."""


@dataclass(frozen=True)
class SyntheticPhoto:
    """Synthetic photo of a product with its known mask; a segmenter of itself."""

    picture: Image.Image
    """RGB."""
    cover: np.ndarray
    """(h, w) float32: how much of each pixel, 0-1, is the product."""

    def probabilities(self, _: Image.Image) -> np.ndarray:
        """Probability of foreground, (h, w) float32, of this photo."""
        return self.cover


@dataclass(frozen=True)
class Studio:
    """Maker of synthetic pictures; the same job gives the same picture in every process."""

    thumbnails: Thumbnails
    catalogue: CataloguePictures
    worn: Mapping[int, bool]
    """Whether the product's article type is worn, by position."""
    footwear: Mapping[int, bool]
    """Whether the product is footwear, by position."""

    def __call__(self, job: Job) -> Image.Image | None:
        """Synthetic picture, RGB; None where a model or a product was not found."""
        picture, random = self.thumbnails.picture(job.row), np.random.default_rng(job.seed)
        if job.sort == TURNED:
            return turned_or_compressed(picture, random)
        if job.sort == MODEL_REMOVED:
            return remove_model(picture, random, self.catalogue)
        return self._photographed(job.row, picture, random)

    def _photographed(
        self, row: int, picture: Image.Image, random: np.random.Generator
    ) -> Image.Image | None:
        """Product on a synthetic photo, cut out as in a query, but by its known mask."""
        photograph = self.photograph(row, picture, random)
        if photograph is None:
            return None
        # To find the mask by U-2-Net-p took two thirds of a picture's time, and taught the head no
        # more: precision at 5 of the article type was .737 and of photographs .678, by the known
        # mask .741 and .680 (2,000 products of large pictures, 2,019 photographs, six seeds).
        found = find_product(photograph.picture, self.catalogue, photograph)
        return None if found is None else found.cut_out.picture

    def photograph(
        self, row: int, picture: Image.Image, random: np.random.Generator
    ) -> SyntheticPhoto | None:
        """Synthetic photo of a product; None where a model hides it.

        Args:
            row: position of the product.
            picture: of the product, RGB.
            random: decides everything that is drawn.
        """
        if self.worn[row] and shows_model(picture, self.catalogue):
            flat = remove_model(picture, random, self.catalogue)
            if flat is None:
                return None
            picture = flat
        elif self.footwear[row] and random.random() < PAIRED_FRACTION:
            picture = pair(picture, random)
        size = self.catalogue.scaled(max(PHOTOGRAPH_SIDE, *self.catalogue.size))
        pixels, cover = product_on_backdrop(picture, random, size)
        return SyntheticPhoto(Image.fromarray(pixels), cover)


@dataclass(frozen=True)
class ModelCheck:
    """Check of products' pictures for a model."""

    thumbnails: Thumbnails
    catalogue: CataloguePictures

    def __call__(self, row: int) -> bool:
        """Whether the picture of the product at a position shows a model."""
        return shows_model(self.thumbnails.picture(row), self.catalogue)
