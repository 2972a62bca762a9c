"""Under which names the server answers, and to whose pages."""

import socket

import pytest

from recommender.errors import SettingsError
from recommender.interface.hosts import allowed_hosts
from recommender.settings import read_settings


@pytest.mark.parametrize(
    ("bound", "host", "allowed"),
    [
        ("127.0.0.1", "localhost:7860", True),
        ("127.0.0.1", "127.0.0.1:7860", True),
        ("127.0.0.1", "[::1]:7860", True),
        ("127.0.0.1", "LOCALHOST", True),
        ("127.0.0.1", "evil.example:7860", False),
        ("127.0.0.1", "192.168.1.5:7860", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "user@localhost", False),
        ("127.0.0.1", "localhost:port", False),
        ("127.0.0.1", "localhost/evil", False),
        ("127.0.0.1", "", False),
        ("0.0.0.0", "192.168.1.5:7860", True),
        ("0.0.0.0", "[fe80::1]", True),
        ("0.0.0.0", socket.gethostname(), True),
        ("0.0.0.0", "evil.example", False),
        ("shop.lan", "shop.lan:7860", True),
        ("127.0.0.1", "shop.example", True),  # listed
    ],
)
def test_the_server_answers_under_its_own_names(bound: str, host: str, allowed: bool) -> None:
    assert allowed_hosts(bound, ["shop.example"]).is_host(host) is allowed


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://localhost:7860", "localhost:7860", True),
        ("https://space.example", "space.example", True),
        ("https://space.example:443", "space.example", True),
        ("https://shop.example", "localhost:7860", True),  # listed
        ("http://localhost:3000", "localhost:7860", False),
        ("https://evil.example", "localhost:7860", False),
        ("http://localhost:7860.evil.example", "localhost:7860", False),
        ("null", "localhost:7860", False),
        ("file://", "localhost:7860", False),
        ("", "localhost:7860", False),
    ],
)
def test_pages_of_the_server_itself_may_use_it(origin: str, host: str, allowed: bool) -> None:
    assert allowed_hosts("127.0.0.1", ["shop.example"]).is_origin(origin, host) is allowed


def test_more_names_come_from_the_environment() -> None:
    environment = {"ALLOWED_HOSTS": "Shop.example, [fe80::1],", "SPACE_HOST": "o-s.hf.space"}
    assert read_settings(environment).allowed_hosts == ("shop.example", "[fe80::1]", "o-s.hf.space")


@pytest.mark.parametrize("names", ["http://shop.example", "shop.example:80", "a b", "*"])
def test_what_is_no_host_name_is_refused_in_a_sentence(names: str) -> None:
    with pytest.raises(SettingsError, match="ALLOWED_HOSTS is a list of host names"):
        read_settings({"ALLOWED_HOSTS": names})
