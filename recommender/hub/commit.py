"""A set of files on the Hub, replaced as a whole by one commit.

A commit is the only thing on the Hub that readers see all of or nothing of. The client uploads the
contents of large files first, where nobody sees them, and then makes the commit that names them.
"""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, RepoFile

from recommender.errors import HubError
from recommender.hub.client import Kind, persist

_log = logging.getLogger(__name__)

# Never deleted: the Hub's list of the files that are kept outside of Git, and a licence, which the
# owner may have put beside the index by hand.
KEPT_FILES = frozenset({".gitattributes", "LICENSE"})
# Files that any repository may have: finding one does not tell that the repository is ours.
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
    """Make `contents` all that an existing repository holds.

    What the repository has and `contents` lacks is deleted by the same commit. What the Hub already
    has is not sent again, so a repetition goes on where the last try was; where nothing differs
    there is no new commit.

    Args:
        api: the client.
        repo_id: OWNER/NAME.
        kind: of the repository.
        contents: path in the repository → file or bytes.
        message: of the commit.
        must_be_private: refuse a public repository.

    Returns:
        The commit, 40 hexadecimal digits.

    Raises:
        HubError: the repository holds something else, or is public and must not be.
        Exception: what the client raises.
    """

    def attempt() -> str:
        # Everything is looked up anew with each try: the last one may have got through although
        # its answer was lost, and then there is nothing left to do.
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
            # An index is Parquet in a model repository by design (see `index.py`).
            warnings.filterwarnings("ignore", message="It seems that you are about to")
            commit = api.create_commit(
                repo_id,
                [
                    *(CommitOperationAdd(path, source) for path, source in contents.items()),
                    *(CommitOperationDelete(path) for path in stale),
                ],
                commit_message=message,
                repo_type=kind,
                # Refused if somebody else commits meanwhile, because the deletions would be wrong.
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
    """A mistyped name must not wipe out somebody's model."""
    strange = sorted(there - COMMON_FILES)
    if strange and not (set(strange) & set(contents)):
        raise HubError(
            f"{repo_id} holds something else ({strange[0]}, for one), which would be deleted: "
            "choose another name, or empty that repository first."
        )
