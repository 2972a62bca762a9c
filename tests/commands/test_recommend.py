"""`recommend.py`: ranges, pages and offers on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender.commands.recommend import main, parse_filters
from recommender.errors import SettingsError
from tests.support.drawn_products import draw_product


@pytest.fixture
def asked(
    shop_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., str]:
    """Runs the command over the small shop with the very picture of product s20."""
    draw_product("Handbags", "Red", 120).save(tmp_path / "photo.png")

    def run(*options: str) -> str:
        arguments = ["recommend.py", str(tmp_path / "photo.png"), "--index", str(shop_index)]
        monkeypatch.setattr("sys.argv", [*arguments, *options])
        main()
        return capsys.readouterr().out

    return run


def test_a_table_tells_prices_and_that_the_picture_is_the_catalogues(
    asked: Callable[..., str],
) -> None:
    table = asked("--filter", "price=10..30", "--filter", "availability=in_stock", "-k", "3")
    assert "This is in the catalogue: Ecru Red Handbags 20 (s20)" in table
    rows = [line for line in table.splitlines() if line.startswith("    ")]
    assert len(rows) == 3
    assert all("EUR" in row for row in rows)


def test_pages_and_the_least_similarity_are_those_of_the_whole_answer(
    asked: Callable[..., str],
) -> None:
    whole = json.loads(asked("--json", "-k", "9"))
    assert json.loads(asked("--json", "-k", "4", "--offset", "5")) == whole[5:]
    least = whole[3]["similarity"]
    near = json.loads(asked("--json", "-k", "9", "--min-similarity", str(least)))
    assert near == [result for result in whole if result["similarity"] >= least]


@pytest.mark.parametrize(
    ("pair", "wanted"),
    [
        ("price=10..50", {"price": {"min": 10, "max": 50}}),
        ("price=..50", {"price": {"max": 50}}),
        ("price = 10.5 ..", {"price": {"min": 10.5}}),
        ("brand=A..B", {"brand": ["A..B"]}),
    ],
)
def test_a_range_is_written_with_two_dots(pair: str, wanted: dict[str, object]) -> None:
    assert parse_filters([pair], {"price"}) == wanted


@pytest.mark.parametrize("text", ["50", "a..b", "10...50", "10-50"])
def test_what_is_no_range_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match=r"takes a range such as price=10\.\.50"):
        parse_filters([f"price={text}"], {"price"})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--offset", "900"), "after those that --offset passes over"),
        (("--filter", "price=..1"), "No product passes these filters"),
    ],
)
def test_why_nothing_is_found_is_said(
    asked: Callable[..., str], options: tuple[str, ...], sentence: str
) -> None:
    assert sentence in asked(*options)
