"""Words on the page, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Served
from tests.support.browser import RULES, found, needs_chromium, visit

axe_playwright = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def address(served_words: Served) -> str:
    return served_words.address


@pytest.fixture
def worded(browser: Browser, address: str) -> Iterator[Page]:
    with visit(browser, address) as page:
        yield page


def ask(page: Page, text: str) -> None:
    page.get_by_label("Say what you look for").fill(text)
    page.get_by_label("Say what you look for").press("Enter")


def test_words_are_searched_with_and_chips_show_what_was_understood(worded: Page) -> None:
    ask(worded, "red handbag for women")
    found(worded).wait_for()
    chips = worded.locator(".chip span")
    expect(chips).to_have_text(["Colour: Red", "Type: Handbags", "Gender: Women"])
    assert "text=red+handbag+for+women" in worded.url
    # There is no picture to show, and one field to type into.
    expect(worded.locator("#asked .stage")).to_have_count(0)
    expect(worded.get_by_label("Say what you look for")).to_be_hidden()
    expect(worded.get_by_label("Change the words")).to_have_value("red handbag for women")
    worded.get_by_role("button", name="Remove Colour: Red").click()
    expect(chips).to_have_text(["Type: Handbags", "Gender: Women"])
    worded.get_by_role("button", name="Only Gender: Women").click()
    expect(worded.locator("#results .found")).to_have_attribute(
        "data-link", "?text=handbag+for+women&filter.gender=Women"
    )
    # What is a filter says so, and cannot become one again.
    expect(worded.locator(".chip b")).to_have_text(["only"])
    expect(worded.get_by_role("button", name="Only Gender: Women")).to_have_count(0)
    violations = axe_playwright.Axe().run(worded, options=RULES).response["violations"]
    assert [violation["id"] for violation in violations] == []


def test_an_empty_field_says_what_it_wants(worded: Page) -> None:
    field = worded.get_by_label("Say what you look for")
    worded.locator(".say button").click()
    said = "element => element.validationMessage"
    assert field.evaluate(said) == "Write what you look for first."
    field.fill("red handbag")
    assert field.evaluate(said) == ""
    field.press("Enter")
    expect(worded.get_by_label("Change the words")).to_have_value("red handbag")


def test_words_change_a_product(worded: Page) -> None:
    worded.goto(f"{worded.url}?item=p3")
    field = worded.get_by_label("Change it in words")
    field.fill("in red")
    field.press("Enter")
    expect(worded.locator(".chip span")).to_have_text(["Colour: Red"])
    expect(worded.locator(".history li")).to_have_count(2)
    expect(worded.get_by_label("Change it in words")).to_have_value("in red")


def test_words_that_cannot_be_used_get_a_sentence(worded: Page) -> None:
    ask(worded, "xqzzt wvvkq")
    expect(worded.get_by_text("are not known here").first).to_be_visible()
    assert worded.locator("#results .found").count() == 0
