"""The page for everybody: accessible, steady, and helpful when something is wrong."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Served
from tests.support.browser import (
    DESKTOP,
    PHONE,
    RULES,
    found,
    leave,
    needs_chromium,
    opened,
    show,
    tab,
)
from tests.support.drawn_products import draw_product

axe_playwright = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

pytestmark = [pytest.mark.browser, needs_chromium]

# What each tab shows once it is loaded.
TABS = {
    "Map": "#map .island",
    "Browse": "#browse .card-name",
    "API": ".cm-content:visible",
    "About": ".about",
}
STILL = """() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "trousers.jpg"
    draw_product("Trousers", "Green", 907).resize((540, 720)).save(path)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_barrier(
    browser: Browser, served: Served, photo: Path, scheme: str, size: dict[str, int]
) -> None:
    page = opened(browser, served.address, size, color_scheme=scheme)
    axe = axe_playwright.Axe()
    barriers: dict[str, list[str]] = {}

    def check(where: str) -> None:
        violations = axe.run(page, options=RULES).response["violations"]
        nodes = [f"{v['id']}: {node['html'][:160]}" for v in violations for node in v["nodes"]]
        if nodes:
            barriers[where] = nodes

    check("first view")
    show(page, photo)
    check("results")
    found(page).locator(".card").first.click()
    expect(page.get_by_role("dialog").get_by_text("Why similar?")).to_be_visible()
    check("a product")
    page.keyboard.press("Escape")
    for name, part in TABS.items():
        tab(page, name)
        page.locator(part).first.wait_for()
        page.wait_for_function(STILL)  # colours of what fades in are no colours yet
        check(name)
    leave(page)
    assert barriers == {}


def test_nothing_jumps_when_results_arrive(browser: Browser, served: Served, photo: Path) -> None:
    page = opened(browser, served.address)
    before = page.locator("#results .cards").bounding_box()
    show(page, photo)
    after = page.locator("#results .cards").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 40
    assert before["x"] == after["x"]
    leave(page)


def test_a_refused_file_is_explained_and_another_can_be_tried(
    browser: Browser, served: Served, photo: Path, tmp_path: Path
) -> None:
    page = opened(browser, served.address)
    bad = tmp_path / "broken.jpg"
    bad.write_bytes(photo.read_bytes()[:900])
    page.locator("#intake input[type=file]").set_input_files(bad)
    expect(page.get_by_role("alert").filter(has_text="damaged")).to_be_visible()
    show(page, photo)
    leave(page)


def test_pictures_after_the_first_are_taken_as_they_were_sent_too(
    browser: Browser, served: Served, photo: Path, tmp_path: Path
) -> None:
    page = opened(browser, served.address)
    files = page.locator("#intake input[type=file]")
    wrong = tmp_path / "words.jpg"
    wrong.write_text("These are words.")
    show(page, photo)
    page.get_by_role("button", name="Another picture").click()
    files.set_input_files(wrong)
    expect(page.get_by_role("alert").filter(has_text="not a picture")).to_be_visible()
    # Gradio's own reading would turn the clear background black, and the preview with it.
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (60, 80), (0, 0, 0, 0)).save(clear)
    files.set_input_files(clear)
    found(page).wait_for()
    assert preview(page).getpixel((5, 5)) == (255, 255, 255)
    leave(page)


def preview(page: Page) -> Image.Image:
    """The picture that is searched with, as the page shows it."""
    address = page.locator("#asked img").get_attribute("src")
    assert address is not None
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB")


def test_an_unknown_link_is_explained(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?item=nothing")
    said = "This link's product, 'nothing', is no longer in the catalogue, or never was."
    expect(page.get_by_text(said)).to_be_visible()
    leave(page)


def test_a_lost_connection_is_said(browser: Browser, served: Served, photo: Path) -> None:
    page = opened(browser, served.address)
    show(page, photo)
    page.context.set_offline(True)
    found(page).locator(".card").first.click()
    expect(page.get_by_text("connection", exact=False).first).to_be_visible()
    leave(page)


def test_a_full_queue_is_said(
    browser: Browser, served: Served, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(browser, served.address)
    monkeypatch.setattr(served.page._queue, "max_size", 0)
    page.locator("#intake input[type=file]").set_input_files(photo)
    expect(page.get_by_text("busy").first).to_be_visible()
    leave(page)


def test_the_notices_of_the_start_are_on_the_page(browser: Browser, served: Served) -> None:
    page = opened(browser, served.address)
    expect(page.get_by_text("A notice for the visitor.").first).to_be_visible()
    leave(page)


def test_nothing_is_fetched_from_elsewhere(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.address)
    page.locator("#results .card").first.wait_for()
    elsewhere = [url for url in asked if not url.startswith((served.address, "data:", "blob:"))]
    assert elsewhere == []
    context.close()
