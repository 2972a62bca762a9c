"""Which candidates become regions, by what the head says of them."""

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from recommender.answers.regions import Region, choose, find_regions
from recommender.embedding.head import ClassicHead
from recommender.pictures.foreground_mask import Box
from recommender.pictures.region_candidates import Candidate

NAMES = ("Shirts", "Tshirts", "Jeans", "Dresses", "Casual Shoes", "Handbags", "Teapots")
WHOLE: Box = (0.1, 0.1, 0.9, 0.9)


def said(*of_each: Mapping[str, float]) -> np.ndarray:
    """Probabilities of `NAMES`; what is left is spread over all."""
    rows = np.array([[own.get(name, 0.0) for name in NAMES] for own in of_each])
    return (rows + (1 - rows.sum(axis=1, keepdims=True)) / len(NAMES)).astype(np.float32)


def parts(*boxes: Box) -> list[Candidate]:
    return [Candidate(WHOLE, "whole"), *(Candidate(box, "part") for box in boxes)]


PLACES: Sequence[tuple[str, float, float]] = (
    ("upper", 0.1, 0.5), ("lower", 0.45, 0.9), ("lower", 0.62, 1.0), ("feet", 0.9, 1.0)
)  # fmt: skip
PERSON = [Candidate(WHOLE, "whole"), *(Candidate((0.3, t, 0.7, b), p) for p, t, b in PLACES)]


def names(regions: Sequence[Region]) -> list[str]:
    return [region.name for region in regions]


def test_parts_of_different_groups_are_regions_the_largest_first() -> None:
    found = parts((0.1, 0.1, 0.3, 0.3), (0.4, 0.4, 0.9, 0.9))
    seen = said({"Shirts": 0.4}, {"Casual Shoes": 0.9}, {"Handbags": 0.8})
    regions = choose(found, seen, NAMES)
    assert names(regions) == ["Bag", "Shoes"]
    assert regions[1].box == (0.1, 0.1, 0.3, 0.3)
    assert regions[1].confidence > 0.9


def test_a_pair_of_shoes_is_one_thing() -> None:
    found = parts((0.1, 0.1, 0.4, 0.9), (0.5, 0.1, 0.9, 0.9))
    assert choose(found, said({}, {"Casual Shoes": 0.9}, {"Casual Shoes": 0.8}), NAMES) == []
    beside = [*found, Candidate((0.1, 0.92, 0.3, 1.0), "part")]
    seen = said({}, {"Casual Shoes": 0.9}, {"Casual Shoes": 0.8}, {"Handbags": 0.9})
    regions = choose(beside, seen, NAMES)
    assert names(regions) == ["Shoes", "Bag"]
    assert regions[0].box == (0.1, 0.1, 0.9, 0.9)


def test_article_types_of_one_group_count_together() -> None:
    found = parts((0.1, 0.1, 0.3, 0.3), (0.4, 0.4, 0.9, 0.9))
    seen = said({}, {"Shirts": 0.35, "Tshirts": 0.35}, {"Jeans": 0.9})
    assert names(choose(found, seen, NAMES)) == ["Trousers or skirt", "Top"]


def test_a_type_that_no_outfit_has_keeps_its_name() -> None:
    found = parts((0.1, 0.1, 0.3, 0.3), (0.4, 0.4, 0.9, 0.9))
    assert names(choose(found, said({}, {"Jeans": 0.9}, {"Teapots": 0.9}), NAMES))[0] == "Teapots"


def test_what_the_head_is_not_sure_of_is_no_region() -> None:
    found = parts((0.1, 0.1, 0.3, 0.3), (0.4, 0.4, 0.9, 0.9))
    assert choose(found, said({}, {"Jeans": 0.3}, {"Handbags": 0.9}), NAMES) == []


def test_a_person_has_what_is_worn_where() -> None:
    seen = said(
        {"Shirts": 0.9}, {"Shirts": 0.9}, {"Shirts": 0.8}, {"Jeans": 0.7}, {"Casual Shoes": 0.9}
    )
    regions = choose(PERSON, seen, NAMES)
    assert sorted(names(regions)) == ["Shoes", "Top", "Trousers or skirt"]
    top = next(region for region in regions if region.name == "Top")
    assert top.box[3] == 0.62, "down to where the trousers begin"


def test_a_garment_that_looks_alike_from_top_to_bottom_is_one() -> None:
    assert choose(PERSON, said(*[{"Jeans": 0.9}] * 5), NAMES) == []
    shoes_at_the_top = said({}, {"Casual Shoes": 0.9}, *[{"Handbags": 0.9}] * 3)
    assert choose(PERSON, shoes_at_the_top, NAMES) == []


def test_the_classic_recipe_knows_no_regions() -> None:
    picture = Image.new("RGB", (40, 40), (200, 30, 30))
    assert find_regions(picture, None, ClassicHead()) == []  # type: ignore[arg-type]


def test_a_region_is_cut_with_a_margin_that_ends_at_the_picture() -> None:
    picture = Image.new("RGB", (100, 200))
    assert Region((0.0, 0.0, 0.5, 0.5), "Top", 1).cropped(picture).size == (53, 106)
