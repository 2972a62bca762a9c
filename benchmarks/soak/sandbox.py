"""Folders that the programs under soak may see, watched for every file that they touch."""

import hashlib
import os
import pwd
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image

from benchmarks.processes import ROOT
from recommender.errors import SettingsError

# What the programs may write: the app's own folders, and the caches that its libraries keep below
# the home folder. Everything else in the sandbox must stay as it was.
OURS = ("cache", "tmp", "home/.cache", "home/.config/matplotlib", "home/.keras")
# Where every user of a machine may write: nothing new of theirs may lie there.
WRITABLE_FOR_ALL = ("/tmp", "/var/tmp", "/dev/shm")
# Variables that would lead the programs to other folders, or to the network.
_UNSET = (
    "GRADIO_TEMP_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR", "HF_HOME", "KERAS_HOME",
    "INDEX_REPO_ID", "INDEX_REVISION", "MILVUS_URI", "MILVUS_TOKEN", "GRADIO_ALLOWED_PATHS",
)  # fmt: skip
_ROOT_USER = 0
ORDINARY_USER = "nobody"

Marks = dict[str, str]


class Sandbox:
    """A folder with the programs' home, cache, temporary and working folders, and canaries.

    Args:
        root: an empty folder.

    Raises:
        SettingsError: we run as root, and cannot start programs as somebody else.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.home, self.cache, self.tmp = (self.root / name for name in ("home", "cache", "tmp"))
        self.work, self.canaries = self.root / "work", self.root / "canaries"
        self.logs = self.root / "logs"
        self.secret = f"canary-{secrets.token_hex(16)}"
        """What must never come back in any answer."""
        self._prefix = _dropping_privileges()
        # A temporary folder is its owner's alone; the ordinary user must find the way through it.
        # (`access()`, which TensorFlow asks, knows nothing of the capability to read all.)
        self.root.chmod(0o711)
        folders = (self.home, self.cache, self.tmp, self.work, self.canaries, self.logs)
        for folder in folders:
            folder.mkdir(parents=True)
        for folder in (self.home, self.tmp, self.work, self.canaries):
            (folder / "canary.txt").write_text(self.secret, encoding="utf-8")
            _secret_picture(self.secret, folder / "canary.png")
        (self.canaries / "link.png").symlink_to(self.canaries / "canary.png")
        self.hand_over(*folders[:-1])
        self._elsewhere = set(self._left_elsewhere())

    @property
    def canary(self) -> Path:
        """A picture that was sent to nobody."""
        return self.canaries / "canary.png"

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables of a program in the sandbox."""
        kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        return {
            **kept,
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "HF_HUB_OFFLINE": "1",
            "CUDA_VISIBLE_DEVICES": "",
            "PYTHONPATH": path,
            "PYTHONDONTWRITEBYTECODE": "1",
            **(extra or {}),
        }

    def command(self, command: Sequence[str]) -> list[str]:
        """The command, run by an ordinary user."""
        return [*self._prefix, *command]

    def hand_over(self, *paths: Path) -> None:
        """Make files and folders the ordinary user's, who could then change and delete them."""
        if self._prefix:
            user = pwd.getpwnam(ORDINARY_USER)
            for top in paths:
                for path in (top, *top.rglob("*")):
                    os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def marks(self) -> Marks:
        """What every file that is not the app's to write looks like."""
        found = {}
        for path in _files(self.root):
            inside = path.relative_to(self.root).as_posix()
            canary = path.name.startswith("canary.")
            if inside.startswith("logs/") or (_is_ours(inside) and not canary):
                continue
            found[inside] = _mark(path)
        for top in ("app.py", "recommender", "scripts"):
            for path in _files(ROOT / top):
                found[str(path)] = _mark(path)
        return found

    def touched(self, before: Marks) -> list[str]:
        """Files created, changed or deleted since, in words, outside the folders that are ours."""
        now = self.marks()
        words = [f"{name} was deleted" for name in before.keys() - now.keys()]
        words += [f"{name} was created" for name in now.keys() - before.keys()]
        words += [
            f"{name} was changed"
            for name in before.keys() & now.keys()
            if before[name] != now[name]
        ]
        words += [f"{path} was left" for path in set(self._left_elsewhere()) - self._elsewhere]
        return sorted(words)

    def bytes(self) -> int:
        """Size of the app's own folders."""
        tops = [self.root / ours for ours in OURS]
        return sum(path.lstat().st_size for top in tops for path in _files(top))

    def named(self, beginning: str) -> list[Path]:
        """Files anywhere in the sandbox whose names begin so."""
        return [path for path in _files(self.root) if path.name.startswith(beginning)]

    def _left_elsewhere(self) -> Iterator[Path]:
        # As our own user's, the programs' files cannot be told from those of other programs.
        if not self._prefix:
            return
        user = pwd.getpwnam(ORDINARY_USER)
        for folder in map(Path, WRITABLE_FOR_ALL):
            if folder.is_dir():
                for path in folder.iterdir():
                    try:
                        status = path.lstat()
                    except FileNotFoundError:
                        continue  # another program's, deleted meanwhile
                    theirs = (status.st_uid, status.st_gid) == (user.pw_uid, user.pw_gid)
                    if theirs and self.root not in (path, *path.parents):
                        yield path


def _dropping_privileges() -> list[str]:
    """The beginning of a command that runs as an ordinary user; empty where we are one.

    As root, a program that can be talked into deleting a file could delete the system's. The one
    capability that is kept lets it read: Python may be installed where only root can look.
    """
    if os.geteuid() != _ROOT_USER:
        return []
    program = shutil.which("setpriv")
    if program is None:
        raise SettingsError(
            "The soak test does not attack a server that runs as root. Start it as an ordinary "
            "user, or install setpriv (package util-linux)."
        )
    user = pwd.getpwnam(ORDINARY_USER)
    capabilities = [f"--{kind}=-all,+dac_read_search" for kind in ("bounding-set", "inh-caps")]
    return [
        program,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--no-new-privs",
        *capabilities,
        "--ambient-caps=-all,+dac_read_search",
    ]


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
        return
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(folder) / name for name in names)


def _is_ours(inside: str) -> bool:
    return any(inside == ours or inside.startswith(f"{ours}/") for ours in OURS)


def _mark(path: Path) -> str:
    """What changes when a file does: its content for a small one, else its size and time."""
    status = path.lstat()
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if status.st_size < 1_000_000:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{status.st_size} {status.st_mtime_ns}"


def _secret_picture(secret: str, path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", secret)
    Image.new("RGB", (60, 80), "magenta").save(path, pnginfo=info)
