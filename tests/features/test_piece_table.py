"""The text encoder's pieces in a small table."""

import numpy as np
import pytest

from recommender.features.piece_table import PieceTable


@pytest.mark.parametrize("count", [0, 1, 2, 5_000])
def test_every_string_has_its_number_and_others_have_none(count: int) -> None:
    random = np.random.default_rng(0)
    numbers = {
        f"{i} ▁ 赤 é"[: 4 + i % 5] + str(i): int(random.integers(2**31)) for i in range(count)
    }
    table = PieceTable(numbers)
    assert {text: table.get(text) for text in numbers} == numbers
    assert all(table.get(f"other {i}") is None for i in range(5_000))
    assert table.get("") is None


def test_strings_of_the_same_bytes_in_memory_are_told_apart() -> None:
    assert hash("ir") == hash("物")
    table = PieceTable({"ir": 1, "物": 2})
    assert (table.get("ir"), table.get("物")) == (1, 2)
