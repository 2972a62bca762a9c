"""Filters: values, ranges of numbers, and values that are found by typing."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from recommender.errors import FilterError
from recommender.index.attribute_values import AttributeValues
from recommender.index.filters import FilterColumns, is_found_by_typing

PRICES = np.array([5.0, 10.0, 49.99, 50.0, np.nan, 1e6])
BRANDS = ["Acme", "Bolt", "acme Kids", "Acme", None, "Zen"]


def column(values: list[str | None]) -> pa.DictionaryArray:
    return pa.array(values, pa.string()).dictionary_encode()


@pytest.fixture
def columns() -> FilterColumns:
    return FilterColumns({"brand": AttributeValues(column(BRANDS), {})}, {"price": PRICES})


@pytest.mark.parametrize(
    ("wanted", "passing"),
    [
        ({"min": 10, "max": 50}, [1, 2, 3]),
        ({"max": 49.99}, [0, 1, 2]),
        ({"min": 50}, [3, 5]),
        ({"min": None, "max": 5}, [0]),
        ({"min": 7, "max": 7}, []),
        ({"min": np.float32(10)}, [1, 2, 3, 5]),
    ],
)
def test_a_range_has_its_ends_and_never_an_unknown_number(
    columns: FilterColumns, wanted: dict[str, Any], passing: list[int]
) -> None:
    mask = columns.allowed({"price": wanted})
    assert mask is not None
    assert np.flatnonzero(mask).tolist() == passing


def test_ranges_and_values_are_filtered_by_together(columns: FilterColumns) -> None:
    mask = columns.allowed({"brand": ["Acme", "Bolt"], "price": {"max": 49}})
    assert mask is not None
    assert np.flatnonzero(mask).tolist() == [0, 1]


@pytest.mark.parametrize("wanted", [{}, {"min": None}, {"min": None, "max": None}])
def test_a_range_without_ends_asks_for_nothing(
    columns: FilterColumns, wanted: dict[str, Any]
) -> None:
    assert columns.allowed({"price": wanted}) is None


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"price": {"min": float("nan")}}, "The min of price is a number; got nan."),
        ({"price": {"max": float("inf")}}, "The max of price is a number; got inf."),
        ({"price": {"max": "50 EUR"}}, "The max of price is a number; got 50 EUR."),
        ({"price": {"min": True}}, "The min of price is a number; got True."),
        ({"price": {"min": [1]}}, "The min of price is a number; got [1]."),
        ({"price": {"min": 50, "max": 10}}, "begins above its end: min 50, max 10."),
        ({"price": {"least": 5}}, "The range of price has 'least'; it takes a range such as"),
        ({"price": {1: 5}}, "The range of price has '1'; it takes a range such as"),
        ({"price": "cheap"}, "The filter price takes a range such as"),
        ({"price": 50}, "The filter price takes a range such as"),
        ({"weight": {"min": 1}}, "There is no number 'weight' to filter by a range. Numbers are:"),
        ({"brand": {"min": 1}}, "The filter brand takes a value or a list of values."),
        ({"colour": "Red"}, "There is no filter 'colour'. Filters are: brand, price."),
    ],
)
def test_wrong_filters_are_refused_in_a_sentence(
    columns: FilterColumns, filters: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FilterError) as caught:
        columns.check(filters)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 250


def test_a_value_is_found_by_a_part_of_it_in_any_case(columns: FilterColumns) -> None:
    assert list(columns.matching("brand", "ACME", 10)) == ["Acme", "acme Kids"]
    assert list(columns.matching("brand", "e", 10)) == ["Acme", "Zen", "acme Kids"]
    assert list(columns.matching("brand", "kids", 10)) == ["acme Kids"]
    assert columns.matching("brand", "", 2) == {"Acme": 2, "Bolt": 1}
    assert columns.matching("brand", "nothing", 10) == {}


@pytest.mark.parametrize(
    ("values", "is_found"),
    [
        ([f"brand {i % 250}" for i in range(1000)], True),
        ([f"brand {i % 200}" for i in range(1000)], False),  # few enough to list
        ([f"text {i}" for i in range(1000)], False),  # each product's own
        ([None] * 800 + [f"brand {i % 250}" for i in range(400)], False),  # shared by few
    ],
    ids=["many shared", "few", "unique", "hardly known"],
)
def test_only_many_values_that_products_share_are_found_by_typing(
    values: list[str | None], is_found: bool
) -> None:
    assert is_found_by_typing(column(values)) == is_found
