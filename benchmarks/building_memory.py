"""Memory of a build by stage, with synthetic features of any number of products.

    python -m benchmarks.building_memory --products 1000000

Features, labels and augmented features are random and stored on disk as in a build; all later
stages run the building code. Encoding is left out: it holds one batch in memory, whatever the
number of products. The memory is that of the building process and of the processes that it starts,
added up.
"""

import argparse
import gc
import io
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

import numpy as np
import psutil
from PIL import Image

from recommender.allocator import trim
from recommender.building import fit as fitting
from recommender.building.chunks import write_chunk
from recommender.building.decode import DecodedPicture, DecodedProduct
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.plan import BuildConfig, BuildDirectory, BuildKey
from recommender.building.sampling import MOST_FITTED
from recommender.building.write import write_index
from recommender.features.backbones import network
from recommender.features.backbones.registry import BACKBONES, get_backbone
from recommender.features.colour import DIMENSIONS
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import AugmentedFeatures, FeatureTable, FeatureWriter
from recommender.reading.product import Product

KINDS, GENDERS, COLOURS = 60, 5, 20
# Augmented features, repetitions included, as many as for a catalogue of Fashion Product Images'
# size: 17,000 pictures, each twice.
AUGMENTED = 34_000
SEED = 0
_SAMPLED_EVERY = 0.05  # seconds
_THUMBNAILS = 64
_ROWS = 4096


def main() -> None:
    arguments = parser().parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work, prefix="build-") as folder:
        measure(Path(folder), arguments.products, arguments.backbone, arguments.weights)


def measure(folder: Path, count: int, backbone: str, weights: str) -> None:
    """Build an index of synthetic products, and print each stage's peak memory.

    Args:
        folder: for the build.
        count: number of products.
        backbone: name of the network.
        weights: its weights.
    """
    random = np.random.default_rng(SEED)
    kinds, genders, colours = (random.integers(0, n, count) for n in (KINDS, GENDERS, COLOURS))
    channels = get_backbone(backbone).channels
    centres = random.random((KINDS, channels), np.float32)
    hues = random.random((COLOURS, DIMENSIONS), np.float32)

    def table(where: Path, rows: np.ndarray) -> FeatureTable:
        writer = FeatureWriter(where)
        for start in range(0, len(rows), _ROWS):
            own = rows[start : start + _ROWS]
            pooled = centres[kinds[own]] + random.random((len(own), channels), np.float32)
            colour = hues[colours[own]] + random.random((len(own), DIMENSIONS), np.float32) / 2
            writer.append(FeatureTable(pooled, pooled / 2, colour))
        return writer.close()

    def augmented(
        products: EncodedCatalogue, extractor: FeatureExtractor, catalogue: object, where: Path
    ) -> AugmentedFeatures:
        rows = np.sort(random.integers(0, len(products.ids), AUGMENTED))
        return AugmentedFeatures(table(where, rows), rows)

    key = BuildKey("made up", "train", None, {}, count, backbone, weights, "f32")
    directory = BuildDirectory(folder, key, "made up", "openvino", get_backbone(backbone))
    with stage("network"):
        network.export_apart(backbone, weights, directory.encoder)
        extractor = FeatureExtractor.for_building(
            directory.encoder, get_backbone(backbone), key.precision
        )
    with stage("make up"):
        chunk = _write_chunk(folder, random)
        labels = {"articleType": kinds, "gender": genders, "baseColour": colours}
        products = EncodedCatalogue(
            [str(n) for n in range(count)],
            [f"Product {n} of a made-up shop" for n in range(count)],
            {column: _named(column, codes) for column, codes in labels.items()},
            [f"{n:064x}" for n in range(count)],
            table(directory.features, np.arange(count)),
            [(chunk, n % _THUMBNAILS) for n in range(count)],
            [],
        )
    with mock.patch.object(fitting, "augmented_features", augmented):
        fitted = fitting.fit(products, "learned", directory, extractor, stage)
    with stage("write"):
        write_index(products, fitted, directory, BuildConfig("made up"), folder / "index")
    print(f"{count:,} products, {min(count, MOST_FITTED):,} of them fitted on; {backbone}")


@contextmanager
def stage(name: str, words: str = "") -> Iterator[None]:
    """Stage of a build: prints its peak resident memory and its seconds at the end."""
    ended, peak, started = threading.Event(), [_resident()], time.perf_counter()

    def watch() -> None:
        while not ended.wait(_SAMPLED_EVERY):
            peak[0] = max(peak[0], _resident())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        gc.collect()
        trim()
    seconds = time.perf_counter() - started
    print(f"{name:16} peak {peak[0] / 1e6:7,.0f} MB {seconds:8,.0f} s", flush=True)


def _resident() -> int:
    """Resident memory of this process and of those that it started, bytes."""
    own = psutil.Process()
    total = own.memory_info().rss
    for process in own.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return int(total)


def _named(column: str, codes: np.ndarray) -> list[str | None]:
    names = [f"{column} {code}" for code in range(int(codes.max(initial=0)) + 1)]
    return [names[code] for code in codes]


def _write_chunk(folder: Path, random: np.random.Generator) -> Path:
    """Chunk of some products, whose thumbnails stand for all."""
    products = []
    for number in range(_THUMBNAILS):
        pixels = np.full((80, 60, 3), 255, np.uint8)
        pixels[15:65, 12:48] = random.integers(0, 200, 3)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG")
        picture = DecodedPicture(None, np.zeros(0, np.float32), file.getvalue(), str(number))
        products.append(DecodedProduct(Product(number, str(number), "", {}), (picture,)))
    chunk = folder / "chunk-00000.arrow"
    write_chunk(chunk, products, {})
    return chunk


def parser() -> argparse.ArgumentParser:
    """Command-line parser."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--products", type=int, default=1_000_000)
    p.add_argument("--backbone", choices=sorted(BACKBONES), default="efficientnet-lite0")
    p.add_argument("--weights", default="imagenet", help="of the backbone, as for build_index")
    p.add_argument("--work", type=Path, help="folder with 25 KB of room a product")
    return p


if __name__ == "__main__":
    main()
