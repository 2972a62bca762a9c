"""How the page is served: what keeps it from starting is said in a sentence."""

from pathlib import Path

import gradio.networking
import pytest

from recommender.errors import SettingsError
from recommender.index.folder import open_index
from recommender.interface.server import launch
from recommender.startup import Source


def test_a_proxy_between_the_server_and_itself_is_named(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradio.networking, "url_ok", lambda _: False)
    source = Source(open_index(small_index), ())
    with pytest.raises(SettingsError, match=r"does not reach itself at http://.*NO_PROXY"):
        launch(source, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
