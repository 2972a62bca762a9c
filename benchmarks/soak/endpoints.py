"""Endpoints and page events that a running app declares, and arguments that suit them."""

import base64
import io
import json
from dataclasses import dataclass
from typing import Any

from PIL import Image

from benchmarks.soak.calls import API, Caller

PICTURE = "Image"


@dataclass(frozen=True)
class Parameter:
    """One argument of an endpoint or an event."""

    name: str
    component: str
    """Gradio's name of what takes it, such as "Image" or "Number"."""
    valid: str
    """JSON that is accepted."""
    omitted: str
    """JSON that stands for leaving it out."""

    @property
    def is_picture(self) -> bool:
        """Whether it takes a picture."""
        return self.component == PICTURE

    @property
    def stands_for_a_picture(self) -> bool:
        """Whether it takes a product's id in place of a picture."""
        return self.component == "Textbox" and self.omitted not in ("undefined", self.valid)


@dataclass(frozen=True)
class Endpoint:
    """A function that anybody may call."""

    name: str
    parameters: tuple[Parameter, ...]
    number: int | None = None
    """Of a page's event, which has no public name."""
    opens_page: bool = False
    """Whether the event is sent when the page is opened, and reads its address."""

    def arguments(self, changed: Parameter, value: str) -> str:
        """All arguments as the text of a JSON list: one given, the others valid."""
        return "[" + ", ".join(self._with(changed, value).values()) + "]"

    def named_arguments(self, changed: Parameter, value: str) -> str:
        """The same as the text of a JSON object."""
        pairs = self._with(changed, value).items()
        return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in pairs) + "}"

    def _with(self, changed: Parameter, value: str) -> dict[str, str]:
        # Where a picture or a product's id will do, only one of them may be given.
        picture = changed.is_picture
        has_id = any(parameter.stands_for_a_picture for parameter in self.parameters)
        others = {
            parameter.name: parameter.omitted
            if (parameter.is_picture and has_id) or (picture and parameter.omitted != "undefined")
            else parameter.valid
            for parameter in self.parameters
        }
        valid = {p.name: p.valid for p in self.parameters}
        others = {
            name: valid[name] if text == "undefined" else text for name, text in others.items()
        }
        return {**others, changed.name: value}


# Parameters of which only some pictures or indexes accept more than the default.
OF_SOME = ("region", "text")


def declared_endpoints(caller: Caller, item_id: str) -> list[Endpoint]:
    """The endpoints that the app's own description lists.

    Args:
        caller: asks for the description.
        item_id: a product, for arguments that take one.
    """
    response = caller.get(f"{API}/info")
    response.raise_for_status()
    found = []
    for path, endpoint in response.json()["named_endpoints"].items():
        parameters = []
        for described in endpoint["parameters"]:
            optional = described.get("parameter_has_default")
            default = json.dumps(described.get("parameter_default"))
            name, component = described["parameter_name"], described["component"]
            valid = default
            if not (optional and name in OF_SOME):
                valid = _valid(component, name, item_id, default)
            parameters.append(
                Parameter(name, component, valid, default if optional else "undefined")
            )
        found.append(Endpoint(path.removeprefix("/"), tuple(parameters)))
    return found


def page_events(caller: Caller) -> list[Endpoint]:
    """The page's own events that reach the server: anybody can send those, too.

    Events of the same function are listed once.
    """
    response = caller.get("/config")
    response.raise_for_status()
    config = response.json()
    components = {component["id"]: component for component in config["components"]}
    found: dict[tuple[str, int], Endpoint] = {}
    for event in config["dependencies"]:
        if not event.get("backend_fn") or event.get("api_visibility") == "public":
            continue
        parameters = []
        for place, number in enumerate(event["inputs"]):
            component = components[number]
            default = json.dumps(component["props"].get("value"))
            kind = component["type"].title()
            parameters.append(Parameter(f"{place} {kind}", kind, default, default))
        function = str(event["api_name"]).rstrip("0123456789").rstrip("_")
        key = (function, len(parameters))
        opens = any(trigger == "load" for _, trigger in event["targets"])
        found.setdefault(key, Endpoint(function, tuple(parameters), event["id"], opens))
    return list(found.values())


def small_picture() -> bytes:
    """A picture of nothing much, as a PNG."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((60, 80)).convert("RGB").save(file, "PNG")
    return file.getvalue()


def _valid(component: str, name: str, item_id: str, default: str) -> str:
    """JSON that a parameter accepts."""
    values: dict[str, Any] = {
        PICTURE: {
            "url": f"data:image/png;base64,{base64.b64encode(small_picture()).decode()}",
            "meta": {"_type": "gradio.FileData"},
        },
        "Textbox": item_id,
        "Json": [{"id": item_id}] if name == "items" else {},
        "Number": 1,
    }
    return json.dumps(values[component]) if component in values else default
