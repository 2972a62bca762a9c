"""Chromium for the tests of the page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

# The Web Content Accessibility Guidelines, levels A and AA.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

# Generous, because the machines of a CI are slow: what is too slow is measured elsewhere.
PATIENCE_MS = 30_000

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


def opened(browser: Browser, address: str, size: dict[str, int] = DESKTOP, **options: str) -> Page:
    """A new visitor on the page, once it can be used."""
    context = browser.new_context(
        viewport=size, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"],
        **options,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    # A link that holds a search shows what was asked in place of the intake.
    page.locator("#intake:visible, #asked:visible").first.wait_for()
    page.locator("#results .card").first.wait_for()
    return page


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
