"""Retrieval evaluation of an index: tables, charts and contact sheets.

Queries are products held out of the index and of everything fitted on it.

Examples:
    python scripts/evaluate.py --index index
    python scripts/evaluate.py --dataset my-pictures/ --backbone efficientnet-lite0
    python scripts/evaluate.py --index index --photos my-photographs/ --photo-kinds kinds.toml
"""

import argparse
import importlib.util
import logging
from functools import partial
from pathlib import Path

from recommender import commandline
from recommender.building.options import add_dataset_options
from recommender.embedding.colour_weight import default_colour_weight
from recommender.embedding.head import ClassicHead
from recommender.errors import SettingsError
from recommender.evaluation.consumer_photos import CONSUMER_PHOTOS, read_label_mapping
from recommender.evaluation.evaluate import PARTS, Photos, evaluate
from recommender.evaluation.feature_cache import (
    WORK,
    FeatureCache,
    encode_index,
    encode_photos,
)
from recommender.evaluation.options import PICTURES, encode_named
from recommender.index.folder import open_index
from recommender.index.manifest import LEARNED
from recommender.metrics.held_out import Fit
from recommender.reading.products import Products
from recommender.training.head import fit_head

_log = logging.getLogger(__name__)

DEFAULT_QUERIES = 4_000
GO_ON = "Interrupted. Encoded pictures are kept: the same command continues from there."


def main() -> None:
    arguments = parser().parse_args()
    if bool(arguments.index) == bool(arguments.dataset):
        raise SettingsError("Say what to evaluate: either --index or --dataset.")
    if importlib.util.find_spec("matplotlib") is None:
        raise SettingsError("Charts need matplotlib: pip install -r requirements-dev.txt")
    from recommender.evaluation.report_files import report, write

    if arguments.seeds < 1:
        raise SettingsError("--seeds takes 1 or more.")
    if "photographs" in (arguments.only or ()) and not arguments.photos:
        raise SettingsError("--only photographs needs --photos, the photographs to search with.")
    mapping = read_label_mapping(arguments.photo_kinds)
    cache, head, colour_weight = catalogue(arguments)
    photos = None
    if arguments.photos:
        source = Products(
            arguments.photos,
            split=arguments.photo_split,
            fetch_into=arguments.work / PICTURES,
            pictures_each=1,
        )
        seen = encode_photos(arguments.photos, source, cache, arguments.work)
        photos = Photos(seen, source, mapping)
    evaluation = evaluate(
        cache,
        (lambda seed: partial(fit_head, seed=seed)) if head == LEARNED else _classic,
        colour_weight,
        photos,
        arguments.queries,
        range(arguments.seed, arguments.seed + arguments.seeds),
        learns=head == LEARNED,
        parts=arguments.only or PARTS,
    )
    print(report(evaluation))
    write(evaluation, arguments.out, photos)
    _log.info(f"Written to {arguments.out}: tables, charts and contact sheets.")


def catalogue(arguments: argparse.Namespace) -> tuple[FeatureCache, str, float]:
    """Evaluated catalogue: encoded products, name of the head, and weight of colour."""
    if arguments.index:
        index = open_index(arguments.index)
        manifest = index.manifest
        return encode_index(index, arguments.work), manifest.head, manifest.colour_weight
    cache = encode_named(arguments)
    return cache, arguments.head, default_colour_weight(len(cache.products.ids))


def _classic(_: int) -> Fit:
    """What takes the place of fitting for the classic recipe, whatever the seed."""
    return lambda *_: ClassicHead()


def parser() -> argparse.ArgumentParser:
    """Command-line parser."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--index", type=Path, help="folder of an index; its pictures are encoded again")
    p.add_argument("--dataset", help="dataset of the Hub (owner/name), or a local folder, instead")
    p.add_argument(
        "--queries",
        type=int,
        default=DEFAULT_QUERIES,
        metavar="N",
        help="products to hold out, at most half (default: %(default)s)",
    )
    p.add_argument("--seed", type=int, default=0, help="of every draw (default: %(default)s)")
    p.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="split and fit with N seeds, from --seed on, and say how far products and photographs "
        "differ (default: %(default)s)",
    )
    p.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        metavar="PART",
        help="beside the held-out products measure only these: %(choices)s (default: all)",
    )
    p.add_argument("--photos", metavar="DATASET", help="labelled photographs to search with, too")
    p.add_argument("--photo-split", help="of the photographs (default: the only one, or train)")
    p.add_argument(
        "--photo-kinds",
        type=Path,
        default=CONSUMER_PHOTOS,
        metavar="FILE",
        help="which products are right for a photograph's label (default: the mapping "
        "of Clothing Dataset to Fashion Product Images)",
    )
    p.add_argument(
        "--out",
        type=Path,
        default=Path("results"),
        help="folder for tables, charts and sheets (default: %(default)s)",
    )
    p.add_argument(
        "--work",
        type=Path,
        default=WORK,
        help="folder that keeps encoded pictures for the next run (default: %(default)s)",
    )
    d = p.add_argument_group("with --dataset, as in build_index.py")
    add_dataset_options(d)
    return p


def program() -> None:
    """Run the command and exit with its code."""
    commandline.run(main, after_interrupt=GO_ON)
