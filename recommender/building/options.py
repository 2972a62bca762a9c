"""The options of the scripts that read a dataset through a backbone."""

import argparse
from pathlib import Path

from recommender.building.dataset import Products
from recommender.building.plan import IMAGENET, BuildConfig, Shard
from recommender.features.backbones import BACKBONES
from recommender.index.folder import CLASSIC, LEARNED


def add_dataset_options(parser: argparse._ActionsContainer) -> None:
    """Add what decides which pictures are read, and what sees them."""
    add = parser.add_argument
    add("--split", default="train", help="split of the dataset (default: %(default)s)")
    add("--revision", help="commit, branch or tag of a dataset of the Hub")
    add("--limit", type=int, metavar="N", help="only the first N products")
    add("--image-column", help="the column with pictures (default: guessed)")
    add("--id-column", help="the column with unique ids (default: guessed)")
    add("--name-column", help="the column with products' names (default: guessed)")
    add("--backbone", choices=sorted(BACKBONES), default="resnet50")
    add(
        "--weights",
        default=IMAGENET,
        metavar="FILE",
        help="weights of the backbone: a file, or the published ones (default: %(default)s)",
    )
    add(
        "--head",
        choices=(LEARNED, CLASSIC),
        default=LEARNED,
        help="learned from labels, or none: the classic recipe (default: %(default)s)",
    )
    add(
        "--precision",
        choices=("f32", "bf16"),
        default="f32",
        help="of the network; bf16 is faster where the processor has it, and less exact",
    )


def products_of(arguments: argparse.Namespace) -> Products:
    """The products that the arguments name.

    Raises:
        DatasetError: the dataset cannot be had, or has no pictures.
    """
    return Products(
        arguments.dataset,
        split=arguments.split,
        revision=arguments.revision,
        image=arguments.image_column,
        id=arguments.id_column,
        name=arguments.name_column,
    )


def config_of(
    arguments: argparse.Namespace, products: Products | None, **further: str | Shard | None
) -> BuildConfig:
    """What the arguments ask for.

    Args:
        arguments: of `add_dataset_options`, and `dataset`.
        products: None where shards know them.
        further: fields of `BuildConfig` that the script has options of its own for.
    """
    dataset = arguments.dataset or ""
    # A folder is known by its name, not by where it happens to lie on this machine.
    name = Path(dataset).resolve().name if dataset and Path(dataset).is_dir() else dataset
    return BuildConfig(
        dataset=name,
        split=arguments.split,
        revision=(products and products.revision) or arguments.revision,
        limit=arguments.limit,
        backbone=arguments.backbone,
        weights=arguments.weights,
        precision=arguments.precision,
        head=arguments.head,
        **further,  # type: ignore[arg-type]
    )
