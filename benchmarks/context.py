"""What the rows of the benchmark share: the index, the baseline's features, and a folder."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks import baseline
from benchmarks.synthetic_vectors import expanded, weighed
from recommender.embedding.head import ClassicHead
from recommender.embedding.vectors import weigh
from recommender.features.backbones.registry import RESNET50
from recommender.features.encoder import export_encoder, supports_bfloat16
from recommender.features.extractor import FeatureExtractor
from recommender.index.exact_search import VECTORS_FILE, MemorySearch, stored_vectors
from recommender.index.folder import CLASSIC, ENCODER_FOLDER, Index, open_index
from recommender.index.product_detector import ProductDetector

SEED = 20_260


@dataclass(frozen=True)
class Counts:
    """How often everything is done."""

    queries: int = 200
    """Queries, and searches alone, of each kind; so many are compared with brute force, too."""
    large_queries: int = 20
    pictures: int = 2_000
    """The longest building run."""
    one_by_one: int = 60
    """Pictures that the baseline encodes one after the other; and batches of TensorFlow's."""
    agreement: int = 400
    starts: int = 3
    visits: int = 480
    soak: int = 5_000
    products: int = 1_000_000
    brute_force: int = 30
    """Queries over all of these products that are compared with brute force."""


QUICK = Counts(20, 4, 200, 8, 20, 1, 48, 200, 100_000, 20)


@dataclass(frozen=True)
class Context:
    """An opened index and what the measurements need beside it, each made when first asked for.

    Args:
        folder: of the index.
        work: an empty folder for whatever must be written.
        weights: of ResNet50; None takes Keras' cache, or else random ones.
        counts: how often everything is done.
        say: is told what happens.
    """

    folder: Path
    work: Path
    weights: Path | None
    counts: Counts
    say: Callable[[str], None]

    @cached_property
    def index(self) -> Index:
        """The given index, in float32."""
        return open_index(self.folder)

    @cached_property
    def precisions(self) -> tuple[str, ...]:
        """What this processor computes in."""
        return ("f32", "bf16") if supports_bfloat16() else ("f32",)

    @cached_property
    def stored(self) -> np.ndarray:
        """(n, d) float32: the index's vectors, in memory."""
        return np.array(stored_vectors(self.folder / VECTORS_FILE), np.float32)

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """Where the style part of a vector ends, unless it is all of it."""
        manifest = self.index.manifest
        return (manifest.style_dimensions,) if manifest.colour_dimensions else ()

    def weighed(self, vectors: np.ndarray) -> np.ndarray:
        """(m, d) float32: queries with these vectors, as the index weighs their parts."""
        manifest = self.index.manifest
        return weigh(vectors, manifest.style_dimensions, manifest.colour_weight)

    @cached_property
    def features(self) -> np.ndarray:
        """(n, 2048) float32 of length one, as the baseline would have them in memory."""
        manifest = self.index.manifest
        rows = weighed(self.stored, manifest.style_dimensions, manifest.colour_weight)
        return expanded(rows, baseline.DIMENSIONS, SEED)

    @cached_property
    def features_path(self) -> Path:
        """The same as a file."""
        path = self.work / "features.npy"
        np.save(path, self.features, allow_pickle=False)
        return path

    @cached_property
    def resnet50_weights(self) -> tuple[Path, bool]:
        """A file of ResNet50's weights, and whether they are genuine."""
        return baseline.weights_file(self.weights, self.work)

    @cached_property
    def resnet50_encoder(self) -> Path:
        """ResNet50 as this project runs it: an encoder folder."""
        from recommender.features.backbones.network import build_network

        self.say("Exporting ResNet50.")
        folder = self.work / "resnet50"
        export_encoder(build_network(RESNET50, str(self.resnet50_weights[0])), folder)
        return folder

    @cached_property
    def resnet50_index(self) -> Index:
        """An index of the baseline's features over the given index's products."""
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
            # As much arithmetic as a fitted one, and no opinion.
            product_detector=_neutral_detector(2 * RESNET50.channels),
            search=self.features_search,
        )

    @cached_property
    def features_search(self) -> MemorySearch:
        """Our search over the baseline's features."""
        return MemorySearch(self.features_path, self.index.catalogue)

    @cached_property
    def features_words(self) -> str:
        """How the features came about, as a sentence."""
        n, d = self.stored.shape
        if d >= baseline.DIMENSIONS:
            return f"The {n:,} x {d:,} features are the index's own vectors."
        return (
            f"The {n:,} x {baseline.DIMENSIONS:,} features are the index's {d}-dimensional vectors "
            "after a random orthonormal map, which keeps every distance, so that the search can "
            "leave out as many as on real ones; queries are products moved by "
            "a fifth of a vector's length."
        )

    def encoder(self, backbone: str) -> Path:
        """The folder of the network of the index, or of ResNet50."""
        own = backbone == self.index.manifest.backbone
        return self.folder / ENCODER_FOLDER if own else self.resnet50_encoder

    def pictures(self, count: int, seed: int = SEED) -> list[bytes]:
        """Thumbnails of random products, as the files they are."""
        catalogue = self.index.catalogue
        rng = np.random.default_rng(seed)
        chosen = rng.choice(len(catalogue), min(count, len(catalogue)), replace=False)
        return [catalogue.thumbnail_bytes(int(position)) for position in chosen]


def _neutral_detector(dimensions: int) -> ProductDetector:
    nothing = np.zeros(dimensions, np.float32)
    return ProductDetector(mean=nothing, scale=nothing, weights=nothing, bias=0.0)
