"""Benchmark context: the index, the baseline's features, encoders, counts and a work folder."""

import logging
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks import baseline
from benchmarks.synthetic_vectors import expanded, weighed
from recommender.embedding.head import ClassicHead
from recommender.embedding.vectors import weigh
from recommender.features.backbones.registry import RESNET50, Backbone
from recommender.features.encoder import export_encoder, supports_bfloat16
from recommender.features.extractor import FeatureExtractor
from recommender.index.exact_search import VECTORS_FILE, MemorySearch, stored_vectors
from recommender.index.files import ENCODER_FOLDER
from recommender.index.folder import Index, open_index
from recommender.index.manifest import CLASSIC
from recommender.index.product_detector import ProductDetector

_log = logging.getLogger(__name__)

SEED = 20_260


@dataclass(frozen=True)
class Counts:
    """Numbers of queries, pictures, starts and products of a run."""

    queries: int = 200
    """Queries of each kind, searches of each kind, and searches compared with brute force."""
    large_queries: int = 20
    """Queries with a phone's picture."""
    pictures: int = 2_000
    """Pictures of the longest building run."""
    one_by_one: int = 60
    """Pictures that the baseline encodes one by one; an eighth as many batches of TensorFlow."""
    agreement: int = 400
    """Queries with bfloat16 and float32."""
    starts: int = 3
    """Starts of the app and of the baseline."""
    visits: int = 480
    """Queries of the visitors at once."""
    soak: int = 5_000
    """Queries of the soak test."""
    products: int = 1_000_000
    """Products of the largest synthetic catalogue."""
    brute_force: int = 30
    """Queries over synthetic products, all compared with brute force."""


QUICK = Counts(20, 4, 200, 8, 20, 1, 48, 200, 100_000, 20)


@dataclass(frozen=True)
class Context:
    """Opened index and the data of the measurements, each made on first use.

    Args:
        folder: of the index.
        work: an empty folder for all files written.
        weights: file of ResNet50's weights; None: Keras' cache, or else random weights.
        counts: numbers of queries, pictures, starts and products.
    """

    folder: Path
    work: Path
    weights: Path | None
    counts: Counts

    @cached_property
    def index(self) -> Index:
        """Opened index, as it is served."""
        return open_index(self.folder)

    @cached_property
    def precisions(self) -> tuple[str, ...]:
        """Precisions that this processor supports."""
        return ("f32", "bf16") if supports_bfloat16() else ("f32",)

    @cached_property
    def stored(self) -> np.ndarray:
        """Vectors of the index, (n, d) float32, in memory."""
        return np.array(stored_vectors(self.folder / VECTORS_FILE), np.float32)

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """Dimension where the colour part begins; empty for vectors without colour."""
        manifest = self.index.manifest
        return (manifest.style_dimensions,) if manifest.colour_dimensions else ()

    def weighed(self, vectors: np.ndarray) -> np.ndarray:
        """Queries from (m, d) vectors, their parts weighed as in the index: (m, d) float32."""
        manifest = self.index.manifest
        return weigh(vectors, manifest.style_dimensions, manifest.colour_weight)

    @cached_property
    def features(self) -> np.ndarray:
        """Features for the baseline's search, (n, 2048) float32 of length one."""
        manifest = self.index.manifest
        rows = weighed(self.stored, manifest.style_dimensions, manifest.colour_weight)
        return expanded(rows, baseline.DIMENSIONS, SEED)

    @cached_property
    def features_path(self) -> Path:
        """File of `features`."""
        path = self.work / "features.npy"
        np.save(path, self.features, allow_pickle=False)
        return path

    @cached_property
    def resnet50_weights(self) -> tuple[Path, bool]:
        """File of ResNet50's weights, and whether they are trained."""
        return baseline.weights_file(self.weights, self.work)

    @cached_property
    def resnet50_encoder(self) -> Path:
        """Encoder folder of ResNet50 for this project."""
        from recommender.features.backbones.network import build_network

        _log.info("Exporting ResNet50.")
        folder = self.work / "resnet50"
        export_encoder(build_network(RESNET50, str(self.resnet50_weights[0])), folder)
        return folder

    @cached_property
    def resnet50_index(self) -> Index:
        """Index of the baseline's features, with the products of `index`."""
        dimensions = self.features.shape[1]
        manifest = replace(
            self.index.manifest,
            backbone=RESNET50.name,
            head=CLASSIC,
            style_dimensions=dimensions,
            colour_dimensions=0,
            colour_weight=0.0,
        )
        return replace(
            self.index,
            manifest=manifest,
            extractor=FeatureExtractor.for_queries(self.resnet50_encoder, RESNET50),
            head=ClassicHead(),
            # As much arithmetic as a fitted detector; accepts all pictures.
            product_detector=_neutral_detector(2 * RESNET50.channels),
            search=self.features_search,
        )

    @cached_property
    def features_search(self) -> MemorySearch:
        """This project's search over the baseline's features."""
        return MemorySearch(self.features_path, self.index.catalogue)

    @cached_property
    def features_words(self) -> str:
        """Origin of the features, as a sentence."""
        n, d = self.stored.shape
        if d >= baseline.DIMENSIONS:
            return f"The {n:,} x {d:,} features are the index's own vectors."
        return (
            f"The {n:,} x {baseline.DIMENSIONS:,} features are the index's {d}-dimensional vectors "
            "after a random orthonormal map, which keeps every distance, so that the search can "
            "leave out as many as on real ones; queries are products moved by "
            "a fifth of a vector's length."
        )

    def backbone(self, name: str) -> Backbone:
        """Backbone by name: the index's own, or ResNet50."""
        return self.index.backbone if name == self.index.manifest.backbone else RESNET50

    def encoder(self, backbone: str) -> Path:
        """Encoder folder of a backbone: the index's own, or ResNet50's."""
        own = backbone == self.index.manifest.backbone
        return self.folder / ENCODER_FOLDER if own else self.resnet50_encoder

    def pictures(self, count: int, seed: int = SEED) -> list[bytes]:
        """Thumbnail files of random products, at most `count`."""
        catalogue = self.index.catalogue
        rng = np.random.default_rng(seed)
        chosen = rng.choice(len(catalogue), min(count, len(catalogue)), replace=False)
        return [catalogue.thumbnail_bytes(int(position)) for position in chosen]


def _neutral_detector(dimensions: int) -> ProductDetector:
    nothing = np.zeros(dimensions, np.float32)
    return ProductDetector(mean=nothing, scale=nothing, weights=nothing, bias=0.0)
