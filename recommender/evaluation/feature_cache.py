"""Pictures to features, kept in a work folder so that a second evaluation starts at once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from recommender.building.assemble import EncodedCatalogue, collect
from recommender.building.encode import CHUNK, ProductSource, chunk_path, encode_chunks
from recommender.building.fit import measured
from recommender.building.plan import BuildDirectory, BuildKey
from recommender.errors import DatasetError
from recommender.features import FEATURES_VERSION
from recommender.features.backbones.registry import Backbone, get_backbone
from recommender.features.encoder import WEIGHTS_FILE
from recommender.features.extractor import FeatureExtractor
from recommender.index.catalogue import Catalogue
from recommender.index.folder import ENCODER_FOLDER, Index, sha256
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.reading.product import Columns, Product

WORK = Path(".cache/evaluation")


@dataclass(frozen=True)
class Encoded:
    """Pictures of a dataset or an index, and the network that saw them."""

    name: str
    products: EncodedCatalogue
    backbone: Backbone
    encoder: Path
    """Folder of the network."""
    precision: str
    pictures: CataloguePictures
    """What the catalogue's pictures are like."""
    folder: Path
    """Where its features are kept."""

    def extractor(self) -> FeatureExtractor:
        """The network, for further pictures."""
        return FeatureExtractor.for_building(self.encoder, self.backbone, self.precision)


class IndexProducts:
    """The products of an index as a source of pictures: their thumbnails.

    Args:
        catalogue: of the index.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.columns = Columns("image", "id", "name", catalogue.attributes)

    def count(self) -> int:
        """How many products there are."""
        return len(self._catalogue)

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products from position start up to, not including, stop."""
        catalogue = self._catalogue
        for position in range(start, stop):
            known = catalogue.attributes_of(position)
            yield Product(
                position,
                catalogue.ids[position],
                catalogue.name(position),
                {name: known.get(name) for name in catalogue.attributes},
                (catalogue.thumbnail_bytes(position),),
            )


def encode_dataset(source: ProductSource, plan: BuildKey, weights: str, work: Path) -> Encoded:
    """Encode a dataset as a build would.

    Args:
        source: the products.
        plan: which of them, and with which network.
        weights: of the network: "imagenet" or a file.
        work: folder of all evaluations; this one gets a folder of its own in it.

    Raises:
        BackboneError: the weights cannot be had.
        DatasetError: not one picture can be read.
    """
    folder = work / f"{_plain(plan.dataset)}-{plan.backbone}-{_fingerprint(repr(plan))}"
    folder.mkdir(parents=True, exist_ok=True)
    directory = BuildDirectory.open(folder, plan, weights, "openvino")
    backbone = get_backbone(plan.backbone)
    products = _encode(source, plan.rows, backbone, directory.encoder, plan.precision, folder)
    return Encoded(
        plan.dataset,
        products,
        backbone,
        directory.encoder,
        plan.precision,
        measured(products),
        folder,
    )


def encode_index(index: Index, work: Path) -> Encoded:
    """Encode the thumbnails of an index with its own network.

    An index has vectors and no features, and its head has seen every product: to measure it on
    products that it has not seen, the head must be fitted again, and that takes features.
    """
    manifest = index.manifest
    folder = work / f"{_plain(manifest.title)}-{_fingerprint(manifest.fingerprint)}"
    encoder = index.folder / ENCODER_FOLDER
    source = IndexProducts(index.catalogue)
    products = _encode(source, manifest.items, index.backbone, encoder, manifest.precision, folder)
    return Encoded(
        manifest.title,
        products,
        index.backbone,
        encoder,
        manifest.precision,
        index.pictures,
        folder,
    )


def encode_photos(name: str, source: ProductSource, catalogue: Encoded, work: Path) -> Encoded:
    """Encode photographs with the network that saw the catalogue.

    Args:
        name: of the dataset.
        source: the photographs.
        catalogue: what they are to be compared with.
        work: folder of all evaluations.
    """
    weights = sha256(catalogue.encoder / WEIGHTS_FILE)
    network = _fingerprint(f"{weights} {catalogue.precision} {source.columns}")
    folder = work / f"{_plain(name)}-{catalogue.backbone.name}-{network}"
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
        encode_chunks(source, range(rows), extractor, folder, bar.update)
    starts = range(0, rows, CHUNK)
    return collect([chunk_path(folder, start) for start in starts], folder / "features")


def _plain(name: str) -> str:
    """A name that can be one of a folder."""
    return "".join(c if c.isalnum() else "-" for c in Path(name).name).strip("-").lower() or "data"


def _fingerprint(text: str) -> str:
    # Kept features are of use to the same code only.
    return hashlib.sha256(f"{text} features {FEATURES_VERSION}".encode()).hexdigest()[:12]
