"""Fetching of pictures: parallel, polite, within limits, and nothing twice."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.errors import DatasetError
from recommender.reading import addresses
from recommender.reading.fetch import Fetched, Limits, PictureFetcher
from recommender.reading.products import Products
from tests.reading.test_shop_exports import FEED, write_atom, write_rss, write_text
from tests.support.catalogues import picture_bytes, read_all, write_csv
from tests.support.picture_server import PictureServer, picture_server

QUICK = Limits(
    attempts=3, backoff_seconds=0.01, silent_seconds=0.3, whole_seconds=1.0, bytes=1_000_000
)


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with picture_server() as running:
        yield running


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[PictureFetcher]:
    running = PictureFetcher(tmp_path / "kept", QUICK)
    yield running
    running.close()


def fetch(fetcher: PictureFetcher, *wanted: str, most: int | None = None) -> Fetched:
    return fetcher.submit(wanted, most).result(timeout=30)


def test_a_picture_is_fetched_and_kept(server: PictureServer, fetcher: PictureFetcher) -> None:
    (path,) = fetch(fetcher, server.at("ok/1")).paths
    assert Path(path).read_bytes() == picture_bytes(2)
    assert fetch(fetcher, server.at("ok/1")).paths == (path,)
    assert server.asked["ok/1"] == 1


def test_what_is_not_there_is_asked_for_once(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    found = fetch(fetcher, server.at("dead/1?key=secret"))
    where = server.address
    assert found.reasons == (
        f"{where}/dead/1 cannot be fetched: its server answers 404 Not Found.",
    )
    assert sum(server.asked.values()) == 1


def test_a_server_in_trouble_is_asked_again(server: PictureServer, fetcher: PictureFetcher) -> None:
    assert fetch(fetcher, server.at("flaky/2")).paths
    assert server.asked["flaky/2"] == 3
    assert "answers 503" in fetch(fetcher, server.at("flaky/99")).reasons[0]
    assert server.asked["flaky/99"] == QUICK.attempts


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("slow/1", "does not answer in time"),
        ("loop/0", "redirects more than 5 times"),
        ("to/file:///etc/passwd", "leads to file: and not to http or https"),
        ("to/ftp://127.0.0.1/x", "leads to ftp: and not to http or https"),
        ("declared/1", "larger than 1 MB, our limit"),
        ("endless/1", "larger than 1 MB, our limit"),
        ("bomb/1", "larger than 1 MB, our limit"),
        ("page/1", "is a web page or a text and no picture"),
        ("empty/1", "it is empty"),
    ],
)
def test_what_cannot_be_had_is_said_why(
    server: PictureServer, fetcher: PictureFetcher, path: str, reason: str
) -> None:
    started = time.perf_counter()
    found = fetch(fetcher, server.at(path))
    assert found.paths == ()
    assert reason in found.reasons[0]
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://", "names no host"),
        ("http://nowhere.invalid/1.jpg", "host is unknown"),
        ("http://127.0.0.1:1/1.jpg", "cannot be reached"),
        ("http://[::1", "not a valid address"),
        ("http://x.example/" + "a" * 3000, "longer than 2,000 characters"),
    ],
)
def test_addresses_that_lead_nowhere_are_said_why(
    fetcher: PictureFetcher, address: str, reason: str
) -> None:
    assert reason in fetch(fetcher, address).reasons[0]


def test_redirects_are_followed(server: PictureServer, fetcher: PictureFetcher) -> None:
    (path,) = fetch(fetcher, server.at("redirect/7")).paths
    assert Path(path).read_bytes() == picture_bytes(8)


def test_the_internet_may_not_redirect_into_this_network(
    server: PictureServer, fetcher: PictureFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = server.at("ok/1", host="127.0.0.2")
    outside = server.at(f"to/{inside}")
    assert fetch(fetcher, outside).paths  # both in this network: the user's own
    monkeypatch.setattr(addresses, "is_public", lambda machine: machine == "127.0.0.1")
    server.asked.clear()
    found = fetch(fetcher, f"{outside}?again")
    assert "redirects from the internet into this network" in found.reasons[0]
    assert server.asked["ok/1?again"] == server.asked["ok/1"] == 0
    # Given by the user, it may be asked.
    assert fetch(fetcher, server.at("ok/2", host="127.0.0.2")).paths


@pytest.mark.parametrize(
    ("machine", "public"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:192.168.0.1", False),
        ("2606:4700::1111", True),
    ],
)
def test_machines_of_this_network_are_known(machine: str, public: bool) -> None:
    assert addresses.is_public(machine) is public


def test_a_host_is_asked_by_few_at_a_time(server: PictureServer, fetcher: PictureFetcher) -> None:
    waiting = [fetcher.submit([server.at(f"pause/{i}")]) for i in range(24)]
    assert all(w.result(timeout=30).paths for w in waiting)
    assert 2 <= server.most_at_once <= QUICK.per_host


def test_one_address_of_several_products_is_fetched_once(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    waiting = [fetcher.submit([server.at("pause/1")]) for _ in range(8)]
    assert len({w.result(timeout=30).paths for w in waiting}) == 1
    assert server.asked["pause/1"] == 1


def test_later_builds_ask_only_whether_a_picture_has_changed(
    server: PictureServer, tmp_path: Path
) -> None:
    def fetched(limits: Limits = QUICK) -> bytes:
        fetcher = PictureFetcher(tmp_path / "kept", limits)
        try:
            (path,) = fetch(fetcher, server.at("ok/1")).paths
            return Path(path).read_bytes()
        finally:
            fetcher.close()

    first = fetched()
    assert fetched() == first
    assert server.statuses == [200]  # the same day: not asked at all
    later = replace(QUICK, fresh_seconds=-1)
    assert fetched(later) == first
    assert server.statuses == [200, 304]
    server.version = 2
    assert fetched(later) == picture_bytes(3)
    assert server.statuses == [200, 304, 200]


def test_a_picture_that_was_kept_is_used_while_its_server_is_in_trouble(
    server: PictureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetcher = PictureFetcher(tmp_path / "kept", QUICK)
    address = server.at("flaky/0")
    (path,) = fetch(fetcher, address).paths
    fetcher.close()
    fetcher = PictureFetcher(tmp_path / "kept", replace(QUICK, fresh_seconds=-1))
    monkeypatch.setattr("recommender.reading.picture_answers.PASSING", frozenset({200}))
    assert fetch(fetcher, address).paths == (path,)
    fetcher.close()


def test_a_damaged_kept_picture_is_fetched_again(
    server: PictureServer, fetcher: PictureFetcher
) -> None:
    (path,) = fetch(fetcher, server.at("ok/1")).paths
    Path(path).write_bytes(b"cut")
    (path,) = fetch(fetcher, server.at("ok/1")).paths
    assert Path(path).read_bytes() == picture_bytes(2)


def test_when_most_of_the_first_addresses_fail_the_build_stops_and_says_so(
    server: PictureServer, tmp_path: Path
) -> None:
    rows = [[i, server.at(f"{'ok' if i % 3 == 0 else 'dead'}/{i}.png")] for i in range(300)]
    path = write_csv(tmp_path / "shop.csv", ["id", "image"], rows)
    source = Products(str(path), fetch_into=tmp_path / "kept", limits=replace(QUICK, judged=30))
    with pytest.raises(DatasetError) as caught:
        list(source.read(0, 300))
    source.close()
    # Two of three are dead; which answers come first among the first 30 is the server's choice.
    told = re.search(
        r"first (\d+) addresses of pictures, (\d+) cannot be fetched "
        r"\(\2 times: its server answers 404 Not Found\)",
        str(caught.value),
    )
    assert told is not None, caught.value
    judged, failed = map(int, told.groups())
    assert 15 < failed <= judged
    assert sum(server.asked.values()) < 200


@pytest.mark.parametrize("write", [write_text, write_rss, write_atom])
def test_a_feed_is_read_with_slow_dead_moved_and_oversized_pictures(  # type: ignore[no-untyped-def]
    server: PictureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write
) -> None:
    pictures = [server.at(p) for p in ("dead/1.jpg", "redirect/2", "declared/3")]
    monkeypatch.setitem(FEED, "image_link", pictures)
    more = ",".join(server.at(p) for p in ("slow/1", "ok/4.jpg", "ok/5.jpg"))
    monkeypatch.setitem(FEED, "additional_image_link", [more, "", ""])
    feed = str(write(tmp_path / "feed"))
    everything = read_all(Products(feed, fetch_into=tmp_path / "kept", limits=QUICK))
    assert [len(p.pictures) for p in everything] == [2, 1, 0]
    assert len(everything[0].unread) == 2
    assert "larger than 1 MB" in everything[2].unread[0]
    # A build that takes one picture of a product takes the first that can be had.
    asked = server.asked["ok/5.jpg"]
    first = read_all(Products(feed, fetch_into=tmp_path / "k", pictures_each=1, limits=QUICK))
    assert [len(p.pictures) for p in first] == [1, 1, 0]
    assert first[0].pictures[0] != everything[0].pictures[0]
    assert Path(str(first[0].picture)).read_bytes() == picture_bytes(5)
    assert server.asked["ok/5.jpg"] == asked


def test_nothing_is_fetched_by_looking(server: PictureServer, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "shop.csv", ["id", "image"], [["1", server.at("ok/1.jpg")]])
    ((_, found),) = Products(str(path), fetch_into=tmp_path / "kept").first(1)
    assert found == [server.at("ok/1.jpg")]
    assert not server.asked
    assert not (tmp_path / "kept").exists()
