"""Estimate of what a build takes, before it begins: time, memory and size of the index."""

import io
import os
import time
from dataclasses import dataclass

from recommender.building.decode import THUMBNAIL_QUALITY, THUMBNAIL_SIDE
from recommender.errors import PictureError
from recommender.features.backbones.registry import (
    BACKBONES,
    EFFICIENTNET_LITE0,
    EFFICIENTNET_LITE2,
    RESNET50,
)
from recommender.pictures.decoding import PictureSource, open_picture

# Processor seconds of the network for a picture, its resizing and colour included, float32 (on a
# processor with AVX512).
_SECONDS = {EFFICIENTNET_LITE0.name: 0.012, EFFICIENTNET_LITE2.name: 0.022, RESNET50.name: 0.045}
# Processor seconds to make a synthetic picture; with a catalogue of this many products or more, as
# many are made as a build makes at most, for the head and the product detector.
_MADE_SECONDS, _MADE_OF, _MOST_MADE = 0.01, 40_000, 24_000
# Processor seconds of all fitting for a product that is fitted on, at most so many, and of
# everything later (vectors, map, writing) for each product.
_FIT_SECONDS, _LATER_SECONDS = 0.005, 0.0005
_START_SECONDS = 40.0
# TensorFlow, OpenVINO and what belongs to them, bytes.
_PROGRAM_BYTES = 1_200_000_000
# Products that a head is fitted on at most, and bytes that are in memory for each.
_FITTED, _FITTED_BYTES = 100_000, 8_000
# Bytes a picture beside its thumbnail: vector, and text and place on the map of its product.
_ROW_BYTES = 1_500
# Pictures a second that a shop's server gives away, at four requests at a time.
_FETCHED_PER_SECOND = 15.0
# Where no picture is at hand to be measured: what 480 pixels take as a JPEG, and to decode.
_THUMBNAIL_BYTES, _DECODE_SECONDS = 25_000, 0.02


@dataclass(frozen=True)
class Estimate:
    """What a build takes, roughly."""

    seconds: float
    """On this machine's processors."""
    memory: int
    """Bytes, at the most."""
    size: int
    """Bytes of the index."""

    def __str__(self) -> str:
        minutes = self.seconds / 60
        time_ = f"{minutes / 60:,.1f} hours" if minutes > 90 else f"{minutes:,.0f} minutes"
        if minutes < 1.5:
            time_ = "a minute"
        return (
            f"Roughly {time_} on this machine's {_processors()} processors, "
            f"{self.memory / 1e9:,.1f} GB of memory, and {self.size / 1e6:,.0f} MB for the index."
        )


def estimate(
    products: int,
    count: int,
    backbone: str,
    pictures: list[PictureSource],
    addresses: bool,
) -> Estimate:
    """Estimate a build.

    Args:
        products: how many.
        count: of all their pictures that are embedded.
        backbone: name of the network; another than ours is estimated as ResNet50.
        pictures: a few of them, which are decoded to see how long that takes; may be empty.
        addresses: whether the pictures have to be fetched.
    """
    known = BACKBONES.get(backbone, RESNET50)
    seconds, thumbnail = _measure(pictures, known.decoded_side)
    network, fitted = _SECONDS[known.name], min(products, _FITTED)
    made = _MOST_MADE * min(1.0, products / _MADE_OF)
    work = count * (network + seconds + _LATER_SECONDS)
    work += made * (network + _MADE_SECONDS) + min(products, _MADE_OF) * _FIT_SECONDS
    fetching = count / _FETCHED_PER_SECOND if addresses else 0.0
    return Estimate(
        _START_SECONDS + max(work / _processors(), fetching),
        _PROGRAM_BYTES + fitted * _FITTED_BYTES + count * _ROW_BYTES,
        count * round(thumbnail + _ROW_BYTES),
    )


def _measure(pictures: list[PictureSource], min_side: int) -> tuple[float, float]:
    """Seconds to decode one of the pictures, and bytes of its thumbnail."""
    seconds, sizes = 0.0, []
    for source in pictures:
        started = time.perf_counter()
        try:
            picture = open_picture(source, min_side=min_side)
        except PictureError:
            continue
        seconds += time.perf_counter() - started
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=THUMBNAIL_QUALITY)
        sizes.append(len(buffer.getvalue()))
    if not sizes:
        return _DECODE_SECONDS, _THUMBNAIL_BYTES
    return seconds / len(sizes), sum(sizes) / len(sizes)


def _processors() -> int:
    return len(os.sched_getaffinity(0))
