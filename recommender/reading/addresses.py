"""Web addresses of strangers: which machine a name means, and whether it is on the internet."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.request import getproxies, proxy_bypass

import httpx2

MAX_ADDRESS = 2_000
# Of a host's addresses, those that are tried: one of each kind, and a spare.
MAX_TRIED = 3


class AddressError(Exception):
    """An address that is not fetched; the message says why, without the address."""


@dataclass(frozen=True)
class Target:
    """Where an address leads."""

    url: httpx2.URL
    machines: tuple[str, ...]
    """IP addresses to try, in order; empty where proxies are set, and the name is asked."""
    public: bool
    """Whether all of them are on the internet."""

    def pinned(self, machine: str) -> httpx2.URL:
        """The address at one machine, so that the machine that was checked is the one asked."""
        return self.url.copy_with(host=machine, username=None, password=None)


def parse(address: str, base: httpx2.URL | None = None) -> httpx2.URL:
    """An http or https address.

    Args:
        address: may be relative to the base.
        base: where it was found.

    Raises:
        AddressError: it is of another kind, or none.
    """
    try:
        if len(address) > MAX_ADDRESS:
            raise AddressError(f"it is longer than {MAX_ADDRESS:,} characters")
        url = httpx2.URL(address) if base is None else base.join(address)
    except (httpx2.InvalidURL, ValueError) as error:
        raise AddressError("it is not a valid address") from error
    if url.scheme in ("http", "https") and not url.host:
        raise AddressError("it names no host")
    if url.scheme not in ("http", "https"):
        raise AddressError(f"it leads to {url.scheme}: and not to http or https")
    return url


async def resolve(url: httpx2.URL, *, must_be_public: bool) -> Target:
    """Find the machines of an address.

    Args:
        url: of http or https.
        must_be_public: refuse machines of this network; asked for after a redirect from the
            internet, because a stranger could otherwise have this machine ask its neighbours.

    Raises:
        AddressError: a machine of this network, where that is refused; or the name is unknown.
        OSError: the name cannot be looked up now.
    """
    proxied = url.scheme in getproxies()
    if proxied and not _is_literal(url.host) and not proxy_bypass(url.host):
        if must_be_public and _is_local_name(url.host):
            raise AddressError("it redirects from the internet into this network")
        return Target(url, (), True)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, url.port or 0, type=socket.SOCK_STREAM
        )
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise
        raise AddressError("its host is unknown") from error
    except UnicodeError as error:
        raise AddressError("it is not a valid address") from error
    machines = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    public = all(map(is_public, machines))
    if must_be_public and not public:
        raise AddressError("it redirects from the internet into this network")
    # The client decides by the name whether a proxy is asked, so that the name has to stay.
    return Target(url, () if proxied else tuple(_one_of_each_kind(machines)[:MAX_TRIED]), public)


def is_public(machine: str) -> bool:
    """Whether an IP address is on the internet."""
    address = ipaddress.ip_address(machine.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None)
    return (inner or address).is_global


def shown(address: str) -> str:
    """An address for people: without passwords and keys, which stand before @ and after ?."""
    scheme, separator, rest = address.partition("://")
    place = rest.partition("?")[0].partition("#")[0]
    host, slash, path = place.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"[:300]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_local_name(host: str) -> bool:
    return "." not in host or host.lower().endswith((".localhost", ".local", ".internal"))


def _one_of_each_kind(machines: Sequence[str]) -> list[str]:
    """Machines with the first of IPv4 and of IPv6 in front: one kind may not be reachable."""
    kinds = {":" in machine: machine for machine in reversed(machines)}
    first = [machine for machine in machines if machine in kinds.values()]
    return first + [machine for machine in machines if machine not in first]
