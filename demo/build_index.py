"""Index builder of the demo catalogue, which `app.py` serves when no other index is set.

    python -m demo.build_index

draws the products, builds their index, and replaces the index in the repository
(`recommender/demo_index`) by it. Features are those of EfficientNet-Lite0 with ImageNet weights,
which come with a package and may be redistributed; the index stores them in float16.
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
    for_updates=False,  # so that a clone stays small
    title="Demo catalogue (made up)",
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
        build_index(products, new, CONFIG)
    finally:
        products.close()
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)


if __name__ == "__main__":
    commandline.run(main)
