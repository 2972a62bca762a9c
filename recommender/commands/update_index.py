"""Index updater: brings an index up to date with a new catalogue, and publishes it.

Only new pictures are encoded, by the index's own encoder and head. Without --out, the index is
replaced in one step, so that a running app can serve it meanwhile.

Examples:
    python scripts/update_index.py --index index --dataset products_export.csv
    python scripts/update_index.py --index me/my-index --dataset feed.xml --push-to me/my-index
    python scripts/update_index.py --index index --dataset news.csv --add-only
    python scripts/update_index.py --index index --remove 1163 1164
    python scripts/update_index.py --index index --dataset products_export.csv --refit
"""

import argparse
import gc
import logging
from collections.abc import Callable
from pathlib import Path

from recommender import commandline
from recommender.building.options import add_catalogue_options, dataset_name, products_of
from recommender.building.update import UpdateReport, alone, update_index
from recommender.building.update_source import UpdateOptions
from recommender.commandline import show
from recommender.commands.recommend import is_repository
from recommender.errors import SettingsError
from recommender.hub import download_index, push_index
from recommender.index.manifest import MANIFEST_FILE, Manifest
from recommender.reading.fetch import Limits
from recommender.reading.products import Products

_log = logging.getLogger(__name__)

GO_ON = "Interrupted. The old index is whole: the same command continues the update."
# New objects after which Python looks for cycles, and how often before it looks at older objects.
# Products have no cycles; with Python's own numbers, 700 and 10, looking through 39,957 of them
# takes a quarter of an update's processor time.
_COLLECTED_AFTER = 200_000, 50
# Ids that a report prints of each kind of change.
_NAMED = 10


def main() -> None:
    arguments = parser().parse_args()
    index, out = folders(arguments)
    if arguments.refit:
        refit(arguments, index, out)
    else:
        print_update(update(arguments, index, out))
    if arguments.push_to:
        published = push_index(out, arguments.push_to, private=arguments.private)
        show(f"Published: {published.url}\nTo pin it: INDEX_REVISION={published.commit}")


def folders(arguments: argparse.Namespace) -> tuple[Path, Path]:
    """Folder of the index, which is downloaded where it is on the Hub, and of the updated one.

    Raises:
        SettingsError: the updated one would replace something that is no index.
        HubError: the index cannot be had.
    """
    name: str = arguments.index
    if Path(name).is_dir() or not is_repository(name):
        index = Path(name)
        out = arguments.out or index
    else:
        if arguments.out is None and not arguments.push_to:
            raise SettingsError("Say where the updated index goes: with --out, or --push-to.")
        downloaded = download_index(name)
        if downloaded.notice:
            _log.info(downloaded.notice)
        index, out = downloaded.folder, arguments.out or Path(name.partition("/")[2])
    if out.exists() and not (out / MANIFEST_FILE).exists():
        raise SettingsError(f"{out} is there, and is no index: choose another --out.")
    return index, out


def update(arguments: argparse.Namespace, index: Path, out: Path) -> UpdateReport:
    """Update an index by the arguments.

    Raises:
        RecommenderError: see `update_index`.
    """
    opened: list[Products] = []

    def source(known: Callable[[str], bool], pictures_each: int) -> Products | None:
        if not arguments.dataset:
            return None
        trusted = None if arguments.check_pictures else known
        opened.append(open_products(arguments, out, pictures_each, trusted))
        return opened[0]

    options = UpdateOptions(arguments.add_only, tuple(arguments.remove), arguments.allow_shrink)
    try:
        return update_index(index, out, source, options)
    finally:
        for products in opened:
            products.close()


def refit(arguments: argparse.Namespace, index: Path, out: Path) -> None:
    """Build the index anew, with another head and the same encoder.

    Raises:
        SettingsError: there is no dataset, or only a part of the catalogue is given.
    """
    # What fits a head takes a while to import, which an update does without.
    from recommender.building.refit import refit_index
    from recommender.commands.build_index import print_report

    if not arguments.dataset:
        raise SettingsError("Say what to fit on with --dataset.")
    if arguments.add_only or arguments.remove:
        raise SettingsError("--refit takes the whole catalogue: leave out --add-only and --remove.")
    with alone(out):
        products = open_products(arguments, out, Manifest.read(index).pictures_each, None)
        try:
            name = dataset_name(arguments.dataset)
            report = refit_index(index, out, products, name, products.revision, products.split)
        finally:
            products.close()
    if report is not None:
        print_report(report)
    show(f"{out} has another head now.")


def open_products(
    arguments: argparse.Namespace,
    out: Path,
    pictures_each: int,
    known: Callable[[str], bool] | None,
) -> Products:
    """The new catalogue, with the folder of fetched pictures that the build of the index has."""
    fetched = out.with_name(f"{out.name}.pictures")
    # Asked for is whether a picture has changed, however lately it was fetched.
    limits = Limits(fresh_seconds=0) if arguments.check_pictures else None
    products = products_of(arguments, fetched, pictures_each, known, limits)
    for note in products.notes:
        _log.info(note)
    return products


def print_update(report: UpdateReport) -> None:
    """Print what an update changed, and how far the catalogue has moved."""
    changes, counts = report.changes, report.counts
    kinds = {"Added": changes.added, "Changed": changes.changed, "Removed": changes.removed}
    for kind, ids in kinds.items():
        named = f": {', '.join(ids[:_NAMED])}{', ...' if len(ids) > _NAMED else ''}" if ids else ""
        show(f"{kind} {len(ids):,}{named}")
    show(f"Unchanged {changes.unchanged:,}")
    show(
        f"Pictures encoded: {counts.encoded:,}; {counts.by_place:,} were taken as unchanged by "
        "their address, or their file's time and size"
    )
    if report.skipped:
        show(f"Skipped {len(report.skipped):,} products, with reasons in {report.skipped_file}")
    for sentence in report.drift.sentences() if report.drift else ():
        show(sentence)
    if report.is_written:
        show(f"Written to {report.folder}: {report.manifest.items:,} products")
    else:
        show(f"Nothing has changed, and {report.folder} stays as it is")
    show(f"Fingerprint: {report.manifest.fingerprint}")


def parser() -> argparse.ArgumentParser:
    """Command-line parser."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument(
        "--index", required=True, metavar="DIR|OWNER/REPO", help="the index to bring up to date"
    )
    p.add_argument("--dataset", help="the new catalogue, as build_index.py takes it")
    p.add_argument(
        "--out",
        type=Path,
        help="folder of the updated index (default: that of --index, which is replaced in one "
        "step; for an index of the Hub, a folder of the repository's name)",
    )
    p.add_argument(
        "--add-only",
        action="store_true",
        help="the dataset has news only: products that it lacks stay",
    )
    p.add_argument(
        "--remove", nargs="+", default=[], metavar="ID", help="products that go, by their ids"
    )
    p.add_argument(
        "--allow-shrink",
        action="store_true",
        help="go on although more than half of the products would go",
    )
    p.add_argument(
        "--check-pictures",
        action="store_true",
        help="ask the servers of known pictures, too, whether these have changed (default: an "
        "address that is the same has the same picture)",
    )
    p.add_argument(
        "--refit",
        action="store_true",
        help="fit another head: a build from nothing, with the same encoder",
    )
    p.add_argument("--push-to", metavar="OWNER/REPO", help="publish the index to the Hub")
    p.add_argument("--private", action="store_true", help="make the repository private")
    add_catalogue_options(p)
    return p


def program() -> None:
    """Run the command and exit with its code."""
    gc.set_threshold(*_COLLECTED_AFTER)
    commandline.run(main, after_interrupt=GO_ON)
