"""Find the index to serve: from the Hub, a folder, or the demo catalogue made on the spot."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import BackboneError
from recommender.index.folder import Index, open_index
from recommender.settings import Settings

DEMO_TITLE = "Demo catalogue"
DEMO_PREFIX = "demo-"
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
        from recommender.hub import download_index

        say(f"Getting the index {settings.index_repo_id} from the Hub.")
        downloaded = download_index(settings.index_repo_id, settings.index_revision)
        notices = (downloaded.notice,) if downloaded.notice else ()
        for notice in notices:
            say(notice)
        return Source(_open(downloaded.folder, settings, say), notices)
    return _demo(settings, say)


def _open(folder: Path, settings: Settings, say: Callable[[str], None]) -> Index:
    return open_index(folder, precision=settings.precision, milvus=settings.milvus, say=say)


def _demo(settings: Settings, say: Callable[[str], None]) -> Source:
    from demo.source import demo_version

    notices = [
        "This is a demo catalogue of products drawn by the program. "
        "Set INDEX_REPO_ID or INDEX_DIR to search a real one."
    ]
    version = demo_version()
    folders = {
        backbone: settings.cache_dir / f"{DEMO_PREFIX}{version}-{backbone}"
        for backbone in DEMO_BACKBONES
    }
    ready = next((folder for folder in folders.values() if folder.exists()), None)
    if ready is None:
        say("First start: drawing and indexing the demo catalogue, which is kept for the next.")
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        for outdated in settings.cache_dir.glob(f"{DEMO_PREFIX}*"):
            if version not in outdated.name:
                shutil.rmtree(outdated, ignore_errors=True)
        ready = _build_demo(folders, say)
    index = _open(ready, settings, say)
    if index.backbone.name != DEMO_BACKBONES[0]:
        notices.append(
            "The weights of ResNet50 could not be downloaded: "
            f"{index.backbone.title} stands in for it."
        )
    for notice in notices:
        say(notice)
    return Source(index, tuple(notices))


def _build_demo(folders: dict[str, Path], say: Callable[[str], None]) -> Path:
    from demo.source import DemoProducts
    from recommender.building.build import build_index
    from recommender.building.plan import BuildConfig

    products = DemoProducts()
    products.begin()
    for backbone, folder in folders.items():
        order = BuildConfig(
            "demo catalogue", backbone=backbone, title=DEMO_TITLE, licence="Apache-2.0"
        )
        try:
            build_index(products, folder, order, say)
        except BackboneError as error:
            say(str(error))
            continue
        return folder
    raise BackboneError("No backbone's weights can be had, so that no index can be built.")
