"""Feature cache of evaluations: encoded datasets and indexes, kept in a work folder."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from recommender.building.assemble import collect
from recommender.building.chunks import CHUNK_VERSION
from recommender.building.encode import CHUNK, ProductSource, chunk_path, encode_chunks
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.fit import measured
from recommender.building.plan import OPENVINO, BuildDirectory, BuildKey
from recommender.building.segmenter_file import GRABCUT, prepare_segmenter
from recommender.errors import DatasetError
from recommender.features import FEATURES_VERSION
from recommender.features.backbones.registry import Backbone
from recommender.features.backbones.sources import Source
from recommender.features.encoder import WEIGHTS_FILE
from recommender.features.extractor import FeatureExtractor
from recommender.features.segmenter import NetworkSegmenter
from recommender.index.catalogue import Catalogue
from recommender.index.files import ENCODER_FOLDER, SEGMENTER_FOLDER, has_segmenter, sha256
from recommender.index.folder import Index
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.reading.product import Columns, Product
from recommender.settings import AUTO

WORK = Path(".cache/evaluation")


@dataclass(frozen=True)
class FeatureCache:
    """Feature cache of a dataset or an index, and the network that made it."""

    name: str
    products: EncodedCatalogue
    backbone: Backbone
    encoder: Path
    """Folder of the network."""
    precision: str
    pictures: CataloguePictures
    """Measurements of the catalogue's pictures."""
    folder: Path
    """Folder of the features."""
    segmenter: Path | None = None
    """Folder of the segmentation network; None for GrabCut."""

    @property
    def query_precision(self) -> str:
        """Precision of queries: as they are served, where the features are in float32."""
        return AUTO if self.precision == "f32" else self.precision

    def extractor(self) -> FeatureExtractor:
        """Extractor with the same network, for other pictures."""
        return FeatureExtractor.for_building(self.encoder, self.backbone, self.precision)

    def with_segmenter(self, extractor: FeatureExtractor, threads: int = 0) -> FeatureExtractor:
        """Extractor with the catalogue's segmentation network, if it has one."""
        if self.segmenter is None:
            return extractor
        return replace(extractor, segmenter=NetworkSegmenter(self.segmenter, threads=threads))


class IndexProducts:
    """Product source over the main thumbnails of an index.

    Args:
        catalogue: of the index.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.columns = Columns("image", "id", "name", catalogue.attributes)

    def count(self) -> int:
        """Number of products."""
        return len(self._catalogue)

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products at positions start to stop - 1."""
        catalogue = self._catalogue
        for position in range(start, stop):
            known = catalogue.attributes_of(position)
            yield Product(
                position,
                catalogue.ids[position],
                catalogue.name(position),
                {name: known.get(name) for name in catalogue.attributes},
                (catalogue.thumbnail_bytes(position),),
                catalogue.group_of(position),
                values={n: tuple(v) for n, v in catalogue.several_of(position).items()},
            )


def encode_dataset(
    source: ProductSource, key: BuildKey, network: Source, work: Path, segmenter: str = GRABCUT
) -> FeatureCache:
    """Feature cache of a dataset, encoded as by a build.

    Args:
        source: the products.
        key: build key, which names the dataset and the network.
        network: its source.
        work: folder of all caches; this one has a subfolder.
        segmenter: as `prepare_segmenter` takes it.

    Raises:
        BackboneError, HubError: the network cannot be had or used.
        DatasetError: no picture can be read.
    """
    name = f"{_plain(key.dataset)}-{_plain(key.backbone)}"
    folder = work / f"{name}-{_fingerprint(repr(key))}"
    folder.mkdir(parents=True, exist_ok=True)
    directory = BuildDirectory.open(folder, key, network, OPENVINO, source)
    backbone = directory.backbone
    products = _encode(source, key.rows, backbone, directory.encoder, key.precision, folder)
    return FeatureCache(
        key.dataset,
        products,
        backbone,
        directory.encoder,
        key.precision,
        measured(products),
        folder,
        prepare_segmenter(segmenter, work / SEGMENTER_FOLDER),
    )


def encode_index(index: Index, work: Path) -> FeatureCache:
    """Feature cache of an index: its thumbnails, encoded by its own network.

    An index stores no features, and its head was fitted on all products. Held-out products need
    another head, and fitting it needs features.
    """
    manifest = index.manifest
    folder = work / f"{_plain(manifest.title)}-{_fingerprint(manifest.fingerprint)}"
    encoder = index.folder / ENCODER_FOLDER
    source = IndexProducts(index.catalogue)
    products = _encode(source, manifest.items, index.backbone, encoder, manifest.precision, folder)
    return FeatureCache(
        manifest.title,
        products,
        index.backbone,
        encoder,
        manifest.precision,
        index.pictures,
        folder,
        index.folder / SEGMENTER_FOLDER if has_segmenter(manifest) else None,
    )


def encode_photos(
    name: str, source: ProductSource, catalogue: FeatureCache, work: Path
) -> FeatureCache:
    """Feature cache of photographs, encoded by the catalogue's network.

    Args:
        name: of the dataset.
        source: the photographs.
        catalogue: cache of the catalogue that is searched.
        work: folder of all caches.
    """
    weights = sha256(catalogue.encoder / WEIGHTS_FILE)
    network = _fingerprint(f"{weights} {catalogue.precision} {source.columns}")
    folder = work / f"{_plain(name)}-{_plain(catalogue.backbone.name)}-{network}"
    products = _encode(
        source, source.count(), catalogue.backbone, catalogue.encoder, catalogue.precision, folder
    )
    return replace(catalogue, name=name, products=products, folder=folder)


def _encode(
    source: ProductSource,
    rows: int,
    backbone: Backbone,
    encoder: Path,
    precision: str,
    folder: Path,
) -> EncodedCatalogue:
    if rows == 0:
        raise DatasetError("There are no pictures to evaluate.")
    folder.mkdir(parents=True, exist_ok=True)
    extractor = FeatureExtractor.for_building(encoder, backbone, precision)
    with tqdm(total=rows, unit=" pictures", desc="Encoding") as bar:
        encode_chunks(source, range(rows), extractor, folder, bar.update, pictures_each=1)
    starts = range(0, rows, CHUNK)
    return collect([chunk_path(folder, start) for start in starts], folder / "features")


def _plain(name: str) -> str:
    """Folder name for a dataset's name."""
    return "".join(c if c.isalnum() else "-" for c in Path(name).name).strip("-").lower() or "data"


def _fingerprint(text: str) -> str:
    # With the version: features of another version must not be read.
    return hashlib.sha256(
        f"{text} features {FEATURES_VERSION}.{CHUNK_VERSION}".encode()
    ).hexdigest()[:12]
