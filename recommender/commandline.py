"""Command-line behaviour shared by the programs: log on stderr, errors as sentences, exit codes."""

import logging
import os
import re
import signal
import sys
from collections.abc import Callable

from recommender.errors import RecommenderError

FAILED, INTERRUPTED, TERMINATED = 1, 130, 143

# Packages whose log messages are sentences for the person at the terminal.
OWN_LOGGERS = ("recommender", "demo", "benchmarks", "scripts")

# Characters that a terminal obeys, and those that turn a line's direction: a stranger's catalogue
# or index may have them in its names. Tabs and line ends stay.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(sentence: str) -> None:
    """Print a sentence to stderr; stdout is kept for results."""
    print(printable(sentence), file=sys.stderr, flush=True)


def show(line: str) -> None:
    """Print a line of results to stdout."""
    print(printable(line))


def printable(text: str) -> str:
    """Text without the characters that a terminal obeys."""
    return _OBEYED.sub("", text)


class TerminalHandler(logging.Handler):
    """Log handler for stderr: own messages as plain sentences, libraries' with level and name."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        is_own = record.name.partition(".")[0] in OWN_LOGGERS
        prefix = "" if is_own and record.levelno < logging.ERROR else _origin(record)
        say(f"{prefix}{self.format(record)}")


def log_to_terminal() -> None:
    """Log own messages from level INFO on, libraries' from WARNING on; further calls do nothing."""
    root = logging.getLogger()
    if not any(isinstance(handler, TerminalHandler) for handler in root.handlers):
        root.addHandler(TerminalHandler())
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)


def clean_up_when_terminated() -> None:
    """Run the handlers of `atexit` when SIGTERM ends the program.

    Containers and service managers stop a server by this signal. Without a handler it ends the
    program at once and leaves its temporary files.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))


def run(main: Callable[[], None], *, after_interrupt: str = "Interrupted.") -> None:
    """Run a program's main function and leave with its exit code.

    Args:
        main: the program.
        after_interrupt: sentence for the person who pressed Ctrl-C.
    """
    log_to_terminal()
    try:
        main()
    except RecommenderError as error:
        say(f"Error: {error}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        say(f"\n{after_interrupt}")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of the output, such as `head`, has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _origin(record: logging.LogRecord) -> str:
    return f"{record.levelname} {record.name}: "
