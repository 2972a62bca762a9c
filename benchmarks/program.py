"""Start-up of the measuring programs: packages that they need, and a work folder."""

import importlib.util
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import SettingsError


@contextmanager
def work_folder(name: str, packages: Sequence[str], parent: Path | None) -> Iterator[Path]:
    """Empty folder for one run of a measuring program; removed at its end, Ctrl-C and SIGTERM too.

    Args:
        name: of the program, such as "soak test".
        packages: what it imports beside the packages of serving.
        parent: where the folder is made; None for the system's folder for temporary files.

    Raises:
        SettingsError: a package is missing, or the folder cannot be made.
    """
    missing = [package for package in packages if importlib.util.find_spec(package) is None]
    if missing:
        raise SettingsError(
            f"The {name} needs {', '.join(missing)}: pip install -r requirements-dev.txt"
        )
    # As with Ctrl-C: what was started is stopped, and what was written meanwhile is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        folder = tempfile.TemporaryDirectory(prefix=f"{name.replace(' ', '-')}-", dir=parent)
    except OSError as error:
        raise SettingsError(
            f"No folder can be made in {parent or tempfile.gettempdir()}: {error.strerror}. "
            "Name another with --work."
        ) from error
    with folder as work:
        yield Path(work)
