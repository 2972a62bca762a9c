"""Arguments of the API with their JSON Schema, for OpenAPI and the tools of agents.

Gradio's own JSON component describes itself as `{"type": {}}`, which is no JSON Schema: agents'
clients refuse every call of a tool that has one.
"""

from typing import Any

import gradio as gr

from recommender.index.filters import MAX, MIN
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.limits import MAX_FILTER_VALUES, MAX_FILTERS, MAX_ITEMS, MAX_TEXT

_TEXT = {"type": "string", "maxLength": MAX_TEXT}
_SHARE = {"type": "number", "minimum": -10, "maximum": 10, "default": 1}

with without_stubs():

    class ShortText(gr.Textbox):
        """A text of at most `MAX_TEXT` characters, such as a product's id."""

        is_template = True

        def api_info(self) -> dict[str, Any]:
            """JSON Schema."""
            return dict(_TEXT)

    class FiltersInput(gr.JSON):
        """Filters: a value or a list of values by attribute, and ranges by number."""

        is_template = True

        def api_info(self) -> dict[str, Any]:
            """JSON Schema."""
            values = {"type": "array", "items": _TEXT, "maxItems": MAX_FILTER_VALUES}
            ends = {end: {"type": "number"} for end in (MIN, MAX)}
            numbers = {"type": "object", "properties": ends, "maxProperties": len(ends)}
            return {
                "type": "object",
                "additionalProperties": {"anyOf": [_TEXT, values, numbers]},
                "maxProperties": MAX_FILTERS,
            }

        def example_payload(self) -> dict[str, Any]:
            """What the page's description of the API shows as an example."""
            return {"gender": "Women"}

    class ItemsInput(gr.JSON):
        """The products of a mix: a list of ids with their weights of style and colour."""

        is_template = True

        def api_info(self) -> dict[str, Any]:
            """JSON Schema."""
            item = {
                "type": "object",
                "properties": {"id": _TEXT, "style": _SHARE, "colour": _SHARE},
                "required": ["id"],
            }
            return {"type": "array", "items": item, "minItems": 1, "maxItems": MAX_ITEMS}

        def example_payload(self) -> list[dict[str, Any]]:
            """What the page's description of the API shows as an example."""
            return [{"id": "7", "style": 1, "colour": 0}, {"id": "9", "style": 0, "colour": 1}]
