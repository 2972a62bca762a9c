"""Tests of `recommender.hub`: the real client against a small Hub of our own, over real HTTP."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants, hf_hub_download

from recommender.errors import HubError, IndexFormatError
from recommender.hub import client, download_index, index, list_index, push_index
from tests.support.hub_protocol import READ_TOKEN, sha256
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401

REPO = "someone/index"
ROOT = Path(__file__).resolve().parents[2]
# Past the 10 MB from which the Hub keeps any file outside of Git.
BIG_BYTES = 11 * 2**20
NO_SUCH_COMMIT = "0" * 40


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_PAUSES_SECONDS", (0.01, 0.01))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index folder as far as the Hub is concerned: a large binary file and small ones."""
    folder = tmp_path / "index"
    (folder / "encoder").mkdir(parents=True)
    (folder / "embeddings.npy").write_bytes(np.random.default_rng(0).bytes(BIG_BYTES))
    (folder / "encoder" / "network.bin").write_bytes(b"\0weights" * 100)
    (folder / "manifest.json").write_text('{"version": 1}')
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# An index\n")
    return folder


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "small_index"
    folder.mkdir()
    (folder / "embeddings.npy").write_bytes(b"\0" * 2000)
    (folder / "manifest.json").write_text('{"version": 1}')
    return folder


def contents_of(folder: Path) -> dict[str, bytes]:
    """Every file in the folder but the Hub's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".gitattributes"
    }


class TestRoundTrip:
    def test_a_branch_gives_back_every_byte(self, hub_server: HubServer, folder: Path) -> None:
        published = push_index(folder, REPO)
        downloaded = download_index(REPO, "main")
        assert contents_of(downloaded.folder) == contents_of(folder)
        assert downloaded.commit == published.commit
        assert not downloaded.from_cache
        assert downloaded.notice is None

    def test_a_commit_gives_back_every_byte(self, hub_server: HubServer, folder: Path) -> None:
        published = push_index(folder, REPO)
        (folder / "manifest.json").write_text('{"version": 2}')
        push_index(folder, REPO)
        downloaded = download_index(REPO, published.commit)
        assert downloaded.commit == published.commit
        assert (downloaded.folder / "manifest.json").read_text() == '{"version": 1}'

    def test_large_files_travel_outside_of_git_and_without_the_token(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        push_index(folder, REPO)
        assert "embeddings.npy" in hub_server.repository(REPO).commits[-1].lfs
        assert "manifest.json" not in hub_server.repository(REPO).commits[-1].lfs
        download_index(REPO)
        assert hub_server.cdn_headers
        assert not any("authorization" in headers for headers in hub_server.cdn_headers)

    def test_a_fresh_process_follows_the_environment(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        script = (
            "import sys, pathlib; from recommender.hub import push_index, download_index;"
            "published = push_index(pathlib.Path(sys.argv[1]), 'someone/index');"
            "print(download_index('someone/index', published.commit).folder)"
        )
        run = subprocess.run(
            [sys.executable, "-c", script, str(small_folder)],
            cwd=ROOT,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=True,
        )
        assert contents_of(Path(run.stdout.strip())) == contents_of(small_folder)


class TestPublishing:
    def test_everything_appears_in_one_commit(self, hub_server: HubServer, folder: Path) -> None:
        published = push_index(folder, REPO)
        commits = hub_server.repository(REPO).commits
        assert [commit.message for commit in commits] == ["initial commit", "Publish the index"]
        assert published.commit == commits[-1].oid
        assert published.repo_id == REPO
        assert published.url == f"{hub_server.url}/{REPO}"

    def test_files_that_the_new_index_lacks_are_deleted_by_the_same_commit(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        push_index(folder, REPO)
        (folder / "encoder" / "network.bin").unlink()
        (folder / "manifest.json").write_text('{"version": 2}')
        push_index(folder, REPO)
        repository = hub_server.repository(REPO)
        assert len(repository.commits) == 3
        assert set(repository.files) == {*contents_of(folder), ".gitattributes"}
        assert repository.files["manifest.json"] == b'{"version": 2}'

    def test_what_the_hub_has_is_not_sent_again(self, hub_server: HubServer, folder: Path) -> None:
        push_index(folder, REPO)
        sent = hub_server.count("/cdn/upload/", "PUT")
        (folder / "manifest.json").write_text('{"version": 2}')
        push_index(folder, REPO)
        assert hub_server.count("/cdn/upload/", "PUT") == sent

    def test_publishing_the_same_index_again_makes_no_commit(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        first = push_index(folder, REPO)
        assert push_index(folder, REPO) == first
        assert len(hub_server.repository(REPO).commits) == 2

    def test_hidden_and_unfinished_files_stay_at_home(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        expected = set(contents_of(small_folder))
        (small_folder / ".cache").mkdir()
        (small_folder / ".cache" / "notes.txt").write_text("private")
        (small_folder / ".env").write_text("HF_TOKEN=secret")
        (small_folder / "embeddings.npy.tmp").write_bytes(b"half")
        (small_folder / "next.partial").mkdir()
        (small_folder / "next.partial" / "embeddings.npy").write_bytes(b"half")
        push_index(small_folder, REPO)
        assert set(hub_server.repository(REPO).files) == expected | {".gitattributes"}

    @pytest.mark.parametrize("private", [False, True])
    def test_a_private_index_is_created_private(
        self, hub_server: HubServer, small_folder: Path, private: bool
    ) -> None:
        push_index(small_folder, REPO, private=private)
        assert hub_server.repository(REPO).private is private

    def test_a_private_index_is_not_put_into_a_public_repository(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        push_index(small_folder, REPO)
        (small_folder / "manifest.json").write_text('{"secret": true}')
        with pytest.raises(HubError, match="exists already and is public"):
            push_index(small_folder, REPO, private=True)
        assert hub_server.repository(REPO).files["manifest.json"] == b'{"version": 1}'

    def test_a_repository_that_holds_something_else_is_left_alone(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        hub_server.create(REPO, files={"model.safetensors": b"years of work", "README.md": b"Hi"})
        with pytest.raises(HubError, match=r"holds something else \(model.safetensors"):
            push_index(small_folder, REPO)
        assert len(hub_server.repository(REPO).commits) == 1

    def test_a_licence_put_there_by_hand_survives(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        hub_server.create(REPO, files={"LICENSE": b"CC BY"})
        push_index(small_folder, REPO)
        assert hub_server.repository(REPO).files["LICENSE"] == b"CC BY"

    def test_an_empty_folder_is_refused_before_anything_is_created(
        self, hub_server: HubServer, tmp_path: Path
    ) -> None:
        with pytest.raises(IndexFormatError, match="no index to publish"):
            push_index(tmp_path / "nowhere", REPO)
        assert not hub_server.requests

    def test_progress_is_logged_in_sentences(
        self, hub_server: HubServer, small_folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        hub_server.fail("/commit/", status=503)
        caplog.set_level(logging.INFO, "recommender")
        push_index(small_folder, REPO)
        assert caplog.messages[0] == "Sending 2 files, 0.0 MB, to someone/index."
        assert caplog.messages[1].startswith("The Hub answered with error 503; trying again in")


class TestPublishingInBadWeather:
    @pytest.mark.parametrize(
        "path",
        [
            "/repos/create",
            "/api/models/someone/index",
            "/tree/",
            "/preupload/",
            "/objects/batch",
            "/cdn/upload/",
            "/lfs/verify",
            "/commit/",
        ],
    )
    def test_an_error_of_the_hub_is_waited_out(
        self, hub_server: HubServer, small_folder: Path, path: str
    ) -> None:
        hub_server.fail(path, status=500, times=2)
        push_index(small_folder, REPO)
        repository = hub_server.repository(REPO)
        assert len(repository.commits) == 2
        assert repository.files["embeddings.npy"] == b"\0" * 2000

    def test_a_gateway_that_answers_in_html_is_waited_out(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        hub_server.fail("/validate-yaml", status=502, html=True)
        push_index(folder, REPO)
        assert len(hub_server.repository(REPO).commits) == 2

    @pytest.mark.parametrize("reset", [False, True])
    def test_a_connection_cut_in_the_middle_of_an_upload_is_taken_up_again(
        self, hub_server: HubServer, folder: Path, reset: bool
    ) -> None:
        big = sha256((folder / "embeddings.npy").read_bytes())
        hub_server.cut(f"/cdn/upload/{big}", after=2**20, reset=reset)
        push_index(folder, REPO)
        assert (
            hub_server.repository(REPO).files["embeddings.npy"]
            == (folder / "embeddings.npy").read_bytes()
        )

    def test_a_commit_whose_answer_is_lost_is_not_made_twice(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        push_index(small_folder, REPO)
        (small_folder / "embeddings.npy").unlink()
        (small_folder / "vectors.npy").write_bytes(b"\1" * 2000)
        hub_server.lose_the_answer("/commit/")
        published = push_index(small_folder, REPO)
        commits = hub_server.repository(REPO).commits
        assert len(commits) == 3
        assert published.commit == commits[-1].oid

    def test_somebody_elses_commit_in_between_leads_to_another_look(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        push_index(small_folder, REPO)
        repository = hub_server.repository(REPO)
        theirs = {**repository.files, "vectors.npy": b"\2" * 2000}
        hub_server.meanwhile(
            "/preupload/", lambda: repository.add_commit("theirs", theirs, frozenset(theirs))
        )
        (small_folder / "manifest.json").write_text('{"version": 2}')
        push_index(small_folder, REPO)
        assert [commit.message for commit in repository.commits[2:]] == [
            "theirs",
            "Publish the index",
        ]
        assert "vectors.npy" not in repository.files

    def test_when_nothing_helps_the_old_index_stands_and_the_command_can_be_repeated(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        first = push_index(folder, REPO)
        (folder / "embeddings.npy").write_bytes(b"\7" * BIG_BYTES)
        hub_server.fail("/commit/", status=503, times=100)
        with pytest.raises(HubError, match=r"error 503.* Run the same command again"):
            push_index(folder, REPO)
        assert hub_server.repository(REPO).commits[-1].oid == first.commit

        hub_server.troubles.clear()
        sent = hub_server.count("/cdn/upload/", "PUT")
        push_index(folder, REPO)
        assert hub_server.count("/cdn/upload/", "PUT") == sent
        assert hub_server.repository(REPO).files["embeddings.npy"] == b"\7" * BIG_BYTES

    def test_a_hub_that_is_down_is_an_error_that_says_so(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        hub_server.stop()
        with pytest.raises(HubError, match="cannot be reached"):
            push_index(small_folder, REPO)


class TestBeingRefused:
    def test_no_token_to_publish_with(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("HF_TOKEN")
        with pytest.raises(HubError, match=r"does not know who you are: log in .*HF_TOKEN"):
            push_index(small_folder, REPO)

    def test_an_expired_token(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        push_index(small_folder, REPO)
        monkeypatch.setenv("HF_TOKEN", "hf_expired")
        with pytest.raises(HubError, match=r"does not know who you are.*settings/tokens.*Invalid"):
            download_index(REPO)

    def test_a_garbled_token_is_not_shown(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", "“hf_secret”")
        with pytest.raises(HubError, match="characters that no token has") as caught:
            push_index(small_folder, REPO)
        assert "secret" not in str(caught.value)

    def test_a_token_that_may_only_read(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", READ_TOKEN)
        with pytest.raises(HubError, match=r"may not write to the model repository.*read-only"):
            push_index(small_folder, REPO)

    def test_a_forbidden_download(self, hub_server: HubServer, small_folder: Path) -> None:
        push_index(small_folder, REPO)
        hub_server.fail("/revision/", status=403, message="Blocked in your country")
        hub_server.fail("/api/models/", status=403, message="Blocked in your country")
        with pytest.raises(HubError, match=r"may not read the model repository.*Blocked"):
            download_index(REPO)

    def test_a_private_index_without_a_login(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        push_index(small_folder, REPO, private=True)
        monkeypatch.delenv("HF_TOKEN")
        with pytest.raises(HubError, match=r"shows no model repository.*If it is private, log in"):
            download_index(REPO)

    def test_a_private_index_with_a_login(self, hub_server: HubServer, small_folder: Path) -> None:
        push_index(small_folder, REPO, private=True)
        assert contents_of(download_index(REPO).folder) == contents_of(small_folder)

    def test_a_gated_index(self, hub_server: HubServer, small_folder: Path) -> None:
        push_index(small_folder, REPO)
        hub_server.repository(REPO).gated = True
        with pytest.raises(HubError, match="is granted on request"):
            download_index(REPO)

    def test_no_such_repository(self, hub_server: HubServer) -> None:
        with pytest.raises(HubError, match="shows no model repository someone/nothing"):
            download_index("someone/nothing")

    @pytest.mark.parametrize("revision", ["v9", NO_SUCH_COMMIT])
    def test_no_such_revision(
        self, hub_server: HubServer, small_folder: Path, revision: str
    ) -> None:
        push_index(small_folder, REPO)
        with pytest.raises(HubError, match=f"has no revision '{revision}'"):
            download_index(REPO, revision)

    @pytest.mark.parametrize("name", ["a/b/c", "über/index", "", "someone/in..dex"])
    def test_a_malformed_name(self, hub_server: HubServer, small_folder: Path, name: str) -> None:
        with pytest.raises(HubError, match="is not the name of a repository: write OWNER/NAME"):
            download_index(name)
        with pytest.raises(HubError, match="is not the name of a repository: write OWNER/NAME"):
            push_index(small_folder, name)
        assert not hub_server.requests

    def test_a_repository_without_an_index(self, hub_server: HubServer) -> None:
        hub_server.create(REPO)
        with pytest.raises(HubError, match="There is nothing in the model repository"):
            download_index(REPO)
        with pytest.raises(HubError, match="There is nothing in the model repository"):
            list_index(REPO)

    def test_a_card_that_the_hub_does_not_accept(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        (small_folder / "README.md").write_text("---\nlicense: mit\n")
        with pytest.raises(HubError, match="the metadata block is not closed"):
            push_index(small_folder, REPO)
        assert len(hub_server.repository(REPO).commits) == 1

    def test_a_hub_without_xet(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
        with pytest.raises(HubError, match="set HF_HUB_DISABLE_XET=1"):
            push_index(small_folder, REPO)


class TestDownloadingInBadWeather:
    @pytest.mark.parametrize(
        ("path", "method"),
        [
            ("/api/models/", "GET"),
            ("/tree/", "GET"),
            ("/resolve/", "HEAD"),
            ("manifest.json", "GET"),
            ("/cdn/", "GET"),
        ],
    )
    def test_an_error_of_the_hub_is_waited_out(
        self, hub_server: HubServer, small_folder: Path, path: str, method: str
    ) -> None:
        push_index(small_folder, REPO)
        hub_server.fail(path, method=method, status=500, times=2)
        downloaded = download_index(REPO)
        assert contents_of(downloaded.folder) == contents_of(small_folder)
        assert downloaded.notice is None

    @pytest.mark.parametrize("reset", [False, True])
    def test_a_connection_cut_in_the_middle_is_taken_up_again(
        self, hub_server: HubServer, folder: Path, reset: bool
    ) -> None:
        push_index(folder, REPO)
        big = sha256((folder / "embeddings.npy").read_bytes())
        hub_server.cut(f"/cdn/{big}", method="GET", after=4 * 2**20, reset=reset)
        assert contents_of(download_index(REPO).folder) == contents_of(folder)

    def test_after_an_orderly_cut_only_the_rest_is_asked_for(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        push_index(folder, REPO)
        big = sha256((folder / "embeddings.npy").read_bytes())
        # The client writes what it has received in pieces of 10 MB.
        hub_server.cut(f"/cdn/{big}", method="GET", after=10 * 2**20 + 1)
        download_index(REPO)
        ranges = [headers.get("range") for headers in hub_server.cdn_headers]
        assert any(asked is not None and asked != "bytes=0-" for asked in ranges)

    def test_an_interrupted_download_keeps_what_has_arrived(
        self, hub_server: HubServer, folder: Path
    ) -> None:
        push_index(folder, REPO)
        hub_server.fail("manifest.json", method="GET", status=500, times=100)
        with pytest.raises(HubError, match="error 500"):
            download_index(REPO)
        hub_server.troubles.clear()
        fetched = hub_server.count("/cdn/", "GET")
        assert contents_of(download_index(REPO).folder) == contents_of(folder)
        assert hub_server.count("/cdn/", "GET") == fetched

    def test_a_hub_that_is_down_with_nothing_on_disk_is_an_error(
        self, hub_server: HubServer
    ) -> None:
        hub_server.stop()
        with pytest.raises(HubError, match=r"cannot be reached.*Nothing usable is in the cache"):
            download_index(REPO)

    def test_a_hub_that_never_answers_is_an_error(
        self, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "ANSWER_SECONDS", 0.1)
        hub_server.fall_silent("/api/models/", times=100)
        with pytest.raises(HubError, match=r"cannot be reached \(ReadTimeout"):
            download_index(REPO)

    def test_offline_with_nothing_on_disk_is_an_error(
        self, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        with pytest.raises(HubError, match="HF_HUB_OFFLINE is set"):
            download_index(REPO)
        assert not hub_server.requests


class TestTheCopyOnDisk:
    def test_a_commit_on_disk_needs_no_request(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        published = push_index(small_folder, REPO)
        first = download_index(REPO, published.commit)
        hub_server.requests.clear()
        again = download_index(REPO, published.commit)
        assert hub_server.requests == []
        assert again.folder == first.folder
        assert again.from_cache
        assert again.notice is None

    def test_a_commit_on_disk_needs_no_request_in_a_fresh_process(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # As users run it: with the client's telemetry, which asks the Hub for a list by itself.
        monkeypatch.delenv("HF_HUB_DISABLE_TELEMETRY")
        published = push_index(small_folder, REPO)
        download_index(REPO, published.commit)
        hub_server.requests.clear()
        script = f"""
from recommender.hub import download_index
print(download_index({REPO!r}, {published.commit!r}).folder)
"""
        run = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert contents_of(Path(run.stdout.strip())) == contents_of(small_folder)
        assert hub_server.requests == []

    def test_a_commit_that_another_program_fetched_needs_no_request(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        published = push_index(small_folder, REPO)
        for name in contents_of(small_folder):
            hf_hub_download(REPO, name, revision=published.commit)
        hub_server.stop()
        downloaded = download_index(REPO, published.commit)
        assert contents_of(downloaded.folder) == contents_of(small_folder)
        assert downloaded.from_cache

    def test_half_a_copy_is_not_used_as_a_whole_one(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        published = push_index(small_folder, REPO)
        hub_server.fail("/cdn/", method="GET", status=500, times=100)
        for _ in range(2):
            with pytest.raises(HubError, match="error 500"):
                download_index(REPO, published.commit)

    def test_what_is_on_disk_is_replaced_when_it_is_asked_for_again(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        published = push_index(small_folder, REPO)
        folder = download_index(REPO, published.commit).folder
        (folder / "embeddings.npy").resolve().write_bytes(b"damaged")
        (folder / "manifest.json").unlink()
        again = download_index(REPO, published.commit, again=True)
        assert contents_of(again.folder) == contents_of(small_folder)

    def test_a_branch_that_has_not_moved_is_not_fetched_again(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        push_index(small_folder, REPO)
        download_index(REPO)
        hub_server.requests.clear()
        assert download_index(REPO).from_cache
        assert len(hub_server.requests) == 1

    def test_a_branch_that_has_moved_is_fetched(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        push_index(small_folder, REPO)
        download_index(REPO)
        (small_folder / "manifest.json").write_text('{"version": 2}')
        published = push_index(small_folder, REPO)
        downloaded = download_index(REPO)
        assert downloaded.commit == published.commit
        assert (downloaded.folder / "manifest.json").read_text() == '{"version": 2}'
        assert not downloaded.from_cache

    def test_a_hub_that_is_down_leaves_the_copy_and_a_notice(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        published = push_index(small_folder, REPO)
        download_index(REPO)
        hub_server.stop()
        downloaded = download_index(REPO)
        assert contents_of(downloaded.folder) == contents_of(small_folder)
        assert downloaded.commit == published.commit
        assert downloaded.from_cache
        assert downloaded.notice is not None
        assert "cannot be reached" in downloaded.notice
        assert published.commit[:7] in downloaded.notice

    def test_a_hub_that_never_answers_leaves_the_copy_and_a_notice(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        push_index(small_folder, REPO)
        download_index(REPO)
        monkeypatch.setattr(index, "ANSWER_SECONDS", 0.1)
        hub_server.fall_silent("/api/models/", times=100)
        assert "ReadTimeout" in (download_index(REPO).notice or "")

    def test_a_hub_that_errs_leaves_the_copy_and_a_notice(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        push_index(small_folder, REPO)
        download_index(REPO)
        hub_server.fail("/api/models/", status=503, times=100)
        assert "error 503" in (download_index(REPO).notice or "")

    def test_offline_uses_the_copy_with_a_notice(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        push_index(small_folder, REPO)
        download_index(REPO)
        hub_server.requests.clear()
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        assert "HF_HUB_OFFLINE" in (download_index(REPO).notice or "")
        assert hub_server.requests == []

    def test_a_download_that_fails_midway_leaves_the_older_whole_copy_in_use(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        first = push_index(small_folder, REPO)
        download_index(REPO)
        (small_folder / "embeddings.npy").write_bytes(b"\1" * 2000)
        push_index(small_folder, REPO)
        hub_server.fail("/cdn/", method="GET", status=500, times=100)
        downloaded = download_index(REPO)
        assert downloaded.commit == first.commit
        assert downloaded.notice is not None
        # ... and the half that arrived does not stand in its way when the Hub is gone.
        hub_server.stop()
        assert download_index(REPO).commit == first.commit

    def test_a_refusal_is_not_hidden_by_the_copy(
        self, hub_server: HubServer, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        push_index(small_folder, REPO, private=True)
        download_index(REPO)
        monkeypatch.delenv("HF_TOKEN")
        with pytest.raises(HubError, match="If it is private, log in"):
            download_index(REPO)


class TestListing:
    def test_the_listing_names_the_commit_and_every_file(
        self, hub_server: HubServer, small_folder: Path
    ) -> None:
        published = push_index(small_folder, REPO, private=True)
        listing = list_index(REPO)
        assert listing.commit == published.commit
        assert set(listing.files) == {".gitattributes", "embeddings.npy", "manifest.json"}
        assert listing.restricted
