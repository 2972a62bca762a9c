"""API tab: a visitor's last search as code, to copy into a program."""

from typing import Any

import gradio as gr
from gradio.route_utils import get_root_url

from recommender.interface.api.snippets import snippets
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import Session
from recommender.interface.tabs.listeners import PAGE_EVENT
from recommender.interface.tabs.search_wiring import SearchWiring

_WORDS = """
Everything on this page can be called by programs. Below is **your last search** as code; open
this tab again after another one. `/recommend` takes a picture, `/similar` a product's id, and each
returns a gallery and a list of `{"rank", "id", "name", "similarity", "distance", "attributes",
"link", "price", "sale_price", "currency", "availability", "brand", ...}`.

Further endpoints: `/search_words`, `/understand`, `/regions`, `/mix`, `/embed`, `/explain`,
`/item`, `/browse`, `/map_position`, `/complete_look`, `/result_sheet` and `/catalog`: *Use via
API*, at the foot of the page, shows all of them with their arguments, and so does the
[OpenAPI description](gradio_api/openapi.json). Agents find the same as MCP tools at
`gradio_api/mcp/`.
"""


class ApiTab:
    """Lays out the tab inside the Blocks being built."""

    def __init__(self, wiring: SearchWiring) -> None:
        self._wiring = wiring
        gr.Markdown(_WORDS)
        examples = snippets("http://localhost:7860", None, Controls())
        languages: tuple[tuple[str, Any], ...] = (
            ("Python", "python"),
            ("curl", "shell"),
            ("JavaScript", "javascript"),
        )
        with gr.Tabs():
            self._codes = []
            for (title, language), example in zip(languages, examples, strict=True):
                with gr.Tab(title):
                    code = gr.Code(
                        example,
                        language=language,
                        label=title,
                        interactive=False,
                        show_line_numbers=False,
                        wrap_lines=True,
                        buttons=["copy"],
                    )
                    self._codes.append(code)

    def connect(self, opened: gr.Tab) -> None:
        """Write the query anew whenever the tab is opened."""
        tab = self._wiring.tab
        written = self._wiring.visitors.listener(self.written)
        opened.select(written, [tab.session, *tab.controls], self._codes, **PAGE_EVENT)

    def written(self, session: Session, request: gr.Request, *values: Any) -> tuple[str, str, str]:
        """The last search in three languages."""
        raw = request.request
        assert raw is not None  # It is what Gradio was called with.
        address = get_root_url(raw, raw.url.path, raw.scope.get("root_path") or None)
        return snippets(address, session.entry, self._wiring.tab.panel.read(values))
