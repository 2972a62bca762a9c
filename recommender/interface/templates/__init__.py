"""Jinja2 templates of the page's HTML: whatever they are given reaches the browser as text."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters["percent"] = lambda fraction, digits=0: f"{fraction:.{digits}%}"
_ENVIRONMENT.filters["amount"] = lambda number: f"{number:,.2f}"
_ENVIRONMENT.filters["thousands"] = lambda number: f"{number:,}"


def render(name: str, **values: Any) -> Markup:
    """The HTML of a template: every value is escaped, except what another template made.

    Args:
        name: of the template, without ".html".
        values: what it shows.

    Raises:
        jinja2.UndefinedError: the template needs a value that is not given.
    """
    return Markup(_ENVIRONMENT.get_template(f"{name}.html").render(values))
