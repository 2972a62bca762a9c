"""Ids that look alike: views of one product by what the rows say, and products of their own."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from recommender.reading.grouping import names_views, stems_of_several
from recommender.reading.products import Products
from tests.support.catalogues import read_all, write_csv, write_picture

NAMES = ("Linen shirt", "Wool coat", "Silk dress", "Denim skirt", "Felt hat")


def groups(folder: Path, ids: Sequence[str], names: Sequence[str]) -> list[str | None]:
    """Groups of the products of a CSV with these ids and names."""
    for id_ in ids:
        write_picture(folder / f"{id_}.jpg", len(id_))
    rows = [[id_, name, f"{id_}.jpg"] for id_, name in zip(ids, names, strict=True)]
    write_csv(folder / "products.csv", ["id", "name", "filename"], rows)
    return [product.group for product in read_all(Products(str(folder)))]


def test_numbered_ids_of_products_with_one_general_name_are_no_views(tmp_path: Path) -> None:
    ids = [f"{shelf}_{place}" for shelf in range(4) for place in range(3)]
    assert groups(tmp_path, ids, ["Shirt"] * 12) == [None] * 12


def test_of_ids_that_name_views_those_with_other_names_are_products_of_their_own(
    tmp_path: Path,
) -> None:
    ids = [f"{product}_{view}" for product in range(5) for view in range(2)]
    names = [NAMES[product] for product in range(5) for _ in range(2)]
    names[9] = "Leather belt"
    assert groups(tmp_path, ids, names) == [
        *(str(product) for product in range(4) for _ in range(2)), None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("names", [["Shirt"] * 4, ["A", "B", "C", "D"], [None] * 4])
def test_a_sample_shows_views_only_by_names_of_their_own(names: list[str | None]) -> None:
    ids = ("1_0", "1_1", "2_0", "2_1")
    sample = [{"id": id_, "name": name} for id_, name in zip(ids, names, strict=True)]
    assert not names_views(sample, "id", ["name"])
    assert not names_views(sample, "id", [])
    told = [{"id": id_, "name": f"Shirt {id_[0]}"} for id_ in ids]
    assert names_views(told, "id", ["name"])


def test_a_further_picture_without_a_name_leaves_its_stem_one_product() -> None:
    ids = ["1_0", "1_1", "2_0", "2_1", "other"]
    assert stems_of_several(ids, ["Shirt", None, "Coat", "Hat", "Belt"]) == {"2"}
    assert stems_of_several() == frozenset()
