#!/usr/bin/env python
"""Measure how fast and how small this is, beside the baseline, in one run.

Prints a table; writes it, every figure as JSON, and a chart. All of it takes about half an hour
on 2 cores, during which the machine should do nothing else.

Examples:
    python scripts/benchmark.py --index index
    python scripts/benchmark.py --index index --only queries search
    python scripts/benchmark.py --index index --weights resnet50.h5 --out results/benchmark
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout, uninstalled

from benchmarks import ROWS
from benchmarks.program import work_folder
from recommender import commandline

# What only those have who develop or measure.
NEEDED = ("httpx", "matplotlib", "psutil")


def main() -> None:
    arguments = parser().parse_args()
    with work_folder("benchmark", NEEDED, arguments.work) as work:
        from benchmarks.context import QUICK, Context, Counts
        from benchmarks.run import run_benchmark

        counts = QUICK if arguments.quick else Counts()
        context = Context(arguments.index, work, arguments.weights, counts)
        print(run_benchmark(context, arguments.only, arguments.out))
    commandline.say(f"Written to {arguments.out}.")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--index", type=Path, required=True, help="folder of an index")
    p.add_argument(
        "--only",
        nargs="+",
        choices=ROWS,
        default=ROWS,
        metavar="ROW",
        help=f"measure these only: {', '.join(ROWS)} (default: all)",
    )
    p.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="ResNet50's, without its top (default: Keras' cache, or else random ones, which "
        "take the same time)",
    )
    p.add_argument(
        "--out",
        type=Path,
        default=Path("results/benchmark"),
        help="folder for table, figures and chart (default: %(default)s)",
    )
    p.add_argument(
        "--work",
        type=Path,
        metavar="FOLDER",
        help="where a few gigabytes are written and removed again (default: the system's folder "
        "for temporary files)",
    )
    p.add_argument(
        "--quick",
        action="store_true",
        help="a tenth of everything, to try it out: not to be quoted",
    )
    return p


if __name__ == "__main__":
    commandline.run(main, after_interrupt="Interrupted. What was measured before is written.")
