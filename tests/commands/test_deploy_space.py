"""Tests of `scripts/deploy_space.py`, and of the part of `recommender.hub` that it stands on."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from recommender import commandline
from recommender.errors import HubError
from recommender.hub import IndexListing, client, with_preload
from tests.support.hub_protocol import READ_TOKEN
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "deploy_space.py"
SPACE = "someone/closet"
INDEX = "someone/index"
COMMAND = [SPACE, "--index", INDEX]
Deploy = Callable[..., int]
Told = pytest.CaptureFixture[str]
README = """---
title: Closet
sdk: gradio
sdk_version: 6.31.0
python_version: "3.11"
tags: [fashion]
---

# A closet

It has --- dashes in it.
"""


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_PAUSES_SECONDS", (0.01, 0.01))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("deploy_space", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A Git clone with what a Space needs, with what it does not need, and with stray files."""
    tree = tmp_path / "clone"
    known = {
        "app.py": "print('the app')",
        "requirements.txt": "gradio",
        "README.md": README,
        "LICENSE": "MIT",
        ".gitattributes": "*.npy filter=lfs",
        ".gitignore": "*.log\n",
        "recommender/__init__.py": "",
        "recommender/interface/style.css": "body {}",
        "tests/test_app.py": "",
        "scripts/build_index.py": "",
    }
    stray = {
        ".env": "HF_TOKEN=hf_secret",
        "notes.txt": "private",
        "recommender/draft.py": "",
        "recommender/debug.log": "",
        "recommender/__pycache__/__init__.pyc": "",
    }
    for name, text in {**known, **stray}.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    for command in (["init", "-q"], ["add", "-f", *known]):
        subprocess.run(["git", "-C", str(tree), *command], check=True)
    return tree


NEEDED = {
    "app.py",
    "requirements.txt",
    "README.md",
    "LICENSE",
    ".gitattributes",
    "recommender/__init__.py",
    "recommender/interface/style.css",
}


@pytest.fixture
def published(hub_server: HubServer) -> str:
    """The commit of an index on the Hub."""
    repository = hub_server.create(INDEX, files={"manifest.json": b"{}", "embeddings.npy": b"\0"})
    return repository.commits[-1].oid


def run(script: ModuleType, arguments: list[str], tree: Path) -> int:
    """The exit code of the command in `tree`, as its last lines run it."""
    try:
        commandline.run(partial(script.main, arguments, tree))
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


@pytest.fixture
def deploy(script: ModuleType, tree: Path) -> Deploy:
    """Deploys the index from `tree` with further arguments; returns the exit code."""
    return lambda *arguments: run(script, [*COMMAND, *arguments], tree)


def front_matter(readme: bytes) -> dict[str, object]:
    return yaml.safe_load(readme.decode().split("---\n")[1])


class TestWhatIsPublished:
    def test_the_space_gets_what_it_needs_and_nothing_else(
        self, hub_server: HubServer, published: str, tree: Path, deploy: Deploy
    ) -> None:
        assert deploy() == 0
        space = hub_server.repository(SPACE, "space")
        assert set(space.files) == NEEDED
        for name in NEEDED - {"README.md"}:
            assert space.files[name] == (tree / name).read_bytes()

    def test_a_dry_run_lists_the_same_files_and_asks_nobody(
        self, hub_server: HubServer, deploy: Deploy, capsys: Told
    ) -> None:
        assert deploy("--dry-run") == 0
        assert set(capsys.readouterr().out.split()) == NEEDED
        assert hub_server.requests == []

    def test_a_new_file_that_git_does_not_know_is_pointed_out(
        self, hub_server: HubServer, published: str, deploy: Deploy, capsys: Told
    ) -> None:
        deploy()
        told = capsys.readouterr().err
        assert "Git does not know it: recommender/draft.py" in told
        assert "debug.log" not in told

    def test_it_is_a_gradio_space_pinned_to_the_index(
        self, hub_server: HubServer, published: str, deploy: Deploy, capsys: Told
    ) -> None:
        deploy()
        space = hub_server.repository(SPACE, "space")
        assert space.sdk == "gradio"
        assert not space.private
        assert space.variables == {"INDEX_REPO_ID": INDEX, "INDEX_REVISION": published}
        assert [commit.message for commit in space.commits] == [
            "initial commit",
            "Deploy the Space",
        ]
        assert capsys.readouterr().out == f"{hub_server.url}/spaces/{SPACE}\n"

    def test_a_space_may_follow_its_index(
        self, hub_server: HubServer, published: str, deploy: Deploy, capsys: Told
    ) -> None:
        deploy("--follow", "600")
        variables = hub_server.repository(SPACE, "space").variables
        assert variables["INDEX_REVISION"] == "main"
        assert variables["INDEX_REFRESH_SECONDS"] == "600"
        assert deploy("--follow", "600", "--index-revision", published) == 1
        assert "a commit never changes" in capsys.readouterr().err

    def test_a_named_revision_is_pinned_by_its_commit(
        self, hub_server: HubServer, published: str, deploy: Deploy
    ) -> None:
        repository = hub_server.repository(INDEX)
        repository.add_commit("newer", repository.files, frozenset())
        deploy("--index-revision", published)
        assert hub_server.repository(SPACE, "space").variables["INDEX_REVISION"] == published

    def test_the_build_is_told_to_fetch_the_index(
        self, hub_server: HubServer, published: str, deploy: Deploy
    ) -> None:
        deploy()
        readme = hub_server.repository(SPACE, "space").files["README.md"]
        assert front_matter(readme)["preload_from_hub"] == [
            f"{INDEX} .gitattributes,manifest.json,embeddings.npy {published}"
        ]

    @pytest.mark.parametrize("restriction", ["private", "gated"])
    def test_a_restricted_index_is_not_preloaded_and_its_token_is_asked_for(
        self, restriction: str, hub_server: HubServer, published: str, deploy: Deploy, capsys: Told
    ) -> None:
        setattr(hub_server.repository(INDEX), restriction, True)
        deploy()
        assert hub_server.repository(SPACE, "space").files["README.md"] == README.encode()
        assert "secret HF_TOKEN" in capsys.readouterr().err

    def test_privacy_and_hardware_are_asked_for(
        self, hub_server: HubServer, published: str, deploy: Deploy
    ) -> None:
        deploy("--private", "--hardware", "cpu-upgrade")
        space = hub_server.repository(SPACE, "space")
        assert space.private
        assert space.hardware == "cpu-upgrade"


class TestDeployingAgain:
    def test_stale_files_go_and_changes_arrive(
        self, hub_server: HubServer, published: str, tree: Path, deploy: Deploy
    ) -> None:
        deploy()
        (tree / "recommender" / "interface" / "style.css").unlink()
        (tree / "app.py").write_text("print('the new app')")
        assert deploy("--hardware", "t4-small") == 0
        space = hub_server.repository(SPACE, "space")
        assert set(space.files) == NEEDED - {"recommender/interface/style.css"}
        assert space.files["app.py"] == b"print('the new app')"
        assert space.hardware == "t4-small"

    def test_a_newer_index_moves_the_pin(
        self, hub_server: HubServer, published: str, deploy: Deploy
    ) -> None:
        deploy()
        repository = hub_server.repository(INDEX)
        newer = repository.add_commit("newer", repository.files, frozenset())
        deploy()
        assert hub_server.repository(SPACE, "space").variables["INDEX_REVISION"] == newer.oid

    def test_without_a_change_the_space_is_not_restarted(
        self, hub_server: HubServer, published: str, deploy: Deploy
    ) -> None:
        deploy("--hardware", "cpu-basic")
        deploy("--hardware", "cpu-basic")
        assert len(hub_server.repository(SPACE, "space").commits) == 2
        assert hub_server.count("/variables", "POST") == 0
        assert hub_server.count("/hardware", "POST") == 0

    def test_a_space_that_is_something_else_is_left_alone(
        self, hub_server: HubServer, published: str, deploy: Deploy, capsys: Told
    ) -> None:
        hub_server.create(SPACE, "space", files={"app.py": b"other", "game.py": b"years of work"})
        assert deploy() == 1
        assert "holds something else (game.py" in capsys.readouterr().err
        space = hub_server.repository(SPACE, "space")
        assert len(space.commits) == 1
        assert space.variables == {}


class TestRefusals:
    @pytest.mark.parametrize("status", [402, 403])
    def test_a_login_without_a_paid_plan_is_told_about_it(
        self, hub_server: HubServer, published: str, deploy: Deploy, capsys: Told, status: int
    ) -> None:
        hub_server.space_refusal = status
        assert deploy() == 1
        told = capsys.readouterr().err
        assert "A Gradio Space needs a paid plan" in told
        assert 'The Hub says: "Subscribe to PRO' in told

    def test_a_login_without_a_paid_plan_can_still_update_a_space(
        self, hub_server: HubServer, published: str, tree: Path, deploy: Deploy
    ) -> None:
        deploy()
        hub_server.space_refusal = 402
        (tree / "app.py").write_text("print('the new app')")
        assert deploy() == 0
        assert hub_server.repository(SPACE, "space").files["app.py"] == b"print('the new app')"

    def test_a_token_that_may_only_read(
        self,
        hub_server: HubServer,
        published: str,
        deploy: Deploy,
        capsys: Told,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", READ_TOKEN)
        assert deploy() == 1
        assert "the token needs the right to write there" in capsys.readouterr().err

    def test_an_index_that_does_not_exist_is_found_out_before_the_space_is_created(
        self, hub_server: HubServer, deploy: Deploy
    ) -> None:
        assert deploy() == 1
        assert hub_server.repositories == {}

    def test_a_folder_that_is_no_git_clone_is_refused(
        self, tmp_path: Path, script: ModuleType, capsys: Told
    ) -> None:
        assert run(script, [*COMMAND, "--dry-run"], tmp_path) == 1
        assert "deploy from a Git clone" in capsys.readouterr().err

    def test_a_missing_file_is_named(self, tree: Path, deploy: Deploy, capsys: Told) -> None:
        (tree / "requirements.txt").unlink()
        assert deploy("--dry-run") == 1
        assert "requirements.txt is missing" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            [SPACE],
            ["closet", "--index", INDEX],
            ["a/b/c", "--index", INDEX],
            [SPACE, "--index", "index"],
            [*COMMAND, "--hardware", "abacus"],
        ],
    )
    def test_a_senseless_command_line_is_exit_code_2(
        self, tree: Path, script: ModuleType, arguments: list[str]
    ) -> None:
        assert run(script, arguments, tree) == 2


class TestAsACommand:
    def deploy(self, tree: Path) -> subprocess.CompletedProcess[str]:
        """The command as users run it: in a clone, as a process of its own."""
        (tree / "scripts").mkdir(exist_ok=True)
        shutil.copy(SCRIPT, tree / "scripts")
        for name in ("errors.py", "commandline.py"):
            shutil.copy(ROOT / "recommender" / name, tree / "recommender")
        shutil.copytree(ROOT / "recommender" / "hub", tree / "recommender" / "hub")
        return subprocess.run(
            [sys.executable, str(tree / "scripts" / "deploy_space.py"), *COMMAND],
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )

    def test_the_address_is_all_that_goes_to_stdout(
        self, hub_server: HubServer, published: str, tree: Path
    ) -> None:
        run = self.deploy(tree)
        assert run.stdout == f"{hub_server.url}/spaces/{SPACE}\n"
        assert run.returncode == 0

    def test_a_failure_is_one_sentence_without_a_traceback(
        self, hub_server: HubServer, published: str, tree: Path
    ) -> None:
        hub_server.space_refusal = 402
        run = self.deploy(tree)
        assert run.returncode == 1
        assert run.stdout == ""
        assert "Error: The Hub does not let this login create" in run.stderr
        assert "Traceback" not in run.stderr


class TestPreload:
    LISTING = IndexListing(INDEX, "1" * 40, ("a.npy", "b.json"), restricted=False)

    def test_the_rest_of_the_readme_stays_as_it_was(self) -> None:
        readme = with_preload(README, self.LISTING)
        before = front_matter(README.encode())
        after = front_matter(readme.encode())
        assert after.pop("preload_from_hub") == [f"{INDEX} a.npy,b.json {'1' * 40}"]
        assert after == before
        assert list(after) == list(before)
        assert readme.endswith("\n\n# A closet\n\nIt has --- dashes in it.\n")

    def test_an_older_pin_is_replaced(self) -> None:
        older = with_preload(README, IndexListing(INDEX, "2" * 40, ("a.npy",), restricted=False))
        assert with_preload(older, self.LISTING) == with_preload(README, self.LISTING)

    @pytest.mark.parametrize(
        ("readme", "message"),
        [
            ("# No front matter", 'no front matter with "sdk: gradio"'),
            ("---\nsdk: docker\n---\n", 'no front matter with "sdk: gradio"'),
            ("---\na: [\n---\n", "cannot be read"),
            ("---\n- a list\n---\n", "cannot be read"),
        ],
    )
    def test_a_readme_that_describes_no_gradio_space_is_refused(
        self, readme: str, message: str
    ) -> None:
        with pytest.raises(HubError, match=message):
            with_preload(readme, self.LISTING)
