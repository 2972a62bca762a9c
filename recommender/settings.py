"""Settings: all values read from environment variables.

INDEX_REPO_ID     repository of the Hub to download the index from, "owner/name"
INDEX_REVISION    commit, branch or tag of it; a commit starts without asking the Hub
INDEX_DIR         an index folder on this machine, instead
INDEX_REFRESH_SECONDS
                  how often the running app looks for a newer index at that place; 0, the default:
                  never, as an index that nobody replaces needs no looking
PRECISION         of the network's arithmetic: f32 (the reference), bf16, or auto, the default: f32,
                  and bf16 for a photograph's crops where the processor has it
MILVUS_URI        search in Milvus instead of in memory: a file for Milvus Lite, or a server
MILVUS_TOKEN      token of the Milvus server, where it needs one
MILVUS_INDEX      kind of Milvus' index: FLAT (default, exact), or one of MILVUS_INDEXES
PORT, HOST        address of the page (default: 7860 on 127.0.0.1; 0.0.0.0 on a Space)
ALLOWED_HOSTS     further host names under which browsers may open the page: "shop.example"
SPACE_HOST        one more host name, set by Hugging Face inside a Space
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import SettingsError

LONGEST_REFRESH_SECONDS = 86_400
AUTO = "auto"
PRECISIONS = (AUTO, "f32", "bf16")
# Kinds of Milvus' index. All but FLAT leave out some neighbours, and take less time or memory.
# https://milvus.io/docs/index.md
MILVUS_INDEXES = ("FLAT", "IVF_FLAT", "IVF_SQ8", "HNSW", "DISKANN", "AUTOINDEX")
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


@dataclass(frozen=True)
class Settings:
    """Values of the settings."""

    index_repo_id: str | None
    index_revision: str | None
    index_dir: Path | None
    precision: str
    milvus: tuple[str, str | None] | None
    """Address and token; None: search in memory."""
    host: str
    port: int
    space_id: str | None
    """OWNER/NAME, set by Hugging Face inside a Space."""
    index_refresh_seconds: int = 0
    """0: the index is opened once."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names in small letters, without ports."""
    milvus_index: str = "FLAT"
    """One of `MILVUS_INDEXES`."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value is invalid, or two values contradict each other.
    """

    def text(name: str) -> str | None:
        return environment.get(name, "").strip() or None

    repo_id, index_dir = text("INDEX_REPO_ID"), text("INDEX_DIR")
    if repo_id and index_dir:
        raise SettingsError("Set INDEX_REPO_ID or INDEX_DIR, not both.")
    precision = text("PRECISION") or AUTO
    if precision not in PRECISIONS:
        raise SettingsError(f"PRECISION is one of {', '.join(PRECISIONS)}; got {precision!r}.")
    milvus_index = (text("MILVUS_INDEX") or "FLAT").upper()
    if milvus_index not in MILVUS_INDEXES:
        raise SettingsError(
            f"MILVUS_INDEX is one of {', '.join(MILVUS_INDEXES)}; got {milvus_index[:40]!r}."
        )
    port = text("PORT") or text("GRADIO_SERVER_PORT") or "7860"
    # Not `str.isdigit`, which accepts "²"; five digits at most, because `int` fails on thousands.
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise SettingsError(f"PORT is a number from 1 to 65535; got {port[:40]!r}.")
    refresh = text("INDEX_REFRESH_SECONDS") or "0"
    if not re.fullmatch("[0-9]{1,5}", refresh) or int(refresh) > LONGEST_REFRESH_SECONDS:
        raise SettingsError(
            "INDEX_REFRESH_SECONDS is a whole number of seconds, at most a day, or 0 for never; "
            f"got {refresh[:40]!r}."
        )
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
        index_refresh_seconds=int(refresh),
        allowed_hosts=_host_names(text("ALLOWED_HOSTS"), text("SPACE_HOST")),
        milvus_index=milvus_index,
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
