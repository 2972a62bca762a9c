"""Assets of the page: scripts and style sheet."""

from pathlib import Path

_FOLDER = Path(__file__).parent
STYLE_SHEET = _FOLDER / "page.css"


def script(name: str) -> str:
    """The text of one of the scripts."""
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
