"""A newer index takes the place of the one that answers, and nobody notices but by its products."""

import gc
import json
import logging
import shutil
import threading
import weakref
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recommender.building.update import update_index
from recommender.building.update_source import UpdateOptions
from recommender.errors import SettingsError, UnknownItemError
from recommender.hub import client as hub_client
from recommender.hub import push_index
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from recommender.interface.index_watch import IndexWatch
from recommender.interface.live_index import LiveIndex
from recommender.interface.server import launch
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.carrying import NO_LONGER
from recommender.interface.state.history import Session
from recommender.interface.visitors import Visitors
from recommender.settings import read_settings
from recommender.startup import Source, load_index
from tests.support.browser import leave, tab
from tests.support.browser import opened as opened_page
from tests.support.drawn_products import draw_product
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401
from tests.support.programs import running_app
from tests.support.small_catalogue import PRODUCTS
from tests.support.text_part import with_text_part

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VISITORS = 16
SWAPS = 3
# On a machine that does much else, too.
PATIENCE_SECONDS = 120


def without(index: Path, out: Path, *ids: str) -> Path:
    """The index without some products, with the same head."""
    update_index(index, out, lambda *_: None, UpdateOptions(remove=ids))
    return out


@pytest.fixture(scope="module")
def fewer(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small index without its product p3."""
    return without(small_index, tmp_path_factory.mktemp("fewer") / "index", "p3")


@pytest.fixture
def live(small_index: Path) -> LiveIndex:
    return LiveIndex(Source(open_index(small_index)))


@pytest.fixture
def actions(live: LiveIndex) -> SearchActions:
    return live.standing_for(lambda answering: answering.actions)


def opened(live: LiveIndex, folder: Path) -> Source:
    return Source(open_index(folder, earlier=live.current.source.index))


def test_requests_end_with_the_index_that_they_began_with(live: LiveIndex, fewer: Path) -> None:
    begun, swapped = threading.Event(), threading.Event()
    seen: list[int] = []

    def request() -> None:
        with live.lease():
            begun.set()
            swapped.wait(PATIENCE_SECONDS)
            catalogue = live.current.recommender.catalogue
            seen.extend([len(catalogue), len(catalogue.thumbnail_bytes(40))])
            live.current.recommender.similar("p3")

    thread = threading.Thread(target=request)
    thread.start()
    begun.wait(PATIENCE_SECONDS)
    replacing = threading.Thread(target=live.replace, args=(opened(live, fewer),))
    replacing.start()
    while live.current.source.index.manifest.items == PRODUCTS:
        pass
    assert replacing.is_alive(), "the old index is not closed while a request uses it"
    swapped.set()
    thread.join(PATIENCE_SECONDS)
    replacing.join(PATIENCE_SECONDS)
    assert seen[0] == PRODUCTS
    with pytest.raises(UnknownItemError, match="p3"):
        live.current.recommender.similar("p3")


def test_the_old_index_leaves_the_memory_and_the_encoder_stays(
    live: LiveIndex, fewer: Path
) -> None:
    old = weakref.ref(live.current.source.index.search)
    encoder = live.current.source.index.extractor
    live.replace(opened(live, fewer))
    gc.collect()
    assert old() is None
    assert live.current.source.index.extractor is encoder


def test_a_page_that_was_open_goes_on(live: LiveIndex, actions: SearchActions, fewer: Path) -> None:
    visitors = Visitors(actions)
    session = actions.with_picture(Session(), _picture())
    session = actions.with_item(session, "p3", onward=True)
    session = actions.with_item(session, "p7", onward=True)
    session = actions.add_to_mix(actions.add_to_mix(session, "p3"), "p7")
    carried = visitors.keep(session)
    live.replace(opened(live, fewer))
    after = visitors.take(carried)
    assert [entry.item_id for entry in after.history] == [None, None, "p7"]
    assert after.history[1].label.endswith(NO_LONGER)
    assert after.mix[0].label.endswith(NO_LONGER)
    assert after.mix[1].picture == live.current.thumbnails.url(6)
    assert (after.lost_entries, after.lost_mix_items) == (0, 0)
    position = live.current.recommender.catalogue.position("p7")
    assert position in after.history[2].exclude
    for entry in after.history:
        assert actions.picture(entry) is not None or entry.label.endswith(NO_LONGER)
    assert json.loads(visitors.keep(after))["index"] == live.current.source.index.manifest.version


def test_a_page_goes_on_with_another_head_by_its_pictures(
    live: LiveIndex, actions: SearchActions, classic_index: Path
) -> None:
    visitors = Visitors(actions)
    session = actions.with_item(actions.with_picture(Session(), _picture()), "p7", onward=True)
    carried = visitors.keep(session)
    live.replace(opened(live, classic_index))
    after = visitors.take(carried)
    dimensions = live.current.source.index.manifest.style_dimensions
    assert [len(entry.query.embedding.style) for entry in after.history] == [dimensions] * 2


def test_words_go_on_in_the_new_catalogue(small_index: Path, tmp_path: Path) -> None:
    worded = with_text_part(small_index, tmp_path / "worded")
    live = LiveIndex(Source(open_index(worded)))
    actions: SearchActions = live.standing_for(lambda answering: answering.actions)
    fewer = without(worded, tmp_path / "fewer", "p3")
    visitors = Visitors(actions)
    session = actions.with_item(actions.with_words(Session(), "red handbag"), "p7", onward=True)
    session = actions.refined(session, "in black")
    carried = visitors.keep(session)
    live.replace(opened(live, fewer))
    after = visitors.take(carried)
    assert [entry.text for entry in after.history] == [entry.text for entry in session.history]
    assert [entry.label for entry in after.history] == [entry.label for entry in session.history]
    assert live.current.recommender.catalogue.position("p7") in after.history[2].exclude


def test_an_unknown_index_asks_for_a_new_page(actions: SearchActions) -> None:
    with pytest.raises(SettingsError, match="Reload the page"):
        Visitors(actions).take(json.dumps({"index": "another", "history": [], "mix": []}))


def test_pictures_of_an_open_page_are_those_of_the_same_products(
    live: LiveIndex, fewer: Path
) -> None:
    _, address = launch(live, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
    address = address.rstrip("/")
    old = [live.current.thumbnails.url(position) for position in range(PRODUCTS)]
    drawn = live.current.drawn.url
    shown = {url: httpx.get(f"{address}/{url}").content for url in old[:6]}
    assert "48 products" in httpx.get(address).text
    live.replace(opened(live, fewer))
    for position in (0, 1, 2, 4, 5):
        answer = httpx.get(f"{address}/{old[position]}")
        assert answer.content == shown[old[position]]
        assert answer.headers["cache-control"] == "no-cache"
    assert httpx.get(f"{address}/{old[3]}").status_code == 404
    assert httpx.get(f"{address}/{drawn}").headers["cache-control"] == "no-cache"
    assert httpx.get(f"{address}/map/another.webp").status_code == 404
    health = httpx.get(f"{address}/health").json()
    assert health["fingerprint"] == Manifest.read(fewer).fingerprint
    page = httpx.get(address).text
    assert "47 products" in page
    assert "48 products" not in page


@pytest.fixture
def watched(small_index: Path, tmp_path: Path) -> tuple[Path, LiveIndex, IndexWatch]:
    """A copy of the small index, and what watches it."""
    folder = Path(shutil.copytree(small_index, tmp_path / "served"))
    settings = read_settings({"INDEX_DIR": str(folder), "INDEX_REFRESH_SECONDS": "1"})
    live = LiveIndex(Source(open_index(folder)))
    return folder, live, IndexWatch(live, settings)


def test_an_updated_folder_is_noticed(watched: tuple[Path, LiveIndex, IndexWatch]) -> None:
    folder, live, watch = watched
    assert not watch.look()
    without(folder, folder, "p3")
    assert watch.look()
    assert len(live.current.recommender.catalogue) == PRODUCTS - 1
    assert not watch.look()


def test_a_damaged_index_is_reported_and_the_old_one_goes_on(
    watched: tuple[Path, LiveIndex, IndexWatch], fewer: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, live, watch = watched
    caplog.set_level(logging.WARNING, "recommender")
    damaged = Path(shutil.copytree(fewer, folder.with_name("damaged")))
    (damaged / "vectors.npy").write_bytes(b"damaged")
    shutil.move(folder, folder.with_name("before"))
    assert not watch.look()
    shutil.move(damaged, folder)
    assert not watch.look()
    assert not watch.look()
    messages = [record.message for record in caplog.records if "goes on" in record.message]
    assert len(messages) == 2
    assert "vectors.npy" in messages[1]
    assert live.current.recommender.similar("p3").results
    shutil.rmtree(folder)
    shutil.copytree(fewer, folder)
    assert watch.look()


def test_a_newer_commit_of_the_hub_is_noticed(
    hub_server: HubServer,
    small_index: Path,
    fewer: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_client, "RETRY_PAUSES_SECONDS", (0.01,))
    caplog.set_level(logging.WARNING, "recommender")
    push_index(small_index, "me/index")
    settings = read_settings({"INDEX_REPO_ID": "me/index", "INDEX_REFRESH_SECONDS": "60"})
    live = LiveIndex(load_index(settings))
    watch = IndexWatch(live, settings)
    assert not watch.look()
    commit = push_index(fewer, "me/index").commit
    assert watch.look()
    assert live.current.source.commit == commit
    assert len(live.current.recommender.catalogue) == PRODUCTS - 1
    hub_server.stop()
    assert not watch.look()
    assert "the one that answers goes on" in caplog.text


@pytest.mark.browser
def test_an_open_page_shows_the_new_catalogue_where_it_is_looked_at(
    browser: "Browser", live: LiveIndex, fewer: Path
) -> None:
    _, address = launch(live, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
    page = opened_page(browser, address.rstrip("/"))
    page.locator("#results .card").nth(0).wait_for()
    tab(page, "Browse")
    page.get_by_text("page 1 of 2").wait_for()
    tab(page, "Map")
    drawn = page.locator("#map img").first.get_attribute("src")
    live.replace(opened(live, fewer))
    tab(page, "Browse")
    page.get_by_text("46 products").wait_for()
    tab(page, "Map")
    page.wait_for_function(
        "old => document.querySelector('#map img').getAttribute('src') !== old", arg=drawn
    )
    leave(page)


def test_the_seconds_are_checked() -> None:
    assert read_settings({}).index_refresh_seconds == 0
    for wrong in ("-1", "1.5", "soon", "86401"):
        with pytest.raises(SettingsError, match="INDEX_REFRESH_SECONDS"):
            read_settings({"INDEX_REFRESH_SECONDS": wrong})


def test_an_index_that_never_changes_is_not_watched(
    live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "recommender")
    commit = {"INDEX_REPO_ID": "a/b", "INDEX_REVISION": "0" * 40}
    for place in ({}, commit):
        settings = read_settings({**place, "INDEX_REFRESH_SECONDS": "5"})
        IndexWatch(live, settings).start()
    assert sum("has no effect" in record.message for record in caplog.records) == 2
    assert not any(t.name.startswith("index watch") for t in threading.enumerate())
    IndexWatch(live, replace(settings, index_refresh_seconds=0)).start()


def test_not_one_request_fails_while_indexes_are_swapped(small_index: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small_index, tmp_path / "served"))
    failures: list[Any] = []
    answered = [0] * VISITORS
    stop = threading.Event()

    def visitor(number: int, address: str) -> None:
        with httpx.Client(timeout=PATIENCE_SECONDS, base_url=address) as client:
            while not stop.is_set():
                try:
                    _ask(client, f"p{10 + number}")
                    answered[number] += 1
                except Exception as error:
                    failures.append(error)

    with running_app(tmp_path / "log", INDEX_DIR=str(folder), INDEX_REFRESH_SECONDS="1") as address:
        threads = [threading.Thread(target=visitor, args=(n, address)) for n in range(VISITORS)]
        for thread in threads:
            thread.start()
        for swap in range(SWAPS):
            without(folder, folder, f"p{swap}")
            _wait_for(address, Manifest.read(folder).fingerprint)
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert failures == []
    assert min(answered) > 0
    assert (tmp_path / "log").read_text().count("A newer index answers") == SWAPS


def _ask(client: httpx.Client, item_id: str) -> None:
    """One actions: the page, a search through the API, and the pictures of what was found."""
    client.get("/").raise_for_status()
    call = client.post("/gradio_api/call/v2/similar", json={"item_id": item_id, "k": 3})
    event = call.raise_for_status().json()["event_id"]
    text = client.get(f"/gradio_api/call/similar/{event}").raise_for_status().text
    assert "event: complete" in text, text
    data = json.loads(text.split("event: complete\ndata: ")[1].splitlines()[0])
    assert len(data[1]) == 3
    client.get("/health").raise_for_status()


def _wait_for(address: str, fingerprint: str) -> None:
    for _ in range(10 * PATIENCE_SECONDS):
        if (
            httpx.get(f"{address}/health", timeout=PATIENCE_SECONDS).json()["fingerprint"]
            == fingerprint
        ):
            return
        threading.Event().wait(0.1)
    pytest.fail("the new index never answered")


def _picture() -> bytes:
    import io

    file = io.BytesIO()
    draw_product("Tshirts", "Red", 901).save(file, "PNG")
    return file.getvalue()
