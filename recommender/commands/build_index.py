"""Index builder: builds an index from a dataset of pictures, and publishes it.

Examples:
    python scripts/build_index.py --dataset ashraq/fashion-product-images-small --out index
    python scripts/build_index.py --dataset my-pictures/ --out index --push-to me/my-index
    python scripts/build_index.py --dataset products_export.csv --check
    python scripts/build_index.py --dataset ... --out index --cluster tcp://10.0.0.1:8786
    python scripts/build_index.py --dataset ... --out index --shard 1/2    (and 2/2 elsewhere)
    python scripts/build_index.py --merge index.shard-1-of-2 index.shard-2-of-2 --out index
"""

import argparse
import logging
from pathlib import Path

from recommender import commandline
from recommender.building.build import Report, build_index, merge_shards
from recommender.building.estimate import estimate
from recommender.building.options import add_dataset_options, config_of, opening_of, products_of
from recommender.building.plan import ENGINES, PICTURES_EACH, BuildConfig, Shard
from recommender.commandline import show
from recommender.errors import SettingsError
from recommender.features.encoder import INT8
from recommender.hub import push_index
from recommender.index.filters import MAX_FILTER_VALUES
from recommender.index.manifest import MANIFEST_FILE
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.reading.check import SAMPLE_PRODUCTS, check_lines
from recommender.reading.products import Products

_log = logging.getLogger(__name__)

# Rows whose pictures are counted for an estimate.
MEASURED_ROWS = 100

GO_ON = "Interrupted. Nothing is lost: the same command continues the build."


def main() -> None:
    arguments = parser().parse_args()
    if arguments.check:
        check(arguments)
        return
    if arguments.out is None:
        raise SettingsError("Say where to put the index with --out.")
    out: Path = arguments.out
    if arguments.merge:
        report = merge_shards(arguments.merge, out, config(arguments))
        print_report(report)
    elif arguments.push_to and (out / MANIFEST_FILE).exists():
        _log.info(f"{out} is built already; publishing it.")
    else:
        print_report(build(arguments))
    if arguments.push_to:
        published = push_index(out, arguments.push_to, private=arguments.private)
        show(f"Published: {published.url}\nTo pin it: INDEX_REVISION={published.commit}")


def build(arguments: argparse.Namespace) -> Report:
    """Build an index from the dataset of the arguments.

    Raises:
        SettingsError: there is no dataset, or a single shard is to be published.
    """
    if arguments.push_to and arguments.shard.of > 1:
        raise SettingsError("A shard is no index yet: merge the shards, and give --push-to then.")
    products = open_products(arguments, arguments.out)
    try:
        for note in products.notes:
            _log.info(note)
        opening = opening_of(
            arguments, pictures_folder(arguments.out), arguments.pictures_per_product
        )
        return build_index(products, arguments.out, config(arguments, products), opening)
    finally:
        products.close()


def check(arguments: argparse.Namespace) -> None:
    """Print what a build would make of the dataset; nothing is fetched, encoded or written."""
    products = open_products(arguments, arguments.out or Path("index"))
    for line in check_lines(products, MAX_FILTER_VALUES):
        show(line)
    count = products.row_count()
    count = count if arguments.limit is None else min(arguments.limit, count)
    sample = products.first(MEASURED_ROWS)
    most = arguments.pictures_per_product
    each = [min(most, len(p.pictures) + len(addresses)) for p, addresses in sample]
    pictures = [p.picture for p, _ in sample[:SAMPLE_PRODUCTS] if p.picture is not None]
    total = round(count * sum(each) / max(1, len(each)))
    show(f"\n{total:,} pictures, at most {most} of a product.")
    show(str(estimate(count, total, arguments.backbone, pictures, products.has_addresses)))


def open_products(arguments: argparse.Namespace, out: Path) -> Products:
    """The products, with a folder beside the index for pictures that are fetched."""
    if not arguments.dataset:
        raise SettingsError("Say what to index with --dataset, or what to merge with --merge.")
    return products_of(arguments, pictures_folder(out), arguments.pictures_per_product)


def pictures_folder(out: Path) -> Path:
    """Folder beside the index that keeps pictures given by their addresses."""
    return out.with_name(f"{out.name}.pictures")


def config(arguments: argparse.Namespace, products: Products | None = None) -> BuildConfig:
    """Build configuration of the arguments."""
    return config_of(
        arguments,
        products,
        pictures_each=arguments.pictures_per_product,
        engine=arguments.engine,
        title=arguments.title,
        licence=arguments.licence or (products.licence if products else ""),
        shard=arguments.shard,
        cluster=arguments.cluster,
    )


def print_report(report: Report) -> None:
    """Print a build's report: size, rate, seconds by stage, skipped products and precision."""
    timings = report.timings
    show(
        f"\nWritten to {report.folder}: {report.products:,} products, {report.bytes / 1e6:,.1f} MB"
    )
    if timings.pictures:
        rate = timings.pictures / timings.encode
        busy = timings.network / timings.encode
        show(
            f"Encoded {timings.pictures:,} pictures at {rate:,.0f} a second; the network had work "
            f"{busy:.0%} of the time; decoding took {timings.decode:,.1f} s of threads beside it"
        )
    for stage, seconds in report.stages.seconds.items():
        memory = f", {report.stages.memory[stage] / 1e9:5.2f} GB of memory at most so far"
        show(f"  {stage:16} {seconds:8.1f} s{memory if report.stages.memory[stage] else ''}")
    show(f"Skipped {len(report.skipped):,} products" + (":" if report.skipped else ""))
    for id_, reason in report.skipped[:20]:
        show(f"  {id_}: {reason}")
    if report.skipped_file:
        show(f"  all of them: {report.skipped_file}")
    if report.manifest is None:
        return
    show(f"Pixel-identical copies: {report.manifest.duplicates:,}")
    show(f"Fingerprint: {report.manifest.fingerprint}")
    show(f"Pictures: {CataloguePictures.from_json(report.manifest.pictures).describe()}")
    for label, values in report.manifest.quality.get("precision_at_5", {}).items():
        show(
            f"Precision at 5, {label}: {values['index']:.3f} "
            f"(classic recipe {values['classic']:.3f}, chance {values['chance']:.3f})"
        )
    eight_bit = report.manifest.quality.get(INT8, {}).get("precision_at_5", {})
    for label, values in eight_bit.items():
        show(f"Classic recipe, {label}: 8 bits {values['int8']:.3f}, float {values['float']:.3f}")


def parser() -> argparse.ArgumentParser:
    """Command-line parser."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument(
        "--dataset", help="dataset of the Hub (owner/name), folder, table, export or feed"
    )
    p.add_argument(
        "--out", type=Path, help="folder of the index; must not exist yet (needed, but to --check)"
    )
    p.add_argument(
        "--check",
        action="store_true",
        help="only say which column is what, what is left out, and what a build would take",
    )
    add_dataset_options(p)
    p.add_argument(
        "--pictures-per-product",
        type=int,
        default=PICTURES_EACH,
        metavar="N",
        help="pictures of a product that are searched, the first N (default: %(default)s)",
    )
    p.add_argument(
        "--engine",
        choices=ENGINES,
        default="auto",
        help="what runs the network; auto: TensorFlow where it sees a GPU, OpenVINO elsewhere",
    )
    p.add_argument("--title", help="what the page calls the catalogue")
    p.add_argument("--licence", help="of the data (default: what the dataset says)")
    p.add_argument(
        "--shard", type=shard, default=Shard(), metavar="I/N", help="only the i-th of n parts"
    )
    p.add_argument(
        "--merge", type=Path, nargs="+", metavar="FOLDER", help="shards to make one index of"
    )
    p.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="Dask scheduler whose workers read and encode, such as tcp://10.0.0.1:8786; --out is "
        'in a folder that all of them see (pip install ".[build,cluster]")',
    )
    p.add_argument("--push-to", metavar="OWNER/REPO", help="publish the index to the Hub")
    p.add_argument("--private", action="store_true", help="make the repository private")
    return p


def shard(text: str) -> Shard:
    """Value of --shard, "I/N"."""
    try:
        return Shard.parse(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def program() -> None:
    """Run the command and exit with its code."""
    commandline.run(main, after_interrupt=GO_ON)
