"""Chromium for the tests of the page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import (
    Browser,
    Error,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

# The Web Content Accessibility Guidelines, levels A and AA.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

# Generous, because the machines of a CI are slow: what is too slow is measured elsewhere.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@contextmanager
def chromium(webcam: Path | None = None) -> Iterator[Browser]:
    """A browser; its webcam shows a Motion JPEG file, or else a test picture of Chromium's."""
    film = [f"--use-file-for-fake-video-capture={webcam}"] if webcam else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS, *film])
        yield browser
        browser.close()


# Tabs that no visitor is at, by browser and language.
_free_tabs: WeakKeyDictionary[Browser, dict[str, list[Page]]] = WeakKeyDictionary()


def opened(
    browser: Browser,
    address: str,
    size: ViewportSize = DESKTOP,
    *,
    color_scheme: Literal["light", "dark"] = "light",
    locale: str = "en-US",
) -> Page:
    """A new visitor on the page, once it can be used; `leave` ends the visit.

    The next visitor comes in the tab that the last one left, because it has compiled the page's
    scripts already: in a new tab that takes a core 2.6 s, and in a used one 0.7 s.
    """
    free = _free_tabs.setdefault(browser, {}).setdefault(locale, [])
    page = free.pop() if free else _new_tab(browser, locale)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=color_scheme, reduced_motion="reduce")
    page.goto(address)
    # A link that holds a search shows what was asked in place of the intake.
    page.locator("#intake:visible, #asked:visible").first.wait_for()
    page.locator("#results .card").first.wait_for()
    return page


def _new_tab(browser: Browser, locale: str) -> Page:
    context = browser.new_context(locale=locale, permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def leave(page: Page) -> None:
    """End a visit, of which nothing is left to the next visitor."""
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.mouse.move(0, 0)
    page.goto("about:blank")
    browser, locale = page.context.browser, page.evaluate("navigator.language")
    assert browser is not None
    _free_tabs[browser][locale].append(page)


@contextmanager
def visit(browser: Browser, address: str, *, locale: str = "en-US") -> Iterator[Page]:
    """A visit, during which the page's scripts must raise no error."""
    page = opened(browser, address, locale=locale)
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    yield page
    page.remove_listener("pageerror", note)
    leave(page)
    assert errors == []


def show(page: Page, picture: Path) -> None:
    """Upload a picture, and wait for what is found."""
    page.locator("#intake input[type=file]").set_input_files(picture)
    found(page).wait_for()


def found(page: Page) -> Locator:
    """The results, once there are any."""
    return page.locator("#results .found")


def names(page: Page) -> list[str]:
    """Names of the products found, in their order."""
    return page.locator("#results .found .card-name").all_text_contents()


def tab(page: Page, name: str) -> None:
    """Open one of the tabs."""
    page.get_by_role("tab", name=name, exact=True).click()
