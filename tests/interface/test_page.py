"""The page in a real browser: a visitor's way through a search."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from recommender.answers.contact_sheet import CAPTION_HEIGHT, GAP, TILE_HEIGHT
from recommender.answers.recommender import Recommender
from recommender.answers.regions import Region
from tests.conftest import Served
from tests.support.browser import (
    DESKTOP,
    PHONE,
    found,
    leave,
    names,
    needs_chromium,
    opened,
    show,
    tab,
)
from tests.support.drawn_products import draw_product

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "shirt.jpg"
    draw_product("Tshirts", "Blue", 905).resize((540, 720)).save(path)
    return path


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_view_says_what_it_is_what_to_do_and_offers_an_example(
    browser: Browser, served: Served, size: dict[str, int], scheme: str
) -> None:
    page = opened(browser, served.address, size, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("Find clothes by picture")
    parts = [
        page.get_by_role("heading", level=1),
        page.get_by_text("Drop a picture of a garment here"),
        page.locator("#results .card img").first,
        page.get_by_text("48 products"),
    ]
    for part in parts:
        expect(part).to_be_in_viewport(ratio=1)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
    leave(page)


def test_an_uploaded_picture_is_searched_with_at_once(page: Page, photo: Path) -> None:
    show(page, photo)
    cards = found(page).locator(".card")
    assert cards.count() == 12
    first = cards.first
    expect(first.locator(".why")).to_contain_text("%")
    expect(first.locator(".why")).to_contain_text(re.compile("similar|identical"))
    expect(first.locator(".card-facts")).to_contain_text("·")
    expect(first.locator("img")).to_have_attribute("alt", f"Picture of {names(page)[0]}")
    assert first.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
    expect(page.locator("#asked img")).to_be_visible()


def test_names_are_text_and_never_tags(page: Page, photo: Path) -> None:
    show(page, photo)
    assert all("<" in name and ">" in name for name in names(page))


def test_a_webcam_picture_is_searched_with(page: Page) -> None:
    page.get_by_label("Capture from camera").or_(page.get_by_label("Webcam")).first.click()
    page.get_by_text("Click to Access Webcam").click()
    shutter = page.get_by_label("capture photo")
    shutter.wait_for()
    page.wait_for_function("document.querySelector('#intake video')?.videoWidth > 0")
    shutter.click()
    found(page).wait_for()
    expect(page.locator("#asked img")).to_be_visible()


def test_cutting_the_picture_searches_again(page: Page, photo: Path) -> None:
    show(page, photo)
    before = names(page)
    corner = page.locator("#asked .corner.se").bounding_box()
    assert corner is not None
    x, y = corner["x"] + 16, corner["y"] + 16
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 150, steps=4)
    page.mouse.up()
    expect(found(page).locator(".history")).to_contain_text("Your picture, cut")
    assert names(page) != before
    page.get_by_role("button", name="Whole picture").click()
    expect(found(page).locator(".history")).not_to_contain_text("cut")
    assert names(page) == before


def test_a_cut_can_be_made_with_the_keyboard(page: Page, photo: Path) -> None:
    show(page, photo)
    page.locator("#asked .corner.nw").focus()
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    expect(found(page).locator(".history")).to_contain_text("Your picture, cut")


def test_the_garments_of_an_outfit_are_marked_and_searched_with_by_tap_and_key(
    page: Page, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_regions = [Region((0, 0, 1, 0.5), "Top", 0.9), Region((0, 0.5, 1, 1), "Shoes", 0.8)]
    monkeypatch.setattr(Recommender, "regions", lambda self, picture: found_regions)
    show(page, photo)
    marks = page.get_by_role("button", name=re.compile("Search for: "))
    expect(marks).to_have_text(["Top", "Shoes"])
    expect(page.get_by_text("Tap a mark to search for one of these")).to_be_visible()
    marks.first.click()
    expect(page.locator("#results .history")).to_contain_text("Your picture, cut")
    frame = page.locator("#asked .frame")
    assert frame.evaluate("frame => frame.style.height") == "50%"
    marks.last.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#asked .frame').style.top === '50%'")


def test_a_picture_of_one_garment_is_not_marked(page: Page, photo: Path) -> None:
    show(page, photo)
    expect(page.locator("#marks .regions")).to_be_attached()
    expect(page.locator("#asked .mark")).to_have_count(0)


def test_a_result_opens_large_and_says_why(page: Page, photo: Path) -> None:
    show(page, photo)
    name = names(page)[1]
    found(page).locator(".card").nth(1).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_have_text(name)
    expect(dialog.locator("dl")).to_contain_text("Colour")
    expect(dialog.get_by_text("Why similar?")).to_be_visible()
    assert dialog.locator(".figures img").count() == 2
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_more_like_this_leaves_a_history_back(page: Page, photo: Path) -> None:
    show(page, photo)
    before, name = names(page), names(page)[2]
    found(page).locator(".card").nth(2).click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    expect(found(page).locator("[aria-current=page]")).to_have_text(name)
    assert name not in names(page)
    found(page).get_by_role("button", name="Your picture").click()
    expect(found(page).locator("[aria-current=page]")).to_have_text("Your picture")
    assert names(page) == before


def test_an_example_is_one_tap_and_a_key_away(page: Page) -> None:
    page.locator("#results .card").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="More like this").press("Enter")
    found(page).wait_for()


def test_filters_narrow_and_an_impossible_choice_is_explained(page: Page, photo: Path) -> None:
    show(page, photo)
    page.get_by_role("button", name="Filters").click()
    choose(page, "Gender", "Women")
    only_women = [re.compile("^Women")] * found(page).locator(".card").count()
    expect(found(page).locator(".card-name")).to_have_text(only_women)
    choose(page, "Type", "Handbags")
    choose(page, "Season", "Winter")
    choose(page, "Usage", "Formal")
    expect(found(page).get_by_role("status")).to_contain_text("No product passes")


def test_the_colour_slider_searches_again(page: Page, photo: Path) -> None:
    show(page, photo)
    before = names(page)
    slider = page.locator("#colour input[type=range]")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "before => [...document.querySelectorAll('#results .card-name')]"
        ".map(name => name.textContent).join('|') !== before",
        arg="|".join(before),
    )


def test_a_mix_is_made_of_two_products_and_weighed(page: Page, photo: Path) -> None:
    show(page, photo)
    for number in (0, 3):
        found(page).locator(".card").nth(number).click()
        page.get_by_role("dialog").get_by_role("button", name="Add to mix").click()
        expect(page.locator("#mix li")).to_have_count(1 if number == 0 else 2)
    page.get_by_role("button", name="Search with the mix").click()
    expect(found(page).locator("[aria-current=page]")).to_have_text("Your mix")
    before = names(page)
    page.locator("#mix input").first.fill("-1")
    page.locator("#mix input").first.dispatch_event("change")
    page.wait_for_function(
        "before => [...document.querySelectorAll('#results .card-name')]"
        ".map(name => name.textContent).join('|') !== before",
        arg="|".join(before),
    )
    page.get_by_role("button", name="Empty").click()
    expect(page.locator("#mix")).to_be_hidden()


def test_a_look_is_completed(page: Page) -> None:
    page.locator("#results .card").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Complete the look").click()
    expect(dialog.locator("section.look")).not_to_be_empty()


def test_the_browsers_way_back_goes_back_in_the_history(page: Page, photo: Path) -> None:
    show(page, photo)
    first = names(page)
    page.locator("#results .card").first.click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    history = found(page).locator(".history li")
    expect(history).to_have_count(2)
    page.go_back()
    expect(history).to_have_count(1)
    assert names(page) == first
    page.go_back()
    expect(page.get_by_text("Or start from one of these")).to_be_visible()
    expect(page.locator("#intake")).to_be_visible()


def test_more_results_are_appended_with_the_keyboard_and_without_a_jump(
    page: Page, photo: Path
) -> None:
    show(page, photo)
    first = names(page)
    button = found(page).get_by_role("button", name="Show more")
    button.focus()
    place = found(page).locator(".card").nth(11).evaluate("card => card.offsetTop")
    button.press("Enter")
    cards = found(page).locator(".card")
    expect(cards).to_have_count(24)
    assert names(page)[:12] == first
    assert len(set(names(page))) == 24
    assert cards.nth(11).evaluate("card => card.offsetTop") == place
    expect(found(page).locator("[data-said]")).to_have_text("12 more products: 24 are shown.")
    expect(button).to_be_focused()
    for shown in (36, 47):
        button.press("Enter")
        expect(cards).to_have_count(shown)
    expect(button).to_have_count(0)  # the copy of a product takes no place
    expect(cards.nth(36)).to_be_focused()
    cards.nth(40).click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filters").click()
    choose(page, "Gender", "Women")
    expect(cards).to_have_count(12)  # another search begins with its first results


def test_a_picture_of_the_catalogue_is_named_and_opens(page: Page, tmp_path: Path) -> None:
    draw_product("Trousers", "Green", 7).save(tmp_path / "own.png")
    show(page, tmp_path / "own.png")
    named = found(page).get_by_text("This is in the catalogue:").get_by_role("button")
    name = named.text_content()
    assert name not in names(page)
    named.click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(str(name))


def test_a_link_reopens_the_same_search(page: Page, browser: Browser, served: Served) -> None:
    page.locator("#results .card").first.click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    found(page).wait_for()
    page.get_by_role("button", name="Filters").click()
    choose(page, "Colour", "Green")
    page.wait_for_url("**baseColour=Green**")
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    again = opened(browser, link)
    found(again).wait_for()
    assert names(again) == names(page)
    leave(again)


def test_the_results_can_be_saved_as_a_picture(page: Page, photo: Path) -> None:
    show(page, photo)
    rows = []
    for shown in (12, 24):
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a picture").click()
        assert download.value.suggested_filename.endswith(".jpg")
        assert download.value.path().read_bytes()[:2] == b"\xff\xd8"
        with Image.open(download.value.path()) as sheet:
            rows.append(sheet.height // (TILE_HEIGHT + CAPTION_HEIGHT + GAP))
        if shown == 12:
            found(page).get_by_role("button", name="Show more").click()
            expect(found(page).locator(".card")).to_have_count(24)
    assert rows == [3, 5]  # of six tiles each, the query's first: all that the page shows


def test_a_tap_on_the_map_opens_a_product(page: Page, photo: Path) -> None:
    show(page, photo)
    tab(page, "Map")
    expect(page.get_by_text("Your search")).to_be_visible()
    page.locator("#map .map").click(position={"x": 200, "y": 150})
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_be_visible()
    dialog.get_by_role("button", name="More like this").click()
    expect(found(page)).to_be_visible()


def test_the_map_is_moved_and_tapped_with_the_keyboard(page: Page) -> None:
    tab(page, "Map")
    page.locator("#map .map").focus()
    for key in ("+", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_visible()


def test_browsing_turns_pages(page: Page) -> None:
    tab(page, "Browse")
    expect(page.get_by_text("page 1 of 2")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("page 2 of 2")).to_be_visible()
    page.locator("#browse .card").first.click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_visible()


def test_the_code_is_the_visitors_very_query(page: Page) -> None:
    page.locator("#results .card").nth(3).click()
    item = page.get_by_role("dialog").locator("code").text_content()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    found(page).wait_for()
    tab(page, "API")
    expect(page.get_by_text(f"item_id='{item}'")).to_be_visible()


def choose(page: Page, attribute: str, value: str) -> None:
    """Choose one value of a filter."""
    page.locator("#filters").get_by_label(attribute, exact=True).click()
    page.get_by_role("option", name=value).click()
    page.keyboard.press("Escape")
