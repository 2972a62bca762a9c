"""Atomic replacement of a Hub repository's files by one commit.

Only commits are atomic on the Hub: readers see all changes of a commit or none. The client first
uploads large files, which are not visible yet, and then makes the commit that refers to them.
"""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, RepoFile

from recommender.errors import HubError
from recommender.hub.client import Kind, persist

_log = logging.getLogger(__name__)

# Never deleted: the Hub's list of files stored outside of Git, and a licence that the owner may
# have added by hand.
KEPT_FILES = frozenset({".gitattributes", "LICENSE"})
# Files that any repository may have, so that they do not identify one published by this program.
COMMON_FILES = KEPT_FILES | {"README.md", "app.py", "requirements.txt"}
MEGABYTE = 10**6


def replace_files(
    api: HfApi,
    repo_id: str,
    kind: Kind,
    contents: Mapping[str, Path | bytes],
    *,
    message: str,
    must_be_private: bool,
) -> str:
    """Replace all files of an existing repository by `contents`.

    The same commit deletes the repository's other files, except `KEPT_FILES`. Files that the Hub
    has already are not sent again, so that a repeated call continues an interrupted one. There is
    no new commit if nothing differs.

    Args:
        api: the client.
        repo_id: OWNER/NAME.
        kind: of the repository.
        contents: file or bytes, by path in the repository.
        message: of the commit.
        must_be_private: refuse a public repository.

    Returns:
        The commit, 40 hexadecimal digits.

    Raises:
        HubError: the repository holds something else, or is public and must not be.
        Exception: an error of the client.
    """

    def attempt() -> str:
        # Each try reads the repository again: the last try may have succeeded although its answer
        # was lost, and then there is nothing left to commit.
        head = api.repo_info(repo_id, repo_type=kind)
        if must_be_private and not head.private:
            raise HubError(
                f"{repo_id} exists already and is public: make it private in its settings, "
                "or choose another name."
            )
        listing = api.list_repo_tree(repo_id, recursive=True, revision=head.sha, repo_type=kind)
        there = {entry.path for entry in listing if isinstance(entry, RepoFile)}
        _check_that_it_is_ours(repo_id, there, contents)
        stale = sorted(there - set(contents) - KEPT_FILES)
        with warnings.catch_warnings():
            # The client warns of Parquet files in a model repository, which are intended here (see
            # `index.py`).
            warnings.filterwarnings("ignore", message="It seems that you are about to")
            commit = api.create_commit(
                repo_id,
                [
                    *(CommitOperationAdd(path, source) for path, source in contents.items()),
                    *(CommitOperationDelete(path) for path in stale),
                ],
                commit_message=message,
                repo_type=kind,
                # The Hub refuses the commit if there is a newer one, which the deletions ignore.
                parent_commit=head.sha,
            )
        return commit.oid

    sizes = (
        len(source) if isinstance(source, bytes) else source.stat().st_size
        for source in contents.values()
    )
    _log.info(f"Sending {len(contents)} files, {sum(sizes) / MEGABYTE:.1f} MB, to {repo_id}.")
    return persist(attempt)


def _check_that_it_is_ours(repo_id: str, there: set[str], contents: Mapping[str, object]) -> None:
    """Refuse a repository of something else, so that a mistyped name deletes no other model."""
    strange = sorted(there - COMMON_FILES)
    if strange and not (set(strange) & set(contents)):
        raise HubError(
            f"{repo_id} holds something else ({strange[0]}, for one), which would be deleted: "
            "choose another name, or empty that repository first."
        )
