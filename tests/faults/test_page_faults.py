"""The page where something is lost, missing or dropped: it says so, and goes on."""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.conftest import Served
from tests.interface.test_page import choose
from tests.support.browser import (
    PATIENCE_MS,
    found,
    leave,
    names,
    needs_chromium,
    opened,
    show,
    tab,
)
from tests.support.drawn_products import draw_product

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    paths = []
    for number, (kind, colour) in enumerate((("Tshirts", "Blue"), ("Handbags", "Red"))):
        paths.append(folder / f"{kind}.jpg")
        draw_product(kind, colour, 930 + number).resize((540, 720)).save(paths[-1])
    return paths


@dataclass
class Program:
    """`app.py` in a process of its own, which can be killed and started again."""

    index: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {**os.environ, "INDEX_DIR": str(self.index), "PORT": str(self.port)}
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError("the program does not answer")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture
def program(small_index: Path) -> Iterator[Program]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        program = Program(small_index, free.getsockname()[1])
    program.start()
    yield program
    program.kill()


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on, the server has forgotten every visitor, as after an hour."""
    return lambda: monkeypatch.setattr("recommender.interface.visitors.KEPT_SECONDS", 0)


def go_on_from_an_example(page: Page) -> None:
    onward = page.get_by_role("dialog").get_by_role("button", name="More like this")
    for _ in range(3):  # on a busy machine the page may not listen yet, and a person clicks again
        if onward.count():
            break
        page.locator("#results .start .card").first.click()
        with suppress(TimeoutError):
            onward.wait_for(timeout=10_000)
    onward.click()
    found(page).wait_for()


def turn_the_page(page: Page) -> None:
    second = page.get_by_text("page 2 of 2")
    for _ in range(3):  # Gradio reloads a page once that lost its connection, at a time of its own
        with suppress(TimeoutError):
            tab(page, "Browse")
            page.get_by_role("button", name="Next page").click(timeout=10_000)
            second.wait_for(timeout=10_000)
            return
    expect(second).to_be_visible()


def filter_by_women(page: Page) -> None:
    first = found(page).locator(".card-name").first
    for _ in range(3):  # as above: a reload closes the filters again, or forgets the choice
        with suppress(TimeoutError, AssertionError):
            choose_in_filters(page, "Gender", "Women")
            expect(first).to_contain_text("Women", timeout=10_000)
            return
    expect(first).to_contain_text("Women", timeout=PATIENCE_MS)


def toasts(page: Page) -> list[str]:
    return page.get_by_test_id("toast-text").all_text_contents()


def test_a_page_outlives_a_restart(browser: Browser, program: Program) -> None:
    page = opened(browser, program.address)
    go_on_from_an_example(page)
    found(page).locator(".card").nth(2).click()
    page.get_by_role("dialog").get_by_role("button", name="Add to mix").click()
    page.locator("#mix li").wait_for()
    program.kill()
    program.start()
    filter_by_women(page)
    turn_the_page(page)
    assert toasts(page) == []
    leave(page)


def test_a_search_with_products_goes_on_where_the_server_forgot_it(
    page: Page, forgotten: Callable[[], None]
) -> None:
    go_on_from_an_example(page)
    found(page).locator(".card").nth(2).click()
    page.get_by_role("dialog").get_by_role("button", name="Add to mix").click()
    page.locator("#mix li").wait_for()
    before = names(page)
    forgotten()
    choose_in_filters(page, "Gender", "Women")
    others = found(page).locator(".card-name").filter(has_not_text="Women")
    expect(others).to_have_count(0)
    assert names(page) != before
    found(page).locator(".card").nth(1).click()
    expect(page.get_by_role("dialog").locator(".why")).to_contain_text("%")
    expect(page.get_by_role("dialog").locator(".figures img")).to_have_count(2)
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    expect(found(page).locator(".history li")).to_have_count(2)
    page.get_by_role("button", name="Search with the mix").click()
    expect(found(page).locator("[aria-current=page]")).to_have_text("Your mix")
    found(page).locator(".history button").first.click()
    expect(found(page).locator(".history li")).to_have_count(1)
    assert toasts(page) == []


def test_a_picture_that_the_server_forgot_is_asked_for(
    page: Page, photos: list[Path], monkeypatch: pytest.MonkeyPatch, forgotten: Callable[[], None]
) -> None:
    show(page, photos[0])
    forgotten()
    page.locator("#colour input[type=range]").focus()
    page.keyboard.press("End")
    expect(page.locator("#results .notice")).to_contain_text("Show your pictures again")
    expect(page.locator("#intake")).to_be_visible()
    monkeypatch.undo()
    show(page, photos[0])
    expect(found(page).locator("[aria-current=page]")).to_have_text("Your picture")


def test_a_history_goes_on_without_the_picture_that_the_server_forgot(
    page: Page, photos: list[Path], forgotten: Callable[[], None]
) -> None:
    show(page, photos[0])
    found(page).locator(".card").nth(2).click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    expect(found(page).locator(".history li")).to_have_count(2)
    name = found(page).locator("[aria-current=page]").text_content()
    forgotten()
    choose_in_filters(page, "Season", "Summer")
    expect(found(page).locator(".history li")).to_have_count(1)
    expect(found(page).locator("[aria-current=page]")).to_have_text(name or "")
    expect(page.get_by_test_id("toast-text")).to_contain_text("your own pictures")


def test_a_second_picture_dropped_on_the_first_is_searched_with(
    page: Page, photos: list[Path]
) -> None:
    show(page, photos[0])
    first, picture = names(page), page.locator("#asked img").get_attribute("src")
    for photo in (photos[1], photos[0]):
        drop_file(page, "#asked .stage", photo)
        expect(page.locator("#asked img")).not_to_have_attribute("src", picture or "")
        picture = page.locator("#asked img").get_attribute("src")
    expect(found(page).locator(".card-name").first).to_have_text(first[0])
    assert names(page) == first


def test_a_dropped_file_that_is_no_picture_is_refused_and_the_search_stays(
    page: Page, photos: list[Path], tmp_path: Path
) -> None:
    show(page, photos[0])
    before = names(page)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    drop_file(page, "#asked .stage", broken)
    expect(page.get_by_test_id("toast-text")).to_contain_text("picture")
    assert names(page) == before


def test_a_card_dropped_on_the_picture_is_searched_with(page: Page, photos: list[Path]) -> None:
    show(page, photos[0])
    name = names(page)[3]
    found(page).locator(".card").nth(3).drag_to(page.locator("#asked .stage"))
    expect(found(page).locator("[aria-current=page]")).to_have_text(name)
    expect(page.locator("#asked")).to_contain_text(name)


def test_an_example_dropped_where_the_picture_belongs_is_searched_with(page: Page) -> None:
    card = page.locator("#results .card").nth(1)
    name = card.locator(".card-name").text_content()
    card.drag_to(page.locator("#intake"))
    expect(found(page).locator("[aria-current=page]")).to_have_text(name or "")


@pytest.mark.parametrize("where", ["#header", "#results", "#mix, body"])
def test_a_file_dropped_elsewhere_does_not_leave_the_page(
    page: Page, photos: list[Path], where: str
) -> None:
    assert drop_file(page, where, photos[0]), "the browser would open the file"
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_without_a_camera_a_sentence_says_why(browser: Browser, served: Served) -> None:
    page = insecure(browser, served.address)
    expect(page.get_by_text("The camera works only at an address with https")).to_be_visible()
    expect(page.get_by_label("Capture from camera")).to_be_hidden()
    expect(page.locator("#intake").get_by_text("Drop a picture")).to_be_visible()
    page.context.close()


def test_with_a_camera_there_is_no_such_sentence(page: Page) -> None:
    expect(page.get_by_label("Capture from camera")).to_be_visible()
    expect(page.get_by_text("The camera works only")).to_be_hidden()


def test_without_a_clipboard_the_link_is_copied_all_the_same(
    browser: Browser, served: Served
) -> None:
    page = insecure(browser, served.address)
    go_on_from_an_example(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.context.close()


def test_where_nothing_may_be_copied_the_address_is_shown(browser: Browser, served: Served) -> None:
    page = insecure(browser, served.address, "document.execCommand = () => false;")
    go_on_from_an_example(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_label("Copy the address yourself")).to_have_value(page.url)
    page.context.close()


def insecure(browser: Browser, address: str, more: str = "") -> Page:
    """A visitor as over plain http: no camera, and no clipboard."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(
        """for (const name of ["mediaDevices", "clipboard"])
             Object.defineProperty(navigator, name, { value: undefined });"""
        + more
    )
    page = context.new_page()
    page.goto(address)
    page.locator("#results .card").first.wait_for()
    return page


def drop_file(page: Page, where: str, path: Path) -> bool:
    """Drop a file on an element; whether the page kept the browser from opening it."""
    return page.locator(where).first.evaluate(
        """(element, [name, base64]) => {
          const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
          const options = { dataTransfer, bubbles: true, cancelable: true };
          const event = (kind) => new DragEvent(kind, options);
          const over = !element.dispatchEvent(event("dragover"));
          return !element.dispatchEvent(event("drop")) && over;
        }""",
        [path.name, base64.b64encode(path.read_bytes()).decode()],
    )


def choose_in_filters(page: Page, attribute: str, value: str) -> None:
    page.get_by_role("button", name="Filters").click()
    choose(page, attribute, value)
