"""The log at the terminal: own messages as sentences, those of libraries with their origin."""

import logging
from collections.abc import Iterator

import pytest

from recommender.commandline import TerminalHandler, log_to_terminal, printable, run


@pytest.fixture(autouse=True)
def _root_handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(logging.getLogger(), "handlers", [])
        yield


def test_own_messages_are_sentences_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    run(lambda: logging.getLogger("recommender.startup").info("Getting the index."))
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Getting the index.\n")


def test_warnings_of_libraries_name_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_terminal()
    logging.getLogger("library.part").info("Details.")
    logging.getLogger("library.part").warning("Careful.")
    assert capsys.readouterr().err == "WARNING library.part: Careful.\n"


def test_a_second_program_in_one_process_does_not_log_twice() -> None:
    log_to_terminal()
    log_to_terminal()
    handlers = logging.getLogger().handlers
    assert sum(isinstance(handler, TerminalHandler) for handler in handlers) == 1


def test_names_of_strangers_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "Hat\x1b]0;owned\x07 \x9b31m\u202egpj.exe\r\tRed\n"
    assert printable(hostile) == "Hat]0;owned 31mgpj.exe\tRed\n"
    run(lambda: logging.getLogger("recommender").info(hostile))
    assert not set(capsys.readouterr().err) & set("\x1b\x07\x9b\u202e\r")
