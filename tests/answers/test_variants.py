"""Variants as one result, and what they differ in."""

from pathlib import Path

import numpy as np
import pytest

from recommender.answers.variants import MOST_VALUES, collapse, differing
from recommender.index.catalogue import Catalogue
from tests.support.drawn_products import write_catalogue_of

# By position: two groups of three, then products of their own; the last is a copy of the sixth.
GROUPS = ["a", "a", "a", "b", "b", "b", None, None]
ATTRIBUTES = {
    "brand": ["Acme"] * 6 + ["Other", None],
    "size": ["S", "M", "M, L", "S", "S", "S", None, None],
    "baseColour": ["Red", "Red", "Red", "Red", "Blue", None, "Red", None],
    "sku": [f"sku {n}" for n in range(8)],
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    path = tmp_path_factory.mktemp("variants") / "catalogue.parquet"
    several = [None, None, '{"size": ["M", "L"]}', *[None] * 5]
    write_catalogue_of(path, 8, ATTRIBUTES, {"variant_group": GROUPS, "several_values": several})
    catalogue = Catalogue(path, list(ATTRIBUTES), ["brand", "size", "baseColour"])
    catalogue.original[7] = 6
    return catalogue


def test_the_best_variant_and_the_best_copy_stand_for_the_others(catalogue: Catalogue) -> None:
    assert collapse(catalogue, [4, 1, 3, 7, 0, 6], 10) == [0, 1, 3]
    assert collapse(catalogue, [4, 1, 3, 7, 0, 6], 2) == [0, 1]


def test_what_is_left_out_takes_its_variants_and_copies_with_it(catalogue: Catalogue) -> None:
    assert collapse(catalogue, [5, 1, 3, 7, 0, 6], 10, [2]) == [1, 3]
    assert collapse(catalogue, [7, 1, 3, 6], 10, [3]) == [1, 2]


def test_variants_tell_the_values_that_a_person_chooses_by(catalogue: Catalogue) -> None:
    variants = catalogue.variants
    assert variants.of(1).tolist() == [0, 1, 2]
    assert differing(catalogue, variants.of(1)) == {"size": ["S", "M", "L"]}
    assert differing(catalogue, variants.of(4)) == {"baseColour": ["Red", "Blue"]}
    assert differing(catalogue, variants.of(6)) == {}


def test_long_lists_of_values_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.parquet"
    sizes = [str(n) for n in range(40)]
    write_catalogue_of(path, 40, {"size": sizes}, {"variant_group": ["a"] * 40})
    catalogue = Catalogue(path, ["size"], ["size"])
    assert differing(catalogue, np.arange(40)) == {"size": sizes[:MOST_VALUES]}


def test_an_attribute_of_an_older_index_that_is_called_like_a_column_stays_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "catalogue.parquet"
    names = ["variant_group", "offer_price"]
    write_catalogue_of(path, 2, {"variant_group": ["a", "a"], "offer_price": ["9", "8"]})
    catalogue = Catalogue(path, names, names)
    assert catalogue.attributes_of(0) == {"variant_group": "a", "offer_price": "9"}
    assert (catalogue.group_of(0), catalogue.offer(0).price, catalogue.numbers) == (None, None, {})


def test_a_catalogue_without_groups_has_no_variants(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.parquet"
    write_catalogue_of(path, 3, {})
    variants = Catalogue(path, [], []).variants
    assert [variants.of(position).tolist() for position in range(3)] == [[0], [1], [2]]
    assert variants.group(2) == -1
