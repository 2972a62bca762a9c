#!/usr/bin/env python
"""Screenshots and short film of the README, taken from a running page over the demo catalogue.

Needs a running app and Chromium:

    python app.py &
    python scripts/make_screenshots.py http://127.0.0.1:7860 --out docs
"""

import argparse
import io
import logging
import shutil
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import Page, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout, uninstalled

from demo import draw, products
from recommender import commandline
from recommender.errors import SettingsError

_log = logging.getLogger("scripts.make_screenshots")

SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
QUERY_SIDE = 900

# Width of the film in pixels, and how long each scene is shown in milliseconds.
FILM_WIDTH = 880
SCENE_MS = 1800
SETTLE_MS = 900


def main() -> None:
    arguments = parser().parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_path is None:
        raise SettingsError("Chromium is not installed. Install it, and run this again.")
    query = arguments.out / "query.jpg"
    query_picture().save(query, quality=90)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, size in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport=size, color_scheme=scheme)
                page = context.new_page()
                scenes = walk(page, arguments.address, query)
                if name == "desktop" and scheme == "light":
                    film(scenes, arguments.out / "search.webp")
                suffix = "" if scheme == "light" else "-dark"
                scenes[1].save(arguments.out / f"{name}{suffix}.png", optimize=True)
                context.close()
        browser.close()
    query.unlink()
    _log.info(f"Wrote the pictures to {arguments.out}")


def query_picture() -> Image.Image:
    """A product as a visitor might photograph it: on a coloured ground, off the middle."""
    found = [p for p in products() if p.articleType == "Dresses" and p.pattern != "plain"]
    drawn = draw(found[0]).convert("RGB")
    garment = ImageOps.contain(drawn, (QUERY_SIDE, QUERY_SIDE))
    picture = Image.new("RGB", (QUERY_SIDE, QUERY_SIDE), "white")
    picture.paste(garment, (QUERY_SIDE // 5, 0))
    return ImageChops.multiply(picture, Image.new("RGB", picture.size, "#e9e4da"))


def walk(page: Page, address: str, query: Path) -> list[Image.Image]:
    """A whole search, scene by scene."""
    scenes: list[Image.Image] = []

    def scene() -> None:
        page.wait_for_timeout(SETTLE_MS)
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
        scenes.append(picture.convert("RGB"))

    page.goto(address)
    page.locator("#results .card img").first.wait_for()
    scene()
    page.locator("#intake input[type=file]").set_input_files(query)
    page.locator("#results .found").wait_for()
    scene()
    page.locator("#results .found .card").nth(1).click()
    page.get_by_role("dialog").locator(".figures").wait_for()
    scene()
    page.get_by_role("dialog").get_by_role("button", name="Complete the look").click()
    page.get_by_role("dialog").locator("section.look").scroll_into_view_if_needed()
    scene()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    page.locator("#results .history button").wait_for()
    page.evaluate("scrollTo(0, 0)")
    scene()
    page.get_by_role("tab", name="Map", exact=True).click()
    page.locator("#map .here").wait_for()
    page.wait_for_function("document.querySelector('#map img').complete")
    scene()
    return scenes


def film(scenes: list[Image.Image], path: Path) -> None:
    """Write scenes as one animated picture."""
    height = round(scenes[0].height * FILM_WIDTH / scenes[0].width)
    frames = [s.resize((FILM_WIDTH, height), Image.Resampling.LANCZOS) for s in scenes]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=SCENE_MS, loop=0, quality=75
    )


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("address", help="where the app answers")
    p.add_argument("--out", type=Path, default=Path("docs"), help="folder (default: %(default)s)")
    return p


if __name__ == "__main__":
    commandline.run(main)
