"""The soak test's own eyes: it must see what it is there to see."""

import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from unittest import mock

import httpx
import pytest

from benchmarks.program import work_folder
from benchmarks.soak import run as soak_run
from benchmarks.soak import sandbox as sandbox_module
from benchmarks.soak.build_kills import _points
from benchmarks.soak.calling import Attack
from benchmarks.soak.calls import Answer, Caller
from benchmarks.soak.crowds import search_with
from benchmarks.soak.damaged_pictures import (
    DAMAGES,
    DECLARED,
    damaged_pictures,
    declaring,
    whole_pictures,
)
from benchmarks.soak.endpoints import declared_endpoints, page_events, small_picture
from benchmarks.soak.findings import HANG_SECONDS, Check, report
from benchmarks.soak.hostile_values import Surroundings, hostile_values
from benchmarks.soak.listener import Listener
from benchmarks.soak.memory import growth_fault
from benchmarks.soak.sandbox import Sandbox
from benchmarks.soak.server import Server
from recommender.errors import SettingsError
from recommender.pictures.decoding import FORMATS, open_picture
from scripts import soak as soak_program
from tests.conftest import Served


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    root = tmp_path / "sandbox"
    root.mkdir()
    return Sandbox(root)


@pytest.fixture
def caller(served: Served) -> Iterator[Caller]:
    with Caller(served.address) as caller:
        yield caller


def test_a_check_passes_only_when_everything_was_done_without_a_fault() -> None:
    check = Check("pictures", planned=2)
    check.timed(0.1, "one")
    assert not check.passed, "one of two is done"
    check.timed(0.2, "two")
    assert check.passed
    check.fault("a traceback")
    assert not check.passed
    assert not Check("nothing planned, and nothing done").passed


def test_a_hang_is_a_fault() -> None:
    check = Check("calls")
    check.timed(HANG_SECONDS - 0.1, "quick")
    assert check.passed
    check.timed(HANG_SECONDS + 0.1, "slow")
    assert "slow: 5.1 s" in report([check])


def test_growth_of_memory_beyond_a_tenth_is_a_fault() -> None:
    check = Check("memory", done=1)
    growth_fault(check, 500, 545)
    assert check.passed
    growth_fault(check, 500, 555)
    assert not check.passed


def test_the_report_counts_faults_of_a_kind_and_shows_a_few() -> None:
    check = Check("calls", planned=9, done=9)
    for number in range(9):
        check.fault("a traceback", f"example {number}")
    text = report([check])
    assert "**9 faults**" in text
    assert "a traceback (9 times)" in text
    assert "example 2" in text
    assert "example 3" not in text


@pytest.mark.parametrize("where", ["canaries/canary.png", "home/canary.txt", "tmp/canary.txt"])
def test_a_deleted_or_changed_canary_is_seen(sandbox: Sandbox, where: str) -> None:
    before = sandbox.marks()
    assert sandbox.touched(before) == []
    (sandbox.root / where).write_text("other")
    assert sandbox.touched(before) == [f"{where} was changed"]
    (sandbox.root / where).unlink()
    assert sandbox.touched(before) == [f"{where} was deleted"]


def test_new_files_are_seen_outside_the_folders_that_are_ours(sandbox: Sandbox) -> None:
    before = sandbox.marks()
    for ours in ("cache", "tmp/gradio", "home/.cache/fontconfig"):
        folder = sandbox.root / ours
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "file").write_text("ours")
    assert sandbox.touched(before) == []
    (sandbox.home / "file").write_text("not ours")
    (sandbox.work / "file").write_text("not ours")
    assert sandbox.touched(before) == ["home/file was created", "work/file was created"]


def test_as_root_nothing_is_attacked_without_an_ordinary_user(tmp_path: Path) -> None:
    with (
        mock.patch("os.geteuid", return_value=0),
        mock.patch("shutil.which", return_value=None),
        pytest.raises(SettingsError, match="ordinary user"),
    ):
        Sandbox(tmp_path)


def test_the_short_form_tells_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As this user: an ordinary one may not be able to read where the tests are installed."""
    options = ["--short", "--only", "decoder", "--work", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["soak.py", *options])
    monkeypatch.setattr(sandbox_module, "_dropping_privileges", list)
    monkeypatch.setattr(soak_run, "TIDYING_SECONDS", 0.0)
    # How long a picture takes is not what is tested, on a machine that tests beside it.
    monkeypatch.setattr("benchmarks.soak.decoding.HANG_SECONDS", 120.0)
    monkeypatch.setattr(soak_run, "SHORT", replace(soak_run.SHORT, decoder_pictures=88))
    before = signal.getsignal(signal.SIGTERM)
    try:
        soak_program.main()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert re.search(r"damaged pictures, decoder \| 88 of 88 .* ok;", capsys.readouterr().out)
    assert list(tmp_path.iterdir()) == []


def test_the_long_form_is_more_of_everything() -> None:
    full, short = soak_run.FULL, soak_run.SHORT
    for name, most in vars(full).items():
        assert getattr(short, name) <= most, name


def test_a_missing_package_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="The soak test needs surely_missing: pip install"),
        work_folder("soak test", ["json", "surely_missing"], tmp_path),
    ):
        pass


def test_a_work_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="Name another with --work"),
        work_folder("soak test", [], tmp_path / "missing"),
    ):
        pass


def test_whole_pictures_are_of_every_format_and_open() -> None:
    assert set(whole_pictures()) == set(FORMATS)
    for files in whole_pictures().values():
        for file in files:
            assert open_picture(file).mode == "RGB"


def test_damage_is_of_every_kind_for_every_format_and_the_same_for_a_seed() -> None:
    count = len(FORMATS) * len(DAMAGES)
    made = list(damaged_pictures(count, seed=3))
    assert len({picture.name.split(" ", 1)[1] for picture in made}) == count
    assert made == list(damaged_pictures(count, seed=3))
    assert made != list(damaged_pictures(count, seed=4))
    whole = {file for files in whole_pictures().values() for file in files}
    changed = [picture.data not in whole for picture in made]
    assert sum(changed) > 0.95 * count


@pytest.mark.parametrize("format", FORMATS)
def test_another_size_is_declared_where_the_decoder_reads_it(format: str) -> None:
    import io

    from PIL import Image

    for file in whole_pictures()[format]:
        changed = declaring(file, format, 640, 480)
        try:
            with Image.open(io.BytesIO(changed)) as picture:
                assert 640 in picture.size or 480 in picture.size
        except OSError:
            assert format in ("AVIF", "HEIF", "WEBP"), "their decoders compare it at once"
    assert (65_500, 65_500) in DECLARED


def test_hostile_values_are_json_and_cover_what_callers_try(sandbox: Sandbox) -> None:
    values = hostile_values(_around(sandbox, "http://127.0.0.1:9"))
    assert len({value.name for value in values}) == len(values)
    unreadable = [value.name for value in values if not _is_json(value.json)]
    assert all("digit number" in name or " deep" in name for name in unreadable)
    kinds = Counter(value.foreign for value in values)
    assert min(kinds[kind] for kind in ("existing", "missing", "fetched")) > 9
    alike = {value.alike for value in values if value.foreign == "missing"}
    assert alike == {value.alike for value in values if value.foreign == "existing"}


def test_every_declared_endpoint_is_attacked_and_its_valid_arguments_are_valid(
    caller: Caller, served: Served
) -> None:
    item = served.source.index.catalogue.ids[0]
    endpoints = {endpoint.name: endpoint for endpoint in declared_endpoints(caller, item)}
    assert {"recommend", "similar", "mix", "explain", "result_sheet", "catalog"} <= set(endpoints)
    if served.source.index.text is None:
        # They refuse every text where the index has no words.
        del endpoints["search_words"], endpoints["understand"]
    for endpoint in endpoints.values():
        for parameter in endpoint.parameters:
            arguments = endpoint.arguments(parameter, parameter.valid)
            answer = caller.by_position(endpoint.name, arguments)
            assert answer.kind == "result", (endpoint.name, parameter.name, answer.words)


def test_events_of_the_page_are_found_once_each(caller: Caller) -> None:
    events = page_events(caller)
    names = [event.name for event in events]
    assert any(parameter.is_picture for event in events for parameter in event.parameters)
    assert any(event.opens_page for event in events)
    assert len(names) == len({(event.name, len(event.parameters)) for event in events})


def test_answers_and_refusals_are_told_apart(caller: Caller) -> None:
    answer = search_with(caller, small_picture(), "png")
    assert answer.kind == "result"
    assert json.loads(answer.text)[1]
    refused = search_with(caller, b"not a picture", "png")
    assert refused.kind == "refusal"
    assert "not a picture" in refused.words
    unknown = caller.at_once("item", '["nowhere"]')
    assert (unknown.kind, "nowhere" in unknown.words) == ("refusal", True)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, b"Internal Server Error", "failure"),
        (500, b'{"error": null}', "failure"),
        (500, b'{"error": "The catalogue has no such item."}', "refusal"),
        (422, b'{"detail": [{"msg": "Field required"}]}', "refusal"),
        (200, b'{"data": []}', "result"),
    ],
)
def test_a_failure_is_an_answer_without_words(status: int, body: bytes, kind: str) -> None:
    caller = Caller("http://127.0.0.1:9")
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    caller._http = httpx.Client(base_url="http://app", transport=transport)
    assert caller.at_once("item", "[]").kind == kind


class _Log:
    """A server that runs and whose log is a file."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.server = Server(sandbox, sandbox.work, "app")
        self.server.process = mock.Mock()
        self.server.process.poll.return_value = None
        self.server.log.write_text("Serving.\n")

    def write(self, text: str) -> None:
        with self.server.log.open("a") as log:
            log.write(text)


def test_a_traceback_in_the_log_is_seen_once(sandbox: Sandbox) -> None:
    log, check = _Log(sandbox), Check("calls")
    log.server.look(check, "before")
    assert check.faults == {}
    log.write('Traceback (most recent call last):\n  File "x.py", line 1\nValueError: no\n')
    log.server.look(check, "the call")
    log.server.look(check, "the next")
    assert check.faults == {"a traceback in the server's log": ["the call: ValueError: no"]}


def test_a_server_that_ends_is_a_fault(sandbox: Sandbox) -> None:
    log, check = _Log(sandbox), Check("calls")
    assert log.server.process
    log.server.process.poll.return_value = -11
    assert not log.server.look(check, "the call")
    assert "the server ended" in check.faults


class _Careless:
    """A caller of an app that accepts any picture, and tells which files exist."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def get(self, path: str) -> httpx.Response:
        request = httpx.Request("GET", "http://app")
        parameter = {"parameter_name": "image", "component": "Image", "type": "filepath"}
        info = {"named_endpoints": {"/search": {"parameters": [parameter]}}}
        return httpx.Response(200, json=info, request=request)

    def by_position(self, name: str, arguments: str) -> Answer:
        if "missing" in arguments:
            return Answer("refusal", "There is no such file.", 0.0, "")
        if "link.png" in arguments:
            return Answer("refusal", "That is a link.", 0.0, "")
        return Answer("result", "", 0.0, self.secret if "canary.png" in arguments else "")

    by_name = at_once = by_position


def test_a_careless_app_is_found_out(sandbox: Sandbox) -> None:
    listener = Listener(small_picture())
    with listener.listening():
        httpx.get(f"{listener.address}/canary.png")
        attack = Attack(
            _Log(sandbox).server,
            _Careless(sandbox.secret),  # type: ignore[arg-type]
            _around(sandbox, listener.address),
            listener,
            sandbox.secret,
            share=1.0,
            seed=0,
        )
        check = attack.endpoints(60)
    assert set(check.faults) == {
        "a picture that was not sent was accepted",
        "a file that is not the app's came back",
        "a refusal tells whether a file exists",
        "an address was fetched",
    }


@pytest.mark.parametrize("kills", [3, 10, 50])
def test_kills_cover_the_life_of_a_build(kills: int) -> None:
    chains = _points(kills)
    assert sum(map(len, chains)) == kills
    late = sorted(point for chain in chains for point in chain[1:])
    steps = [after - before for before, after in pairwise(late)]
    assert late[0] < 1.1 / len(late)
    assert late[-1] > 1 - 1.1 / len(late)
    assert max(steps) < 1.1 / len(late)


def _around(sandbox: Sandbox, listener: str) -> Surroundings:
    return Surroundings(sandbox.canary, sandbox.tmp / "gradio", listener, "p1", "gender")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
