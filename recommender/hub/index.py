"""Fetching an index from the Hub and publishing one.

An index lives in a *model* repository. A dataset repository would show the catalogue's Parquet in
the Hub's viewer, but `preload_from_hub`, which lets a Space wake up with the index on its disk,
reads model repositories only; and what makes an index useful is the encoder network inside it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from recommender.errors import HubError, IndexFormatError
from recommender.hub.client import in_sentences, persist, why_unanswered
from recommender.hub.commit import KEPT_FILES, replace_files

# The client waits for ever unless told otherwise. A Hub that takes longer is as good as down, and
# whoever opens the page is waiting. (The client's own limit for the head of a file is the same.)
ANSWER_SECONDS = 10.0
DEFAULT_BRANCH = "main"
UNFINISHED_SUFFIXES = (".partial", ".tmp", ".incomplete")

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class DownloadedIndex:
    """An index folder on this machine's disk; the files in it are links into the Hub's cache.

    Attributes:
        folder: where it is.
        commit: which commit of the repository it is, 40 hexadecimal digits.
        from_cache: whether it was on disk already, so that nothing was downloaded.
        notice: a sentence for the log and the page if the Hub did not answer and the copy on disk
            is used although it may be outdated; None otherwise.
    """

    folder: Path
    commit: str
    from_cache: bool
    notice: str | None


@dataclass(frozen=True)
class PublishedIndex:
    """Where an index was published: its page, its commit (40 hexadecimal digits), OWNER/NAME."""

    url: str
    commit: str
    repo_id: str


@dataclass(frozen=True)
class IndexListing:
    """What the Hub says about a published index, without its contents.

    Attributes:
        repo_id: OWNER/NAME.
        commit: 40 hexadecimal digits.
        files: the paths of all files in the repository.
        restricted: whether it takes a token to download them (a private or a gated repository).
    """

    repo_id: str
    commit: str
    files: tuple[str, ...]
    restricted: bool


def download_index(
    repo_id: str, revision: str | None = None, *, again: bool = False
) -> DownloadedIndex:
    """Bring an index to this machine's disk, or find it there.

    A full commit that is on disk is used without a single request. For a branch or a tag (the
    default is the main branch) the Hub is asked which commit it is; if it does not answer, the last
    one that arrived whole is used and a notice says so.

    Whether what is on disk is whole and undamaged is not checked here: the index's own checksums
    tell, and who opens it downloads it `again` where they do not fit.

    Args:
        repo_id: OWNER/NAME of the model repository.
        revision: a branch, a tag or a full commit.
        again: download every file, whatever is on disk.

    Raises:
        HubError: the Hub refuses, does not have it, or cannot be reached while nothing is on disk.
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
        # With a copy at hand one more try is enough: somebody is waiting for the page.
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
    """Publish an index folder, replacing the one that the repository holds.

    The repository is created if there is none. Readers see the old index or the new one, never a
    mixture: see `commit.py`. Hidden and unfinished files stay at home.

    Args:
        folder: the index folder.
        repo_id: OWNER/NAME of the model repository (NAME alone means your own).
        private: create a private repository; one that exists and is public is refused.

    Raises:
        IndexFormatError: there is nothing in the folder.
        HubError: the Hub refuses, or cannot be reached for longer than the retries last.
    """
    contents = _files_of(folder)
    if not contents:
        raise IndexFormatError(f"There is no index to publish in {folder}: build one first.")
    with in_sentences(repo_id, writing=True):
        api = HfApi()
        # Not being private is left to the Hub, because an organisation may make everything private.
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


def list_index(repo_id: str, revision: str | None = None) -> IndexListing:
    """Ask the Hub for a published index's commit and file names.

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
    """The copy on disk, unless the client knows that it is a part only; without the network."""
    try:
        return Path(snapshot_download(repo_id, revision=revision, local_files_only=True))
    except LocalEntryNotFoundError:
        return None


def _remember(folder: Path, revision: str) -> None:
    """Note in the Hub's cache which commit a branch is at, now that the commit is there whole.

    The client would note it before the download, and an interrupted one would then hide the older
    index, which is whole, from a start without a network. The cache's layout is documented at
    https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
    """
    if _COMMIT.fullmatch(revision):
        return
    reference = folder.parent.parent / "refs" / revision
    reference.parent.mkdir(parents=True, exist_ok=True)
    reference.write_text(folder.name)


def _files_of(folder: Path) -> dict[str, Path | bytes]:
    """The index's own files, by their path within the folder."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _stays_at_home(path.relative_to(folder))
    }


def _stays_at_home(path: Path) -> bool:
    return any(part.startswith(".") or part.endswith(UNFINISHED_SUFFIXES) for part in path.parts)
