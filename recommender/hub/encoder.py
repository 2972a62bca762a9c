"""Network of a model repository: its files, and the download of the ones that are read."""

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.repocard import metadata_load

from recommender.hub.client import in_sentences, persist

CARD = "README.md"


@dataclass(frozen=True)
class RepositoryFile:
    """File of a repository: its path, and its size in bytes."""

    path: str
    size: int


def list_files(repo_id: str, commit: str) -> list[RepositoryFile]:
    """Files of a commit.

    Raises:
        HubError: the Hub refuses, or cannot be reached.
    """
    with in_sentences(repo_id, revision=commit):
        entries = persist(
            lambda: list(HfApi().list_repo_tree(repo_id, recursive=True, revision=commit))
        )
    return [RepositoryFile(entry.path, entry.size) for entry in entries if hasattr(entry, "size")]


def download_files(repo_id: str, commit: str, paths: list[str], folder: Path) -> None:
    """Download of some files of a commit; files that are there already are not sent again.

    Args:
        repo_id: OWNER/NAME of the model repository.
        commit: 40 hexadecimal digits.
        paths: of the files.
        folder: of the files themselves, not of links into the Hub's cache.

    Raises:
        HubError: the Hub refuses, or cannot be reached.
    """
    with in_sentences(repo_id, revision=commit):
        persist(
            lambda: snapshot_download(
                repo_id, revision=commit, allow_patterns=paths, local_dir=folder
            )
        )


def licence_of(folder: Path) -> str | None:
    """Licence that a repository's card names in its front matter; None without one."""
    try:
        metadata = metadata_load(folder / CARD)
    except Exception:  # of YAML, too; a card is written by hand
        return None
    named = [(metadata or {}).get(field) for field in ("license_name", "license")]
    return next((str(name)[:80] for name in named if isinstance(name, str)), None)
