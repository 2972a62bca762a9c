"""Index of the demo catalogue, made again: what `app.py` serves when no other index is named.

    python -m demo.build_index

draws the products, builds their index beside the one that the repository carries
(`recommender/demo_index`), and puts it in its place. ImageNet's EfficientNet-Lite0 makes the
features, because its weights come with a package and may be passed on; they are kept in float16.
"""

import argparse
import shutil
from pathlib import Path

from demo.source import DemoProducts, demo_version
from recommender import commandline
from recommender.building.build import build_index
from recommender.building.plan import BuildConfig
from recommender.errors import SettingsError
from recommender.startup import DEMO_INDEX

CONFIG = BuildConfig(
    "demo catalogue",
    revision=demo_version(),
    backbone="efficientnet-lite0",
    half_weights=True,
    title="Demo catalogue",
    licence="Apache-2.0",
)


def main() -> None:
    """Build the index, then replace the old one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=DEMO_INDEX, help="the folder to replace (default: %(default)s)"
    )
    out: Path = parser.parse_args().out
    new = out.with_name(f"{out.name}.made")
    if new.exists():
        raise SettingsError(f"{new} is in the way: remove it.")
    products = DemoProducts()
    try:
        products.begin()
        build_index(products, new, CONFIG, commandline.say)
    finally:
        products.close()
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)


if __name__ == "__main__":
    commandline.run(main)
