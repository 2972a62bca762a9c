"""8-bit encoder: quantisation after training, calibrated on the catalogue, and what it costs.

NNCF (https://github.com/openvinotoolkit/nncf) inserts 8-bit operations, whose ranges it takes from
a few hundred pictures. The float encoder stays in the working folder until the index is written, so
that the report card can compare both.
"""

import contextlib
import io
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.thumbnails import Thumbnails
from recommender.embedding.head import ClassicHead
from recommender.errors import BackboneError, DatasetError, PictureError
from recommender.features.backbones.registry import Backbone
from recommender.features.encoder import GRAPH_FILE, WEIGHTS_FILE
from recommender.features.extractor import FeatureExtractor
from recommender.features.openvino_import import ov
from recommender.features.preprocessing import to_pixels
from recommender.features.table import FeatureTable
from recommender.metrics.held_out import hold_out
from recommender.metrics.precision import SHOWN, retrieval
from recommender.metrics.splits import distinct_products
from recommender.pictures.decoding import open_picture
from recommender.reading.product import ProductSource

FLOAT_FOLDER = "encoder.float"

# Pictures that calibrate: NNCF's own number. They are taken from runs of consecutive products,
# because opening a place of a large data set takes as long as reading some of its products.
CALIBRATED, RUN = 300, 10
# Products that the cost is measured on, a third of them as queries; encoding them twice takes a
# minute with EfficientNet-Lite0.
MEASURED = 3_000
FEWEST_MEASURED = 60
SEED = 0


def quantise(encoder: Path, backbone: Backbone, products: ProductSource, rows: int) -> None:
    """Quantisation of an encoder folder; the float encoder stays beside it.

    Args:
        encoder: folder of the encoder.
        backbone: of the encoder.
        products: the catalogue, whichever part of it is encoded on this machine.
        rows: products of the catalogue.

    Raises:
        BackboneError: NNCF is not installed, or cannot quantise the network.
        DatasetError: no picture can be read.
    """
    try:
        # Imported here: it takes seconds, and only building has it.
        import nncf
    except ImportError:
        raise BackboneError(
            "--precision int8 needs NNCF. Run: pip install -r requirements-build.txt"
        ) from None
    pixels = list(_pixels(products, rows, backbone))
    if not pixels:
        raise DatasetError("Not one picture could be read to calibrate the 8-bit network with.")
    floats = encoder.with_name(FLOAT_FOLDER)
    shutil.rmtree(floats, ignore_errors=True)
    shutil.copytree(encoder, floats)
    model = ov.Core().read_model(floats / GRAPH_FILE)
    attention = any(node.get_type_name() == "Softmax" for node in model.get_ops())
    nncf.set_log_level(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            eight_bit = nncf.quantize(
                model,
                nncf.Dataset(pixels, lambda picture: picture[None]),
                preset=nncf.QuantizationPreset.MIXED,
                subset_size=len(pixels),
                model_type=nncf.ModelType.TRANSFORMER if attention else None,
            )
    except Exception as error:  # NNCF's and OpenVINO's own
        reason = " ".join(str(error).split())[:200]
        raise BackboneError(f"The network cannot be quantised to 8 bits ({reason}).") from None
    for name in (GRAPH_FILE, WEIGHTS_FILE):
        (encoder / name).unlink()
    ov.save_model(eight_bit, encoder / GRAPH_FILE, compress_to_fp16=False)


def quantisation_cost(
    products: EncodedCatalogue, encoder: Path, backbone: Backbone
) -> dict[str, Any]:
    """Precision at 5 of the classic recipe with the float and with the 8-bit network.

    The recipe needs no fitting, so that nothing but the network differs.

    Args:
        products: encoded products.
        encoder: folder of the 8-bit encoder, the float one beside it.
        backbone: of both.

    Returns:
        {"queries": ..., "precision_at_5": {label: {"float": ..., "int8": ...}}}; empty where there
        are no labels or fewer than 60 products, or where the float encoder is not at hand (an
        index that is refitted with its own encoder).
    """
    if not encoder.with_name(FLOAT_FOLDER).exists():
        return {}
    spaced = np.linspace(0, len(products.ids) - 1, min(MEASURED, len(products.ids)))
    sample = products.take(np.unique(spaced.astype(int)))
    thumbnails = Thumbnails(sample.rows)
    queries = len(np.unique(distinct_products(sample.digests, sample.groups))) // 3
    if 3 * queries < FEWEST_MEASURED:
        return {}
    measured = {}
    for name, folder in (("float", encoder.with_name(FLOAT_FOLDER)), ("int8", encoder)):
        extractor = FeatureExtractor.for_building(folder, backbone, "f32")
        pictures = (thumbnails.picture(row) for row in range(len(sample.ids)))
        table: FeatureTable = extractor.table(pictures)
        held_out = hold_out(
            table,
            sample.attributes,
            sample.digests,
            lambda *_: ClassicHead(),
            queries,
            SEED,
            groups=sample.groups,
        )
        judged = held_out.judge(*held_out.classic)
        measured[name] = {label: retrieval(found) for label, found in judged.items()}
    return {
        "queries": queries,
        f"precision_at_{SHOWN}": {
            label: {name: round(by[label].precision[SHOWN], 4) for name, by in measured.items()}
            for label in measured["float"]
        },
    }


def _pixels(products: ProductSource, rows: int, backbone: Backbone) -> Iterator[np.ndarray]:
    """Network inputs of evenly spaced runs of products, (side, side, 3) uint8 each."""
    runs = max(1, min(CALIBRATED, rows) // RUN)
    for start in np.unique(np.linspace(0, max(0, rows - RUN), runs).astype(int)):
        for product in products.read(int(start), min(int(start) + RUN, rows)):
            with contextlib.suppress(PictureError):  # encoding will tell why it is left out
                if product.picture is not None:
                    picture = open_picture(product.picture, min_side=backbone.decoded_side)
                    yield to_pixels(picture, backbone)
