"""Prices are numbers with a currency, however they are written."""

import pytest

from recommender.reading.prices import currency_in_name, decimal_separator, price


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("15.00 USD", 15.0, "USD"),
        ("12,90", 12.9, None),
        ("1.299,00 €", 1299.0, "EUR"),
        ("1,299.00", 1299.0, None),
        ("CHF 1'299.00", 1299.0, "CHF"),
        ("£12", 12.0, "GBP"),
        ("$12", 12.0, None),  # of which country?
        ("1 299,00 kr", 1299.0, None),
        (12.5, 12.5, None),
        ("1.5E+03", 1500.0, None),
        ("1e999", None, None),
        ("-5", None, None),
        ("free", None, None),
        ("", None, None),
        (float("nan"), None, None),
        (float("inf"), None, None),
        (None, None, None),
    ],
)
def test_a_price_is_read(written: object, amount: float | None, currency: str | None) -> None:
    assert price(written) == (amount, currency)


def test_the_other_prices_of_a_column_say_what_a_dot_means() -> None:
    assert decimal_separator(["12.50", "3.999", None]) == "."
    assert price("3.999", ".")[0] == pytest.approx(3.999)
    assert decimal_separator(["12,50", "3.999"]) == ","
    assert price("3.999", ",")[0] == 3999.0


def test_a_columns_name_may_end_with_the_currency() -> None:
    assert currency_in_name("price_eur") == "EUR"
    assert currency_in_name("Price (USD)") == "USD"
    assert currency_in_name("price") is None
