"""Foreground masks whose edge follows the picture."""

import numpy as np
import pytest

from recommender.pictures.foreground_mask import guided_mask

SIZE = 24


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pixels_apart", [1, SIZE * SIZE - 1], ids=["foreground", "background"])
def test_one_pixel_of_one_kind_gives_numbers(pixels_apart: int) -> None:
    soft = np.zeros(SIZE * SIZE, np.float32)
    soft[:pixels_apart] = 1
    picture = np.full((SIZE, SIZE, 3), 255, np.uint8)
    picture.reshape(-1, 3)[:pixels_apart] = (200, 0, 0)

    mask = guided_mask(soft.reshape(SIZE, SIZE), picture)

    assert np.isfinite(mask.soft).all()
    assert np.isfinite(mask.alpha(picture, (0.0, 0.0, 1.0, 1.0))).all()
