"""Find the index to serve: from the Hub, a folder, or the demo catalogue made on the spot."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import BackboneError
from recommender.index import Index, open_index
from recommender.settings import Settings

DEMO_TITLE = "Demo catalogue"


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
        return Source(open_index(settings.index_dir, precision=settings.precision))
    if settings.index_repo_id:
        from recommender.hub import download_index

        say(f"Getting the index {settings.index_repo_id} from the Hub.")
        downloaded = download_index(settings.index_repo_id, settings.index_revision)
        notices = (downloaded.notice,) if downloaded.notice else ()
        for notice in notices:
            say(notice)
        return Source(open_index(downloaded.folder, precision=settings.precision), notices)
    return _demo(settings, say)


def _demo(settings: Settings, say: Callable[[str], None]) -> Source:
    from recommender.demo_catalogue.source import DEMO_VERSION

    notices = [
        "This is a demo catalogue of products drawn by the program. "
        "Set INDEX_REPO_ID or INDEX_DIR to search a real one."
    ]
    folders = {
        backbone: settings.cache_dir / f"demo-{DEMO_VERSION}-{backbone}"
        for backbone in ("resnet50", "efficientnet-lite0")
    }
    ready = next((folder for folder in folders.values() if folder.exists()), None)
    if ready is None:
        say("First start: drawing and indexing the demo catalogue, which is kept for the next.")
        ready = _build_demo(folders, say)
    index = open_index(ready, precision=settings.precision)
    if index.backbone.name != "resnet50":
        notices.append(
            f"The weights of ResNet50 could not be downloaded; {index.backbone.title} stands in for it."
        )
    for notice in notices:
        say(notice)
    return Source(index, tuple(notices))


def _build_demo(folders: dict[str, Path], say: Callable[[str], None]) -> Path:
    from recommender.building.build import build_index
    from recommender.building.plan import Order
    from recommender.demo_catalogue.source import DemoProducts

    products = DemoProducts()
    for backbone, folder in folders.items():
        folder.parent.mkdir(parents=True, exist_ok=True)
        order = Order("demo catalogue", backbone=backbone, title=DEMO_TITLE, licence="Apache-2.0")
        try:
            build_index(products, folder, order, say)
        except BackboneError as error:
            say(str(error))
            continue
        return folder
    raise BackboneError("No backbone's weights can be had: neither ResNet50's nor EfficientNet's.")
