"""Index to serve: from the Hub, from a folder, or the demo catalogue of the repository."""

import logging
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import (
    IndexFormatError,
    IndexVersionError,
)
from recommender.index.folder import Index, open_index
from recommender.settings import Settings

_log = logging.getLogger(__name__)

# Part of the repository; `python -m demo.build_index` builds it again.
DEMO_INDEX = Path(__file__).with_name("demo_index")


@dataclass(frozen=True)
class Source:
    """Index that is served, with notices for the visitor."""

    index: Index
    notices: tuple[str, ...] = ()
    """Sentences: the index is a cached copy, or the demo catalogue."""
    commit: str | None = None
    """Commit of an index from the Hub."""


def load_index(settings: Settings, earlier: Index | None = None) -> Source:
    """Open the index that the settings name.

    Args:
        settings: `INDEX_DIR`, or `INDEX_REPO_ID`, or neither: the demo catalogue.
        earlier: an opened index, whose encoder is shared if it is the same.

    Raises:
        RecommenderError: the index cannot be had or opened.
    """
    if settings.index_dir:
        return Source(_open(settings.index_dir, settings, earlier))
    if settings.index_repo_id:
        return _from_hub(settings.index_repo_id, settings, earlier)
    return _demo(settings, earlier)


def _from_hub(repo_id: str, settings: Settings, earlier: Index | None) -> Source:
    """Index from the Hub; a damaged or incomplete copy on disk is downloaded again, once."""
    from recommender.hub import download_index

    _log.info(f"Getting the index {repo_id} from the Hub.")
    downloaded = download_index(repo_id, settings.index_revision)
    notices = (downloaded.notice,) if downloaded.notice else ()
    for notice in notices:
        _log.info(notice)
    try:
        index = _open(downloaded.folder, settings, earlier)
        return Source(index, notices, downloaded.commit)
    except IndexVersionError:
        raise
    except IndexFormatError as damage:
        _log.info(f"{damage} Downloading it again, once.")
    downloaded = download_index(repo_id, downloaded.commit, again=True)
    try:
        return Source(_open(downloaded.folder, settings, earlier), (), downloaded.commit)
    except IndexFormatError as damage:
        raise IndexFormatError(
            f"The index {repo_id} arrives damaged from the Hub as well: publish it again, or set "
            f"INDEX_REVISION to an older commit. ({damage})"
        ) from damage


def _open(folder: Path, settings: Settings, earlier: Index | None) -> Index:
    return open_index(
        folder,
        precision=settings.precision,
        milvus=settings.milvus,
        milvus_index=settings.milvus_index,
        earlier=earlier,
    )


def _demo(settings: Settings, earlier: Index | None) -> Source:
    index = _open(DEMO_INDEX, settings, earlier)
    notices = (
        f"This is a demo catalogue of products drawn by the program, indexed by "
        f"{index.backbone.title}. Set INDEX_REPO_ID or INDEX_DIR to search a real one.",
    )
    for notice in notices:
        _log.info(notice)
    return Source(index, notices)
