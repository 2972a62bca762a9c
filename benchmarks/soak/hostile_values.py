"""Hostile arguments: JSON that no honest caller sends, for every parameter of every endpoint."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Beyond what Python converts to a number (4,300 digits).
DIGITS = 5_000
ITEMS = 10_000
DEPTH = 1_000
CHARACTERS = 1_000_000
# Deeper than any JSON parser's stack.
BOTTOMLESS = 100_000
_FILE_MARK = {"_type": "gradio.FileData"}


@dataclass(frozen=True)
class Hostile:
    """One argument."""

    name: str
    json: str
    """As it is sent: not all of it is JSON that Python would write."""
    foreign: str = ""
    """For a picture that was not sent to the app: "existing", "missing" or "fetched"."""
    alike: str = ""
    """Values of the same name here must be refused in the same words, whether the file exists."""


@dataclass(frozen=True)
class Surroundings:
    """What hostile arguments point to."""

    canary: Path
    """A picture's file that exists, and was not uploaded."""
    uploads: Path
    """Folder of what was uploaded."""
    listener: str
    """Address at which a fetched picture would be noticed."""
    item_id: str
    """A product of the catalogue."""
    attribute: str
    """An attribute of the catalogue."""


def hostile_values(around: Surroundings) -> list[Hostile]:
    """Every hostile argument."""
    return [*_scalars(around), *_texts(), *_structures(around), *foreign_pictures(around)]


def foreign_pictures(around: Surroundings) -> Iterator[Hostile]:
    """Pictures that were not sent: files and addresses, in every form that Gradio knows."""
    missing = around.canary.with_name("missing.png")
    up = "/.." * len(around.uploads.parts)
    # Kind, what must be refused alike, and path.
    paths = [
        ("existing", "plain", str(around.canary)),
        ("existing", "plain", str(around.canary.with_name("link.png"))),
        ("existing", "plain", str(around.canary.parent)),
        ("missing", "plain", str(missing)),
        ("existing", "climbing", f"{around.uploads}{up}{around.canary}"),
        ("missing", "climbing", f"{around.uploads}{up}{missing}"),
        ("existing", "file address", f"file://{around.canary}"),
        ("missing", "file address", f"file://{missing}"),
        ("fetched", "", f"{around.listener}/canary.png"),
        ("fetched", "", f"{around.listener}/gradio_api/file=x.png"),
    ]
    for kind, alike, path in paths:
        forms: dict[str, Any] = {
            "text": path,
            "path": {"path": path},
            "path, marked": {"path": path, "meta": _FILE_MARK},
            "path, named": {"path": path, "orig_name": "a.png", "size": 1, "is_stream": True},
            "url": {"url": path},
            "url, marked": {"url": path, "meta": _FILE_MARK},
            "path and url": {"path": path, "url": path, "meta": _FILE_MARK},
            "list": [{"path": path, "meta": _FILE_MARK}],
        }
        for form, value in forms.items():
            yield Hostile(
                f"{kind} picture as {form}: {path}",
                json.dumps(value),
                kind,
                f"{alike} path as {form}" if alike else "",
            )


def _scalars(around: Surroundings) -> Iterator[Hostile]:
    for text in ("null", "true", "0", "-1", "1.5", "1e308", "-1e308", "1e-320", "1e999"):
        yield Hostile(text, text)
    yield Hostile("not a number", "NaN")
    yield Hostile("infinity", "Infinity")
    yield Hostile("a 300 digit number", "9" * 300)
    yield Hostile(f"a {DIGITS} digit number", "9" * DIGITS)


def _texts() -> Iterator[Hostile]:
    markup = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'{{7*7}}${7*7}"
    texts = {
        "empty text": "",
        "a superscript": "²",
        "Arabic digits": "٣",
        f"{DIGITS} digits as text": "9" * DIGITS,
        "a zero byte": "p\0.png",
        "half a character": "\ud800",
        "right to left": "\u202egnp.exe",
        f"{CHARACTERS} characters": "x" * CHARACTERS,
        "markup": markup,
        "a format": "%s%n{0.__class__.__mro__}",
        "a query": "' OR 1=1; DROP TABLE products; --",
        "not base64": "data:image/png;base64,!!!!",
        "a data URL of text": "data:text/html;base64," + base64.b64encode(markup.encode()).decode(),
        "a data URL of noise": "data:image/png;base64," + "A" * CHARACTERS,
        "a drawing with a script": "data:image/svg+xml;base64,"
        + base64.b64encode(b"<svg onload='alert(1)'/>").decode(),
    }
    for name, text in texts.items():
        yield Hostile(name, json.dumps(text))


def _structures(around: Surroundings) -> Iterator[Hostile]:
    item, attribute = around.item_id, around.attribute
    values: dict[str, Any] = {
        "empty list": [],
        "empty dictionary": {},
        "list of nothing": [None],
        "list of lists": [[[]]],
        f"{ITEMS} products": [{"id": item}] * ITEMS,
        f"{ITEMS} texts": ["x"] * ITEMS,
        f"{ITEMS} keys": {f"key{number}": number for number in range(ITEMS)},
        f"{ITEMS} values of a filter": {attribute: ["x"] * ITEMS},
        "a filter of a dictionary": {attribute: {"a": 1}},
        "a filter of a filter": {attribute: [[attribute]]},
        "a filter of null": {attribute: None},
        "a filter of a number": {attribute: 1e308},
        "a long attribute": {"x" * CHARACTERS: "y"},
        "a filter of markup": {attribute: "<img src=x onerror=alert(1)>"},
        "attributes of every object": {"__proto__": {"a": 1}, "__class__": "x", "constructor": 1},
        "a product without id": [{"style": 1}],
        "a product of a list": [{"id": [item]}],
        "a share of text": [{"id": item, "style": "²"}],
        "a share without end": [{"id": item, "style": 1e308}],
        "shares that cancel out": [{"id": item, "style": 1}, {"id": item, "style": -1}],
        "shares of nothing": [{"id": item, "style": 0, "colour": 0}],
        "an update": {"__type__": "update", "value": 1, "visible": True},
        "an update to a file": {"__type__": "update", "value": str(around.canary)},
    }
    for name, value in values.items():
        yield Hostile(name, json.dumps(value))
    yield Hostile("a share that is not a number", f'[{{"id": {json.dumps(item)}, "style": NaN}}]')
    yield Hostile(f"lists {DEPTH} deep", "[" * DEPTH + "]" * DEPTH)
    yield Hostile(f"dictionaries {DEPTH} deep", '{"a":' * DEPTH + "1" + "}" * DEPTH)
    yield Hostile(f"lists {BOTTOMLESS} deep", "[" * BOTTOMLESS + "]" * BOTTOMLESS)
