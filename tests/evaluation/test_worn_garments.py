"""Marks on pictures of dressed people: right where the neighbours are worn in the same place."""

import pytest
from PIL import Image

from recommender.answers.regions import Region
from recommender.evaluation.worn_garments import judge_worn_garments, worn_products

TOP = Region((0.0, 0.0, 1.0, 0.5), "Top", 0.9)
BOTTOM = Region((0.0, 0.5, 1.0, 1.0), "Trousers or skirt", 0.8)


def test_a_mark_is_right_as_far_as_its_neighbours_are_worn_there() -> None:
    person = Image.new("RGB", (40, 100), "blue")
    person.paste("red", (0, 0, 40, 50))

    def nearest(picture: Image.Image) -> list[str]:
        is_top = picture.getpixel((5, 5)) == (255, 0, 0)
        return ["Shirts", "Tops"] if is_top else ["Jeans", "Shirts", "Skirts", "Trousers"]

    found = judge_worn_garments([person, person], lambda _: [TOP, BOTTOM], nearest)
    assert {name: own.marks for name, own in found.items()} == {"Top": 2, "Trousers or skirt": 2}
    assert found["Top"].right_place == 1
    assert found["Trousers or skirt"].right_place == pytest.approx(0.75)


def test_pictures_without_marks_and_other_names_count_nothing() -> None:
    picture = Image.new("RGB", (40, 100))
    other = Region((0.0, 0.0, 1.0, 1.0), "Perfume and Body Mist", 0.9)
    assert judge_worn_garments([picture], lambda _: [], lambda _: ["Shirts"]) == {}
    assert judge_worn_garments([picture], lambda _: [other], lambda _: ["Shirts"]) == {}


def test_what_people_wear_is_looked_at() -> None:
    assert worn_products(["Shirts", "Watches", "Dresses", "Heels"], [0, 1, 2, 3]) == [0, 2]
