#!/usr/bin/env python
"""Deployment to Hugging Face Spaces: the page, with an index that is published on the Hub.

The Space gets, in one commit, the files that it needs among those that Git knows; running the
command again updates them. The Space is pinned to a commit of the index, which its image contains,
so that a Space that wakes up downloads nothing: run the command again after publishing a new index,
or let the Space follow the index with --follow.
Hugging Face asks for a paid plan, paid hardware or a ZeroGPU slot to create a Gradio Space.

Examples:
    python scripts/deploy_space.py me/my-space --index me/my-index
    python scripts/deploy_space.py me/my-space --index me/my-index --follow 600
    python scripts/deploy_space.py me/my-space --index me/my-index --dry-run
"""

import argparse
import logging
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout, uninstalled

from recommender import commandline
from recommender.errors import SettingsError
from recommender.hub import (
    DEFAULT_BRANCH,
    SPACE_HARDWARE,
    IndexListing,
    is_commit,
    list_index,
    publish_space,
    with_preload,
)

_log = logging.getLogger("scripts.deploy_space")

ROOT = Path(__file__).resolve().parents[1]
GO_ON = "Interrupted. The Space is unchanged or complete. Run the same command again to be sure."
NEEDED = ("app.py", "requirements.txt", "README.md")
OPTIONAL = (".gitattributes", "LICENSE", "packages.txt", "recommender")


def space_files(root: Path) -> list[str]:
    """The files of a Git clone that the Space needs, as paths relative to `root`, sorted.

    Raises:
        SettingsError: `root` is not a Git clone, or lacks a file that the Space cannot do without.
    """
    files = [name for name in _git_ls_files(root, "--cached") if (root / name).is_file()]
    missing = sorted(set(NEEDED) - set(files))
    if missing:
        raise SettingsError(f"{missing[0]} is missing in {root}, or Git does not know it.")
    return sorted(files)


def deploy(arguments: argparse.Namespace, root: Path) -> str:
    """Publish the Space and return its address.

    Raises:
        RecommenderError: something is missing here, or the Hub refuses.
    """
    contents: dict[str, Path | bytes] = {name: root / name for name in space_files(root)}
    for name in _git_ls_files(root, "--others", "--exclude-standard"):
        _log.info(f"Left out, because Git does not know it: {name}")
    index = list_index(arguments.index, arguments.index_revision)
    _log.info(f"Index: {index.repo_id} at commit {index.commit}")
    if index.restricted:
        # The build has no token, so it cannot fetch such an index in advance.
        _log.info(
            "The index is not open to everybody: give the Space a secret HF_TOKEN, a token that "
            "may read it, in its settings. It will fetch the index each time it wakes up."
        )
    else:
        readme = (root / "README.md").read_text(encoding="utf-8")
        contents["README.md"] = with_preload(readme, index).encode()
    return publish_space(
        arguments.space,
        contents,
        variables=_variables(arguments, index),
        private=arguments.private,
        hardware=arguments.hardware,
    )


def _variables(arguments: argparse.Namespace, index: IndexListing) -> dict[str, str]:
    """The Space's settings: the index pinned to its commit, or followed as it is updated."""
    named = {"INDEX_REPO_ID": index.repo_id, "INDEX_REVISION": index.commit}
    if arguments.follow is None:
        return named
    revision = arguments.index_revision or DEFAULT_BRANCH
    if is_commit(revision):
        raise SettingsError("--follow needs a branch or a tag: a commit never changes.")
    return {**named, "INDEX_REVISION": revision, "INDEX_REFRESH_SECONDS": str(arguments.follow)}


def main(argv: list[str] | None = None, root: Path = ROOT) -> None:
    arguments = parser().parse_args(argv)
    if arguments.dry_run:
        print("\n".join(space_files(root)))
    else:
        print(deploy(arguments, root))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("space", type=_repository, metavar="OWNER/NAME", help="the Space")
    p.add_argument(
        "--index",
        type=_repository,
        metavar="OWNER/REPO",
        required=True,
        help="the model repository that holds the index",
    )
    p.add_argument(
        "--index-revision",
        metavar="COMMIT",
        help="commit, branch or tag of the index (default: its newest commit)",
    )
    p.add_argument(
        "--follow",
        type=int,
        metavar="SECONDS",
        help="look for a newer index this often, and take it without a stop (default: stay at the "
        "commit that the index is at now)",
    )
    p.add_argument("--private", action="store_true", help="create a private Space")
    p.add_argument(
        "--hardware",
        choices=SPACE_HARDWARE,
        metavar="FLAVOUR",
        help="such as cpu-basic, cpu-upgrade, t4-small (default: as it is, or the Hub's default)",
    )
    p.add_argument("--dry-run", action="store_true", help="list the files; send nothing anywhere")
    return p


def _repository(name: str) -> str:
    owner, _, repository = name.partition("/")
    if not owner or not repository or "/" in repository:
        raise argparse.ArgumentTypeError(f"{name!r} is not of the form OWNER/NAME")
    return name


def _git_ls_files(root: Path, *options: str) -> list[str]:
    command = ["git", "-C", str(root), "ls-files", "-z", *options, "--", *NEEDED, *OPTIONAL]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SettingsError(
            f"Git cannot list the files of {root}: deploy from a Git clone, so that "
            "nothing but the project's own files is published."
        ) from error
    return [name for name in run.stdout.split("\0") if name]


if __name__ == "__main__":
    commandline.run(main, after_interrupt=GO_ON)
