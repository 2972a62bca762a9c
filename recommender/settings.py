"""Settings: every value that the environment decides, read in one place.

INDEX_REPO_ID     repository of the Hub to download the index from, "owner/name"
INDEX_REVISION    commit, branch or tag of it; a commit starts without asking the Hub
INDEX_DIR         an index folder on this machine, instead
PRECISION         what the network computes in: f32 (default, the reference) or bf16
MILVUS_URI        search in Milvus instead of in memory: a file for Milvus Lite, or a server
MILVUS_TOKEN      its token, where it wants one
PORT, HOST        where the page answers (default: 7860 on 127.0.0.1; 0.0.0.0 on a Space)
ALLOWED_HOSTS     names, besides its own, under which browsers may reach the page: "shop.example"
SPACE_HOST        one more of them, set by Hugging Face inside a Space
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import SettingsError

PRECISIONS = ("f32", "bf16")
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


@dataclass(frozen=True)
class Settings:
    """What the environment says."""

    index_repo_id: str | None
    index_revision: str | None
    index_dir: Path | None
    precision: str
    milvus: tuple[str, str | None] | None
    """Address and token."""
    host: str
    port: int
    space_id: str | None
    """Set by Hugging Face inside a Space."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names in small letters, without ports."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: one of them makes no sense, or two contradict each other.
    """

    def text(name: str) -> str | None:
        return environment.get(name, "").strip() or None

    repo_id, index_dir = text("INDEX_REPO_ID"), text("INDEX_DIR")
    if repo_id and index_dir:
        raise SettingsError("Set INDEX_REPO_ID or INDEX_DIR, not both.")
    precision = text("PRECISION") or "f32"
    if precision not in PRECISIONS:
        raise SettingsError(f"PRECISION is one of {', '.join(PRECISIONS)}; got {precision!r}.")
    port = text("PORT") or text("GRADIO_SERVER_PORT") or "7860"
    # Not `str.isdigit`, which also takes "²"; Python refuses to read thousands of digits.
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise SettingsError(f"PORT is a number from 1 to 65535; got {port[:40]!r}.")
    space_id = text("SPACE_ID")
    return Settings(
        index_repo_id=repo_id,
        index_revision=text("INDEX_REVISION"),
        index_dir=Path(index_dir) if index_dir else None,
        precision=precision,
        milvus=(uri, text("MILVUS_TOKEN")) if (uri := text("MILVUS_URI")) else None,
        host=text("HOST") or text("GRADIO_SERVER_NAME") or ("0.0.0.0" if space_id else "127.0.0.1"),
        port=int(port),
        space_id=space_id,
        allowed_hosts=_host_names(text("ALLOWED_HOSTS"), text("SPACE_HOST")),
    )


def _host_names(*lists: str | None) -> tuple[str, ...]:
    names = [name.strip().lower() for listed in lists for name in (listed or "").split(",")]
    for name in filter(None, names):
        if not _HOST_NAME.fullmatch(name):
            raise SettingsError(
                "ALLOWED_HOSTS is a list of host names with commas between them, without http:// "
                f"and without ports, such as shop.example,10.0.0.5; got {name!r}."
            )
    return tuple(filter(None, names))
