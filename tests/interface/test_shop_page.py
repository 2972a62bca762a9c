"""The page of a shop in a real browser: prices, ranges, stock, and the way into the shop."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import Served
from tests.support.browser import RULES, found, leave, names, needs_chromium, opened, visit
from tests.support.small_shop import LINK

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
def page(browser: Browser, served_shop: Served) -> Iterator[Page]:
    address = f"{served_shop.address}/?item=s20&k=30"
    with visit(browser, address, locale="de-DE") as page:
        found(page).wait_for()
        yield page


def card(page: Page, item_id: str) -> Locator:
    """A product's card among the results."""
    return found(page).locator(f'.card[data-id="{item_id}"]')


def test_cards_have_brand_and_price_as_the_visitors_language_writes_them(page: Page) -> None:
    found(page).get_by_role("button", name="Show more").click()
    expect(found(page).locator(".card")).to_have_count(45)
    expect(card(page, "s0").locator(".price")).to_have_text("5.000,00\N{NO-BREAK SPACE}€")
    expect(card(page, "s0").locator(".card-brand")).to_have_text("Acme")
    expect(card(page, "s5").locator(".sale")).to_have_text("10,00\N{NO-BREAK SPACE}€")
    expect(card(page, "s5").locator("s")).to_have_text("instead of 20,00\N{NO-BREAK SPACE}€")
    expect(card(page, "s2")).to_contain_text("Out of stock")
    expect(card(page, "s6").locator(".price")).to_have_count(0)


def test_a_product_leads_into_the_shop(page: Page) -> None:
    card(page, "s16").click()
    dialog = page.get_by_role("dialog")
    link = dialog.get_by_role("link", name="Open in the shop")
    expect(link).to_have_attribute("href", LINK.format(16))
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")
    expect(dialog.locator(".price")).to_have_text("42,00\N{NO-BREAK SPACE}€")
    expect(dialog.get_by_text("In stock")).to_be_visible()


def test_a_link_that_is_no_web_address_leads_nowhere(page: Page, served_shop: Served) -> None:
    page.goto(f"{served_shop.address}/?item=s8&k=100")
    card(page, "s4").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_contain_text("Trousers 4")
    assert dialog.get_by_role("link").count() == 0


def test_the_price_is_chosen_with_the_keyboard_and_the_link_keeps_it(
    page: Page, browser: Browser
) -> None:
    page.get_by_role("button", name="Filters").click()
    most = page.get_by_label("Price up to")
    top = float(str(most.get_attribute("max")))
    assert top < 200  # in spite of the product for 5,000
    most.focus()
    for _ in range(5):
        most.press("PageDown")
    chosen = most.input_value()
    assert float(chosen) < top
    page.wait_for_url(f"**range.price=..{chosen}*")
    expect(page.locator("#range-price output")).to_contain_text("up to")
    page.get_by_label("In stock only").check()
    page.wait_for_url("**filter.availability=in_stock*")
    shown = names(page)
    assert 0 < len(shown) < 20
    again = opened(browser, page.url)
    found(again).wait_for()
    assert names(again) == shown
    again.get_by_role("button", name="Filters").click()
    expect(again.get_by_label("In stock only")).to_be_checked()
    assert again.get_by_label("Price up to").input_value() == most.input_value()
    leave(again)
    # Back to the open ends: every price passes again, the unknown ones, too.
    page.get_by_label("In stock only").uncheck()
    most.focus()
    most.press("End")
    expect(page.locator("#range-price output")).to_have_text("any")
    expect(found(page).locator(".card")).to_have_count(30)


@pytest.fixture(scope="module")
def few_listed(shop_index: object) -> Iterator[Served]:
    """The shop, where of each filter three values are listed."""
    from recommender.index.folder import open_index
    from recommender.interface.server import launch
    from recommender.startup import Source

    patch = pytest.MonkeyPatch()
    patch.setattr("recommender.interface.choices.MAX_FILTER_VALUES", 3)
    patch.setattr("recommender.interface.choices.LISTED", 3)
    source = Source(open_index(shop_index), ())  # type: ignore[arg-type]
    page, address = launch(source, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
    yield Served(address.rstrip("/"), source, page)
    page.close()
    patch.undo()


def test_a_value_that_is_not_listed_is_found_by_typing(
    browser: Browser, few_listed: Served
) -> None:
    page = opened(browser, f"{few_listed.address}/?item=s20")
    found(page).wait_for()
    page.get_by_role("button", name="Filters").click()
    brand = page.locator("#filters").get_by_label("Brand")
    brand.click()
    expect(page.get_by_role("option")).to_have_count(3)
    expect(page.get_by_role("option").filter(has_text="Harbour")).to_have_count(0)
    brand.press_sequentially("harb", delay=60)
    page.get_by_role("option", name="Harbour (6)").click()
    page.wait_for_url("**filter.brand=Harbour*")
    expect(found(page).locator(".card-brand")).to_have_text(["Harbour"] * 6)
    brand.press_sequentially("côte", delay=60)
    page.get_by_role("option", name="Côte <Sud> (6)").click()
    page.wait_for_url("**filter.brand=Harbour&filter.brand=C*")
    expect(found(page).locator(".card")).to_have_count(12)
    leave(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_offers_and_ranges(
    browser: Browser, served_shop: Served, scheme: str
) -> None:
    axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(browser, f"{served_shop.address}/?item=s20", color_scheme=scheme)
    found(page).wait_for()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Price from")).to_be_visible()
    axe = axe_playwright.Axe()
    barriers = axe.run(page, options=RULES).response["violations"]
    card(page, "s44").click()
    expect(page.get_by_role("dialog").get_by_text("Why similar?")).to_be_visible()
    barriers += axe.run(page, options=RULES).response["violations"]
    leave(page)
    assert [(b["id"], node["html"][:160]) for b in barriers for node in b["nodes"]] == []
