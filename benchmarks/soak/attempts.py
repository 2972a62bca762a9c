"""Hostile calls as they are planned: which endpoint, in which way, with which arguments."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.soak.calls import Answer, Caller
from benchmarks.soak.endpoints import Endpoint, Parameter
from benchmarks.soak.findings import shortened
from benchmarks.soak.hostile_values import Hostile, Surroundings


@dataclass(frozen=True)
class Call:
    endpoint: Endpoint
    way: str
    arguments: str
    value: Hostile
    parameter: Parameter | None = None
    event_data: str = "null"
    link: str = ""

    @property
    def key(self) -> str:
        """What is called with what; the same for values that must be refused alike."""
        where = self.parameter.name if self.parameter else ""
        return f"{self.endpoint.name} by {self.way}: {where} {self.value.alike or self.value.name}"

    @property
    def words(self) -> str:
        """What is called with what, for a person."""
        where = f"{self.parameter.name} = " if self.parameter else ""
        return shortened(f"{self.endpoint.name} by {self.way}: {where}{self.value.name}")

    def make(self, caller: Caller) -> Answer:
        name = self.endpoint.name
        if self.way == "name":
            return caller.by_name(name, self.arguments)
        if self.way == "at once":
            return caller.at_once(name, self.arguments)
        if self.way == "event":
            assert self.endpoint.number is not None
            return caller.event(self.endpoint.number, self.arguments, self.event_data, self.link)
        return caller.by_position(name, self.arguments)


def hostile_links(around: Surroundings) -> list[str]:
    """Ends of the page's address that nobody was given."""
    item, markup = quote(around.item_id), quote("<img src=x onerror=alert(1)>")
    numbers = ("²", "٣", "9" * 4_301, "-1", "0", "nan", "inf", "1e308", "", "0x1", ".", "1..2")
    return [
        *(f"item={item}&{name}={quote(number)}" for name in ("k", "colour") for number in numbers),
        *(f"mix={item}:{quote(share)}:1" for share in ("nan", "2.1", "-1.", "1.²", "")),
        "&".join([f"mix={item}:1:1"] * 100),
        "&".join([f"{quote(around.attribute)}=x"] * 1_000),
        f"item={markup}",
        f"{quote(around.attribute)}={markup}",
        "item=" + "x" * 5_000,
        f"item={quote('/etc/hostname')}",
        "item=%00",
        "item=%ff",
        f"item={item}&item={item}&k=1&k=2",
    ]


def defaults(event: Endpoint) -> str:
    return "[" + ", ".join(parameter.valid for parameter in event.parameters) + "]"


def wrong_counts(endpoint: Endpoint) -> Iterator[Call]:
    """Arguments missing, surplus and unknown, in every way."""
    too_many = json.dumps([None] * (len(endpoint.parameters) + 5))
    for way in ("position", "at once"):
        for name, arguments in (
            ("no list", "null"),
            ("surplus arguments", too_many),
            ("an object for the list", "{}"),
            *([("no arguments", "[]")] if endpoint.parameters else []),
        ):
            yield Call(endpoint, way, arguments, Hostile(name, arguments))
    for name, arguments in (
        ("unknown argument", '{"unknown": 1}'),
        ("a list for the object", "[]"),
        ("cut JSON", '{"a": '),
        *(
            [("no arguments", "{}")]
            if any(p.omitted == "undefined" for p in endpoint.parameters)
            else []
        ),
    ):
        yield Call(endpoint, "name", arguments, Hostile(name, arguments))
