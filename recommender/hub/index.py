"""Index on the Hub: download, publishing and listing.

An index is stored in a *model* repository, because `preload_from_hub`, which puts the index on a
Space's disk when the Space is built, reads model repositories only; and because an index holds its
encoder network. A dataset repository would only add the Hub's viewer for the catalogue's Parquet.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from recommender.errors import HubError, IndexFormatError
from recommender.hub.client import in_sentences, persist, why_unanswered
from recommender.hub.commit import KEPT_FILES, replace_files

# Timeout of requests for metadata, because the page waits for them. The client's default is none;
# its own limit for the head of a file is also 10 seconds.
ANSWER_SECONDS = 10.0
DEFAULT_BRANCH = "main"
UNFINISHED_SUFFIXES = (".partial", ".tmp", ".incomplete")

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class DownloadedIndex:
    """Downloaded index folder; its files are links into the Hub's cache.

    Attributes:
        folder: its path.
        commit: commit of the repository, 40 hexadecimal digits.
        from_cache: whether it was on disk already and nothing was downloaded.
        notice: sentence for the log and the page if the Hub did not answer and a copy on disk is
            used that may be outdated; None otherwise.
    """

    folder: Path
    commit: str
    from_cache: bool
    notice: str | None


@dataclass(frozen=True)
class PublishedIndex:
    """Published index: its page, its commit (40 hexadecimal digits) and OWNER/NAME."""

    url: str
    commit: str
    repo_id: str


@dataclass(frozen=True)
class IndexListing:
    """Commit and file names of a published index.

    Attributes:
        repo_id: OWNER/NAME.
        commit: 40 hexadecimal digits.
        files: paths of all files in the repository.
        restricted: whether downloads need a token (private or gated repository).
    """

    repo_id: str
    commit: str
    files: tuple[str, ...]
    restricted: bool


def download_index(
    repo_id: str, revision: str | None = None, *, again: bool = False
) -> DownloadedIndex:
    """Download an index, or use the copy on disk.

    A full commit that is on disk needs no request. For a branch or a tag, the Hub is asked for its
    commit; if the Hub does not answer, the last complete copy is used, with a notice.

    Files are not checked for damage here. The caller checks them against the index's checksums, and
    calls again with `again` if they differ.

    Args:
        repo_id: OWNER/NAME of the model repository.
        revision: a branch, a tag or a full commit; None: the main branch.
        again: download all files, even if they are on disk.

    Raises:
        HubError: the Hub refuses, does not have the index, or cannot be reached while there is no
            copy on disk.
    """
    if constants.HF_HUB_CACHE.startswith("~"):
        raise HubError(
            "This user has no home directory to keep downloads in: set HF_HOME to a folder that "
            "this program may write in."
        )
    with in_sentences(repo_id, revision=revision):
        cached = None if again else _cached_folder(repo_id, revision)
        if cached is not None and cached.name == revision:
            return DownloadedIndex(cached, revision, from_cache=True, notice=None)
        # With a copy on disk, two tries are enough, because the page waits for them.
        tries = None if cached is None else 2
        try:
            commit = persist(lambda: _find_commit(repo_id, revision), tries=tries)
            if cached is not None and cached.name == commit:
                return DownloadedIndex(cached, commit, from_cache=True, notice=None)
            folder = persist(lambda: _fetch(repo_id, commit, again), tries=tries)
        except Exception as error:
            reason = why_unanswered(error)
            if cached is None or reason is None:
                raise
            notice = (
                f"{reason[0].upper()}{reason[1:]}, so the copy of {repo_id} on disk is used "
                f"(commit {cached.name[:7]}); there may be a newer one."
            )
            return DownloadedIndex(cached, cached.name, from_cache=True, notice=notice)
    _remember(folder, revision or DEFAULT_BRANCH)
    return DownloadedIndex(folder, commit, from_cache=False, notice=None)


def push_index(folder: Path, repo_id: str, *, private: bool = False) -> PublishedIndex:
    """Publish an index folder; it replaces the repository's index in one commit.

    The repository is created if it does not exist. Hidden and unfinished files are not published.

    Args:
        folder: the index folder.
        repo_id: OWNER/NAME of the model repository (NAME alone: the login's own).
        private: create a private repository; an existing public one is refused.

    Raises:
        IndexFormatError: the folder has no files to publish.
        HubError: the Hub refuses, or cannot be reached in any of the tries.
    """
    contents = _files_of(folder)
    if not contents:
        raise IndexFormatError(f"There is no index to publish in {folder}: build one first.")
    with in_sentences(repo_id, writing=True):
        api = HfApi()
        # None instead of False: the Hub then decides, and an organisation's default may be private.
        url = persist(lambda: api.create_repo(repo_id, private=private or None, exist_ok=True))
        commit = replace_files(
            api,
            url.repo_id,
            "model",
            contents,
            message="Publish the index",
            must_be_private=private,
        )
    return PublishedIndex(str(url), commit, url.repo_id)


def newest_commit(repo_id: str, revision: str | None = None) -> str:
    """Commit that a branch or a tag of a published index is at; a full commit needs no request.

    Raises:
        HubError: as for `download_index`.
    """
    if revision is not None and is_commit(revision):
        return revision
    with in_sentences(repo_id, revision=revision):
        return _find_commit(repo_id, revision)


def is_commit(revision: str) -> bool:
    """Whether a revision is a full commit, which never changes."""
    return _COMMIT.fullmatch(revision) is not None


def list_index(repo_id: str, revision: str | None = None) -> IndexListing:
    """Commit and file names of a published index, from the Hub.

    Raises:
        HubError: as for `download_index`.
    """
    with in_sentences(repo_id, revision=revision):
        info = persist(
            lambda: HfApi().model_info(repo_id, revision=revision, timeout=ANSWER_SECONDS)
        )
    files = tuple(entry.rfilename for entry in info.siblings or ())
    if not set(files) - KEPT_FILES or info.sha is None:
        raise _nothing_there(repo_id)
    return IndexListing(repo_id, info.sha, files, restricted=bool(info.private or info.gated))


def _find_commit(repo_id: str, revision: str | None) -> str:
    info = HfApi().model_info(repo_id, revision=revision, timeout=ANSWER_SECONDS)
    if info.sha is None:
        raise HubError(f"The Hub does not say which commit {repo_id} is at.")
    return info.sha


def _fetch(repo_id: str, commit: str, again: bool) -> Path:
    folder = Path(snapshot_download(repo_id, revision=commit, force_download=again))
    if not folder.is_dir() or not {path.name for path in folder.iterdir()} - KEPT_FILES:
        raise _nothing_there(repo_id)
    return folder


def _nothing_there(repo_id: str) -> HubError:
    return HubError(
        f"There is nothing in the model repository {repo_id} yet: publish an index to it first."
    )


def _cached_folder(repo_id: str, revision: str | None) -> Path | None:
    """Copy on disk, found without the network; None if there is none or it is incomplete."""
    try:
        return Path(snapshot_download(repo_id, revision=revision, local_files_only=True))
    except LocalEntryNotFoundError:
        return None


def _remember(folder: Path, revision: str) -> None:
    """Record a branch's commit in the Hub's cache, after the commit is complete on disk.

    The client would record it before the download. After an interrupted download, a start without a
    network would then not find the older complete index. The cache's layout is documented at
    https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
    """
    if _COMMIT.fullmatch(revision):
        return
    reference = folder.parent.parent / "refs" / revision
    reference.parent.mkdir(parents=True, exist_ok=True)
    reference.write_text(folder.name)


def _files_of(folder: Path) -> dict[str, Path | bytes]:
    """Files of the index to publish, by path within the folder."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_unpublished(path.relative_to(folder))
    }


def _is_unpublished(path: Path) -> bool:
    return any(part.startswith(".") or part.endswith(UNFINISHED_SUFFIXES) for part in path.parts)
