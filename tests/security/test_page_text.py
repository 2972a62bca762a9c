"""Text from a catalogue, a link or an error is text on the page: no tag, no request, no script."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from recommender.building.plan import BuildConfig
from recommender.index.folder import open_index
from recommender.index.offer import Offer
from recommender.reading.product import Columns, Product
from recommender.startup import Source
from tests.conftest import Served
from tests.support.browser import DESKTOP, found, needs_chromium, tab
from tests.support.drawn_products import COLOURS, KINDS, draw_product
from tests.support.tiny_graph import build_tiny

pytestmark = [pytest.mark.browser, needs_chromium]

PRODUCTS = 18


def hostile(where: str) -> str:
    """Text that would show itself as a request or as `window.pwned`, were it more than text."""
    return (
        f"{where}'\"><img src=/hostile/{where} onerror=window.pwned=1>"
        f"<script>window.pwned=1</script><svg onload=window.pwned=1>"
        f"![m](/hostile/md-{where})[l](javascript:window.pwned=1)"
        "${window.pwned=1}{{7*7}}`|<b>bold</b>&lt;i&gt;"
    )


ATTRIBUTES = (
    *("gender", "articleType", "baseColour", "season", "usage"),
    hostile("attribute"),
)


class HostileProducts:
    """Products whose every text is hostile; three kinds, three colours, two of each."""

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def count(self) -> int:
        return PRODUCTS

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for i in range(start, stop):
            kind, colour = i % 3, i // 3 % 3
            values = (
                f"g{i // 9}",
                f"kind{kind}",
                f"colour{colour}",
                f"s{i % 2}",
                f"u{i % 2}",
                f"v{i % 2}",
            )
            attributes = dict(zip(ATTRIBUTES, map(hostile, values), strict=True))
            picture = draw_product(KINDS[kind], list(COLOURS)[colour], i)
            offer = Offer(
                link=f"https://shop.example/{hostile('link')}" if i % 2 else "javascript:pwned=1",
                price=float(i + 1),
                sale_price=i / 2 + 0.25,
                currency=hostile("currency"),
                availability=hostile(f"availability{i % 2}"),
                brand=hostile("brand"),
            )
            yield Product(
                i, hostile(f"id{i}"), hostile(f"name{i}"), attributes, (picture,), offer=offer
            )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from recommender.interface.server import launch

    folder = tmp_path_factory.mktemp("hostile") / "index"
    config = BuildConfig(
        hostile("dataset"),
        revision=hostile("revision"),
        backbone="efficientnet-lite0",
        title=hostile("title"),
        licence=hostile("licence"),
    )
    build_tiny(HostileProducts(), folder, config)
    source = Source(open_index(folder), (hostile("notice"),))
    page, address = launch(source, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
    yield address.rstrip("/")
    page.close()


class Visitor:
    """A visitor, and everything the page asked for that no honest page would."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).path.startswith("/hostile/"):
            self.asked.append(request.url)

    def goes(self, address: str) -> Page:
        self.page.goto(address)
        self.page.locator("#results .card").first.wait_for()
        return self.page

    def leaves(self) -> None:
        self.page.remove_listener("request", self._note)
        self.page.goto("about:blank")

    def is_unharmed(self) -> None:
        """Nothing was asked for, nothing ran, and nothing of it stands in the page as a tag."""
        self.page.wait_for_timeout(100)
        assert self.asked == []
        assert self.page.evaluate("window.pwned") is None
        tags = "img[src*=hostile], a[href^='javascript:'], a[href^='/hostile'], svg[onload]"
        assert self.page.locator(tags).count() == 0
        assert self.page.locator("b").get_by_text("bold", exact=True).count() == 0


@pytest.fixture(scope="module")
def only_tab(browser: Browser) -> Iterator[Page]:
    """One for all visitors: the page's scripts take longer to load than all else here."""
    context = browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def visitor(only_tab: Page) -> Iterator[Visitor]:
    visitor = Visitor(only_tab)
    yield visitor
    visitor.leaves()


LINKS = [
    ("item", hostile("link")),
    ("item", "![x](/hostile/markdown) [y](javascript:window.pwned=1)"),
    ("mix", f"{hostile('mix')}:1:1"),
    ("k", hostile("k")),
    ("colour", hostile("colour")),
    ("gender", hostile("value")),
    (hostile("parameter"), hostile("value")),
]


@pytest.mark.parametrize(("name", "value"), LINKS, ids=range(len(LINKS)))
def test_a_hostile_link_is_answered_in_text(
    visitor: Visitor, served: Served, name: str, value: str
) -> None:
    page = visitor.goes(f"{served.address}/?{quote(name)}={quote(value)}")
    if name in ("item", "mix"):
        toast = page.get_by_test_id("toast-text")
        toast.wait_for()
        expect(toast).to_contain_text("is no longer in the catalogue")
        expect(toast).to_contain_text("<img" if "<img" in value else "![x]")
    elif name in ("k", "colour", "gender"):
        page.get_by_test_id("toast-text").wait_for()
    else:
        page.wait_for_timeout(700)
    visitor.is_unharmed()


def test_a_hostile_catalogue_is_text_on_the_first_view(visitor: Visitor, address: str) -> None:
    page = visitor.goes(address)
    expect(page.locator("#header")).to_contain_text("<img src=/hostile/title")
    expect(page.locator("#header")).to_contain_text("<img src=/hostile/notice")
    page.get_by_role("button", name="Filters").click()
    page.locator("#filters [id^='filter-'] input").first.click()
    expect(page.get_by_role("option").first).to_contain_text("<img")
    visitor.is_unharmed()


def test_a_hostile_catalogue_is_text_in_every_search(visitor: Visitor, address: str) -> None:
    page = visitor.goes(f"{address}/?item={quote(hostile('id4'))}")
    found(page).wait_for()
    expect(found(page).locator(".card-name").first).to_contain_text("<img src=/hostile/name")
    expect(found(page).locator(".history")).to_contain_text("<script>")
    expect(found(page).locator(".card-brand").first).to_contain_text("<svg onload")
    expect(found(page).locator(".price").first).to_contain_text("<img src=/hostile/currency")
    found(page).locator(".card").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("h2")).to_contain_text("<svg onload")
    expect(dialog.locator("dt").last).to_be_visible()
    assert dialog.locator("a:not([href^='https://shop.example/'])").count() == 0
    expect(dialog.locator(".figures figcaption").first).to_contain_text("![m]")
    dialog.get_by_role("button", name="Complete the look").click()
    expect(dialog.locator("section.look")).not_to_be_empty()
    visitor.is_unharmed()
    dialog.get_by_role("button", name="Add to mix").click()
    expect(page.locator("#mix .card-name")).to_contain_text("<img")
    page.get_by_role("button", name="Search with the mix").click()
    expect(found(page).locator("[aria-current=page]")).to_have_text("Your mix")
    visitor.is_unharmed()


def test_a_hostile_catalogue_is_text_on_every_tab(visitor: Visitor, address: str) -> None:
    page = visitor.goes(f"{address}/?item={quote(hostile('id5'))}")
    found(page).wait_for()
    shown = {
        "Map": page.locator("#map .island").first,
        "Browse": page.locator("#browse .card-name").first,
        "API": page.locator(".cm-content:visible").first,
        "About": page.locator(".about").first,
    }
    for name, part in shown.items():
        tab(page, name)
        expect(part).to_contain_text("<img src=/hostile/")
        visitor.is_unharmed()


def test_the_page_of_gradio_about_the_api_shows_it_as_text(visitor: Visitor, address: str) -> None:
    page = visitor.goes(address)
    page.get_by_role("button", name="Use via API").click()
    page.get_by_text("/recommend").first.wait_for()
    visitor.is_unharmed()


def test_a_request_is_seen_where_one_is_made(visitor: Visitor, address: str) -> None:
    page = visitor.goes(address)
    page.evaluate("document.body.append(Object.assign(new Image(), {src: '/hostile/seen'}))")
    page.wait_for_timeout(200)
    assert [url.rsplit("/", 1)[-1] for url in visitor.asked] == ["seen"]
