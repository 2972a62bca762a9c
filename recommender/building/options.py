"""Command-line options of the programs that read a dataset through a backbone."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recommender.building.plan import BuildConfig, Shard, check_pictures
from recommender.building.segmenter_file import AUTO
from recommender.errors import SettingsError
from recommender.features.backbones.sources import IMAGENET
from recommender.features.encoder import PRECISIONS
from recommender.index.manifest import CLASSIC, LEARNED
from recommender.reading.fetch import Limits
from recommender.reading.products import WHOLE, Products


def add_catalogue_options(parser: argparse._ActionsContainer) -> None:
    """Add what decides which products are read."""
    add = parser.add_argument
    add("--config", help="configuration of a dataset of the Hub (default: the only one)")
    add("--split", help="split of the dataset (default: the only one, or train)")
    add("--revision", help="commit, branch or tag of a dataset of the Hub")
    add(
        "--column",
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help="the column that has a role, such as picture=photo, id=code, colour=Farbe, or "
        "nothing=notes to leave one out; may be given often (default: guessed, see --check)",
    )
    earlier: dict[str, Any] = {"action": "append", "dest": "column", "metavar": "NAME"}
    add("--image-column", type="picture={}".format, **earlier, help="now --column picture=NAME")
    add("--id-column", type="id={}".format, **earlier, help="now --column id=NAME")
    add("--name-column", type="name={}".format, **earlier, help="now --column name=NAME")


def add_dataset_options(parser: argparse._ActionsContainer) -> None:
    """Add what decides which pictures are read, and what sees them."""
    add_catalogue_options(parser)
    add = parser.add_argument
    add("--limit", type=int, metavar="N", help="only the first N products")
    add(
        "--backbone",
        default="resnet50",
        metavar="NETWORK",
        help="resnet50, efficientnet-lite0 or any of Keras' applications by name; a repository of "
        "the Hub with an ONNX network (owner/name@revision), a folder like one, an .onnx or a "
        ".keras file (default: %(default)s)",
    )
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
        "--segmenter",
        default=AUTO,
        metavar="WHICH",
        help="what cuts products out of photographs: u2netp, a network of 2 MB, fetched from "
        "a package; its file u2netp.onnx; or grabcut (default: u2netp where it can be fetched)",
    )
    add(
        "--precision",
        choices=PRECISIONS,
        default="f32",
        help="of the network; bf16 is faster where the processor has it, and less exact; int8 "
        "quantises the network on the catalogue's pictures, and the card says what that costs",
    )


def products_of(
    arguments: argparse.Namespace,
    fetch_into: Path,
    pictures_each: int = 1,
    known: Callable[[str], bool] | None = None,
    limits: Limits | None = None,
) -> Products:
    """The products that the arguments name.

    Args:
        arguments: of `add_dataset_options`, and `dataset`.
        fetch_into: folder that keeps pictures which are given by their addresses.
        pictures_each: pictures of a product at most.
        known: tells which of these are known; see `Products`.
        limits: of fetching.

    Raises:
        DatasetError: the dataset cannot be had, or has no pictures.
        SettingsError: `--column` is not of the form role=name, or names no role; or the number of
            pictures is out of range.
    """
    return replace(opening_of(arguments, fetch_into, pictures_each), known=known, limits=limits)()


@dataclass(frozen=True)
class ProductsOpening:
    """Opening of the products that the arguments name, on this machine or another."""

    dataset: str
    config: str | None
    split: str | None
    revision: str | None
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    """Columns by role."""
    fetch_into: Path
    pictures_each: int
    """Pictures of a product at most."""
    known: Callable[[str], bool] | None = None
    """Tells which addresses are known; see `Products`."""
    limits: Limits | None = None
    """Of fetching."""

    def __call__(self) -> Products:
        """The products."""
        return Products(
            self.dataset,
            config=self.config,
            split=self.split,
            revision=self.revision,
            columns={role: list(names) for role, names in self.columns},
            fetch_into=self.fetch_into,
            pictures_each=check_pictures(self.pictures_each),
            known=self.known,
            limits=self.limits,
        )


def opening_of(
    arguments: argparse.Namespace, fetch_into: Path, pictures_each: int = 1
) -> ProductsOpening:
    """Opening of the products that the arguments name; arguments as for `products_of`."""
    # A folder or file is named by its full path, because workers start in other folders.
    path = Path(arguments.dataset)
    return ProductsOpening(
        str(path.resolve()) if path.exists() else arguments.dataset,
        arguments.config,
        arguments.split,
        arguments.revision,
        tuple((role, tuple(names)) for role, names in columns_of(arguments.column).items()),
        fetch_into.resolve(),
        pictures_each,
    )


def columns_of(options: Sequence[str]) -> dict[str, list[str]]:
    """Columns by role, from `role=name`.

    Raises:
        SettingsError: an option is not of that form.
    """
    columns: dict[str, list[str]] = {}
    for option in options:
        role, equals, name = option.partition("=")
        if not role.strip() or not equals or not name.strip():
            raise SettingsError(f"--column takes role=name, such as colour=Farbe; got {option!r}.")
        columns.setdefault(role.strip(), []).append(name.strip())
    return columns


def dataset_name(dataset: str) -> str:
    """Name of a dataset: a folder's own, not where it happens to lie on this machine."""
    return Path(dataset).resolve().name if dataset and Path(dataset).is_dir() else dataset


def config_of(
    arguments: argparse.Namespace, products: Products | None, **further: str | int | Shard | None
) -> BuildConfig:
    """What the arguments ask for.

    Args:
        arguments: of `add_dataset_options`, and `dataset`.
        products: None where shards know them.
        further: fields of `BuildConfig` that the script has options of its own for.
    """
    return BuildConfig(
        dataset=dataset_name(arguments.dataset or ""),
        split=(products.split if products else arguments.split) or WHOLE,
        revision=(products and products.revision) or arguments.revision,
        limit=arguments.limit,
        backbone=arguments.backbone,
        weights=arguments.weights,
        precision=arguments.precision,
        segmenter=arguments.segmenter,
        head=arguments.head,
        **further,  # type: ignore[arg-type]
    )
