"""The log at the terminal: own messages as sentences, those of libraries with their origin."""

import logging
from collections.abc import Iterator

import pytest

from recommender.commandline import TerminalHandler, log_to_terminal, run


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
