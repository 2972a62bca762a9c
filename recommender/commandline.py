"""What the command-line programs share: errors as sentences, interruption without a traceback."""

import os
import signal
import sys
from collections.abc import Callable

from recommender.errors import RecommenderError

FAILED, INTERRUPTED, TERMINATED = 1, 130, 143


def say(sentence: str) -> None:
    """Tell the person at the terminal; stdout is kept for results."""
    print(sentence, file=sys.stderr, flush=True)


def clean_up_when_terminated() -> None:
    """Let SIGTERM end the program as its own end does: handlers of `atexit` run.

    Containers and service managers stop a server by that signal, which would otherwise end it with
    its temporary files in place.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))


def run(main: Callable[[], None], *, after_interrupt: str = "Interrupted.") -> None:
    """Run a program's main function and leave with its exit code.

    Args:
        main: the program.
        after_interrupt: what to tell who pressed Ctrl-C.
    """
    try:
        main()
    except RecommenderError as error:
        say(f"Error: {error}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        say(f"\n{after_interrupt}")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
