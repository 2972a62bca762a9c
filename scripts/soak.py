#!/usr/bin/env python
"""Try to break the app: damaged pictures, hostile calls, crowds, and kills, on this machine only.

Serves a small index on loopback, in a folder of its own, as an ordinary user. The short form takes
the demo catalogue's index; the long one builds its own, and kills builds, too. Prints a table, and
exits with 1 on any traceback, hang over 5 seconds, growth of memory over 10%, or file touched
outside the app's folders. All of it takes up to a quarter of an hour on 2 quiet cores.

Examples:
    python scripts/soak.py
    python scripts/soak.py --short
    python scripts/soak.py --only endpoints events --seed 7
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout, uninstalled

from benchmarks.program import work_folder
from benchmarks.soak import CHECKS
from benchmarks.soak.findings import HANG_SECONDS
from recommender import commandline

# What only those have who develop or measure.
NEEDED = ("httpx", "psutil")


def main() -> None:
    arguments = parser().parse_args()
    with work_folder("soak test", NEEDED, arguments.work) as work:
        from benchmarks.soak.findings import report
        from benchmarks.soak.run import FULL, SHORT, Soak

        size = SHORT if arguments.short else FULL
        checks = Soak(work, size, arguments.seed, tuple(arguments.only), arguments.patience).run()
    print(report(checks))
    if not all(check.passed for check in checks):
        sys.exit(commandline.FAILED)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--short", action="store_true", help="a sample of everything, in a minute")
    p.add_argument(
        "--seed", type=int, default=0, help="of pictures and choices (default: %(default)s)"
    )
    p.add_argument(
        "--patience",
        type=float,
        default=HANG_SECONDS,
        metavar="SECONDS",
        help="after which an answer to one of many clients is a hang; more where other programs "
        "use the processor, too (default: %(default)s)",
    )
    p.add_argument(
        "--only",
        nargs="+",
        choices=CHECKS,
        default=CHECKS,
        metavar="CHECK",
        help=f"run these only: {', '.join(CHECKS)} (default: all)",
    )
    p.add_argument(
        "--work",
        type=Path,
        metavar="FOLDER",
        help="where the app is let loose, and a few hundred megabytes are written and removed "
        "again (default: the system's folder for temporary files)",
    )
    return p


if __name__ == "__main__":
    commandline.run(main)
