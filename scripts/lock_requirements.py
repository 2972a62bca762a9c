#!/usr/bin/env python
"""Requirements files: the lock of all dependencies, and its parts for serving and for building.

    python scripts/lock_requirements.py            # keep the versions, take over pyproject.toml
    python scripts/lock_requirements.py --upgrade  # the newest versions that pyproject.toml allows

`requirements-dev.txt` is the lock: every package of every extra, for every platform.
`requirements.txt` (serving) and `requirements-build.txt` (building) are the parts of it that
`pyproject.toml` asks for.
"""

import argparse
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = "requirements-dev.txt"
PARTS: dict[str, list[str]] = {
    "requirements.txt": [],
    "requirements-build.txt": ["--extra", "build"],
}
HEADER = "# {what} Written by scripts/lock_requirements.py from pyproject.toml.\n"
WHAT = {
    LOCK: "Everything to serve, build, measure and test: the lock.",
    "requirements.txt": "What serving needs: app.py, scripts/recommend.py, a Space.",
    "requirements-build.txt": "What building an index needs, serving included.",
}


def compile_requirements(name: str, options: list[str]) -> None:
    """Write one requirements file with uv, without the address of any registry."""
    command = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
    quiet = ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
    subprocess.run([*command, *quiet, *options, "-o", name], cwd=ROOT, check=True)
    path = ROOT / name
    path.write_text(HEADER.format(what=WHAT[name]) + path.read_text())


def main() -> None:
    """Write the lock, then its parts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest allowed versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    compile_requirements(LOCK, ["--all-extras", *upgrade])
    for name, options in PARTS.items():
        (ROOT / name).unlink(missing_ok=True)  # the lock decides, not what stood there
        compile_requirements(name, ["--constraint", LOCK, *options])


if __name__ == "__main__":
    main()
