"""Allowed hosts and origins: under which names a server may be reached, and by whose pages.

A page of another site can point its own name at 127.0.0.1 (DNS rebinding) or send requests there
directly (CSRF). The first is told by the Host header, the second by the Origin header.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class AllowedHosts:
    """Which hosts a server answers as, and which origins it answers to."""

    listed: frozenset[str]
    """Names that the settings list: also origins of other pages that may use this server."""
    own: frozenset[str]
    any_address: bool
    """Whether any IP address will do: nobody can point an address elsewhere."""

    def is_host(self, header: str) -> bool:
        """Whether a Host header, `name` or `name:port`, names this server."""
        name = _split(f"//{header}")[0]
        if name is None:
            return False
        return name in self.listed | self.own or (self.any_address and _is_address(name))

    def is_origin(self, origin: str, host: str) -> bool:
        """Whether an Origin header is the page of this server, reached by that Host header."""
        name, port = _split(origin)
        if name is None:
            return False
        default = _DEFAULT_PORTS.get(origin.partition(":")[0])
        asked, asked_port = _split(f"//{host}")
        same_port = (port or default) == (asked_port or default)
        return name in self.listed or (name == asked and same_port)


def allowed_hosts(bound: str, listed: Iterable[str] = ()) -> AllowedHosts:
    """The hosts of a server.

    Args:
        bound: the address that it listens at. At every address of the machine (0.0.0.0), its own
            host name and all IP addresses are allowed too.
        listed: more names, without ports.
    """
    bound = bound.strip("[]").lower()
    own = {*LOCAL_NAMES, bound}
    if bound in _EVERYWHERE:
        machine = socket.gethostname().lower()
        own |= {machine, f"{machine}.local"}
    names = frozenset(name.strip("[]").lower() for name in listed)
    return AllowedHosts(names, frozenset(own), any_address=bound in _EVERYWHERE)


def _split(address: str) -> tuple[str | None, int | None]:
    """Host name and port; None for what is no address."""
    try:
        parts = urlsplit(address)
        if parts.path or parts.query or parts.username is not None:
            return None, None
        return parts.hostname, parts.port
    except ValueError:
        return None, None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
