"""Find the index to serve: from the Hub, a folder, or the demo catalogue made on the spot."""

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import (
    BackboneError,
    IndexFormatError,
    IndexVersionError,
    RecommenderError,
    SettingsError,
)
from recommender.index.folder import Index, open_index
from recommender.index.manifest import Manifest
from recommender.settings import Settings
from recommender.storage import exclusive, storage_errors

DEMO_TITLE = "Demo catalogue"
DEMO_DATASET = "demo catalogue"
DEMO_PREFIX = "demo-"
# demo-VERSION-BACKBONE, or the working folder of such an index.
_DEMO_NAME = re.compile(rf"{DEMO_PREFIX}[0-9a-f]{{12}}-[a-z0-9-]+(\.partial)?")
CACHE_ADVICE = (
    "Set CACHE_DIR to a folder that this program may write in, with 500 MB free, "
    "or INDEX_DIR to an index that is ready."
)
# The first whose weights can be had; see the classic recipe for why ResNet50 comes first.
DEMO_BACKBONES = ("resnet50", "efficientnet-lite0")


@dataclass(frozen=True)
class Source:
    """Which index is served, and what the visitor should know about it."""

    index: Index
    notices: tuple[str, ...] = ()
    """Sentences: a cached copy is served, a demo catalogue or another backbone stands in."""


def load_index(settings: Settings, say: Callable[[str], None]) -> Source:
    """The index that the settings ask for.

    Args:
        settings: `INDEX_DIR`, or `INDEX_REPO_ID`, or neither: the demo catalogue.
        say: is told what happens, in sentences.

    Raises:
        RecommenderError: there is none, and why.
    """
    if settings.index_dir:
        return Source(_open(settings.index_dir, settings, say))
    if settings.index_repo_id:
        return _from_hub(settings.index_repo_id, settings, say)
    return _demo(settings, say)


def _from_hub(repo_id: str, settings: Settings, say: Callable[[str], None]) -> Source:
    """The Hub's index; a copy on disk that is damaged or half is downloaded again, once."""
    from recommender.hub import download_index

    say(f"Getting the index {repo_id} from the Hub.")
    downloaded = download_index(repo_id, settings.index_revision)
    notices = (downloaded.notice,) if downloaded.notice else ()
    for notice in notices:
        say(notice)
    try:
        return Source(_open(downloaded.folder, settings, say), notices)
    except IndexVersionError:
        raise
    except IndexFormatError as damage:
        say(f"{damage} Downloading it again, once.")
    downloaded = download_index(repo_id, downloaded.commit, again=True)
    try:
        return Source(_open(downloaded.folder, settings, say))
    except IndexFormatError as damage:
        raise IndexFormatError(
            f"The index {repo_id} arrives damaged from the Hub as well: publish it again, or set "
            f"INDEX_REVISION to an older commit. ({damage})"
        ) from damage


def _open(folder: Path, settings: Settings, say: Callable[[str], None]) -> Index:
    return open_index(folder, precision=settings.precision, milvus=settings.milvus, say=say)


def _demo(settings: Settings, say: Callable[[str], None]) -> Source:
    from demo.source import demo_version

    notices = [
        "This is a demo catalogue of products drawn by the program. "
        "Set INDEX_REPO_ID or INDEX_DIR to search a real one."
    ]
    cache_dir = settings.cache_dir
    if cache_dir is None:
        raise SettingsError(
            f"This user has no home directory to keep the demo catalogue in. {CACHE_ADVICE}"
        )
    prefix = f"{DEMO_PREFIX}{demo_version()}"
    folders = {backbone: cache_dir / f"{prefix}-{backbone}" for backbone in DEMO_BACKBONES}
    with storage_errors(cache_dir, CACHE_ADVICE):
        ready = _made(folders)
        if ready is None:
            waiting = f"Another program is making the demo catalogue in {cache_dir}: waiting."
            with exclusive(cache_dir / f".{prefix}.lock", say, waiting):
                ready = _made(folders) or _make_demo(folders, cache_dir, say)
    try:
        index = _open(ready, settings, say)
    except IndexFormatError as error:
        raise IndexFormatError(
            f"{error} Or remove {ready}: the next start makes the demo catalogue again."
        ) from error
    if index.backbone.name != DEMO_BACKBONES[0]:
        notices.append(
            "The weights of ResNet50 could not be downloaded: "
            f"{index.backbone.title} stands in for it."
        )
    for notice in notices:
        say(notice)
    return Source(index, tuple(notices))


def _made(folders: dict[str, Path]) -> Path | None:
    return next((folder for folder in folders.values() if folder.exists()), None)


def _make_demo(folders: dict[str, Path], cache_dir: Path, say: Callable[[str], None]) -> Path:
    """Build the demo catalogue's index; the demo indexes of other versions are removed."""
    from demo.source import DemoProducts
    from recommender.building.build import build_index
    from recommender.building.plan import BuildConfig

    say("First start: drawing and indexing the demo catalogue, which is kept for the next.")
    remove_outdated_demos(cache_dir, keep=list(folders.values()))
    products = DemoProducts()
    try:
        products.begin()
        for backbone, folder in folders.items():
            order = BuildConfig(
                DEMO_DATASET, backbone=backbone, title=DEMO_TITLE, licence="Apache-2.0"
            )
            try:
                build_index(products, folder, order, say)
            except BackboneError as error:
                say(str(error))
                continue
            return folder
    finally:
        products.close()
    raise BackboneError("No backbone's weights can be had, so that no index can be built.")


def remove_outdated_demos(cache_dir: Path, keep: Sequence[Path]) -> None:
    """Remove demo indexes of other versions of this program, finished or begun.

    Only what says of itself that it is one: CACHE_DIR may be a folder that other things are in.

    Args:
        cache_dir: where to look.
        keep: the demo indexes of this version.
    """
    names = {name for folder in keep for name in (folder.name, f"{folder.name}.partial")}
    for folder in cache_dir.glob(f"{DEMO_PREFIX}*"):
        if folder.name not in names and _is_demo(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_demo(folder: Path) -> bool:
    from recommender.building.plan import BuildDirectory

    if folder.is_symlink() or not _DEMO_NAME.fullmatch(folder.name):
        return False
    try:
        if folder.suffix:
            return BuildDirectory.read(folder).plan.dataset == DEMO_DATASET
        return Manifest.read(folder).dataset == DEMO_DATASET
    except RecommenderError:
        return False
