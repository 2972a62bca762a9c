"""Refit of an index: another head on a new catalogue, built with the index's own encoder."""

import logging
from pathlib import Path

from recommender.building.build import Report, build_index
from recommender.building.plan import OPENVINO, BuildConfig
from recommender.building.segmenter_file import GRABCUT
from recommender.features.backbones.sources import EncoderSource
from recommender.folder_exchange import put_in_place
from recommender.index.files import ENCODER_FOLDER, SEGMENTER_FOLDER, check_files, has_segmenter
from recommender.index.manifest import MANIFEST_FILE, Manifest
from recommender.reading.product import ProductSource
from recommender.storage import GO_ON, storage_errors

_log = logging.getLogger(__name__)


def refit_index(
    index: Path, out: Path, source: ProductSource, dataset: str, revision: str | None, split: str
) -> Report | None:
    """Build of an index from nothing with the encoder, head, title and licence of another.

    Pictures that were fetched are kept by the build, and an interrupted one goes on; features of
    unchanged pictures are not in an index (16 KB a picture), so that all are encoded.

    Args:
        index: folder of the index.
        out: folder of the new one, which may be the same: it is replaced in one step at the end.
        source: the new catalogue.
        dataset, revision, split: its names, as the index shows them.

    Returns:
        The build's report; None where an earlier attempt had built it and was stopped before it
        took the place.

    Raises:
        DatasetError, IndexFormatError, StorageError: as for `build_index`.
    """
    manifest = Manifest.read(index)
    check_files(index, manifest)
    fresh, report = out.with_name(f"{out.name}.refit"), None
    if (fresh / MANIFEST_FILE).exists():
        _log.info(f"{fresh} was built by an earlier attempt.")
    else:
        config = BuildConfig(
            dataset,
            split,
            revision,
            backbone=manifest.backbone,
            precision=manifest.precision,
            engine=OPENVINO,
            head=manifest.head,
            title=manifest.title,
            pictures_each=manifest.pictures_each,
            licence=manifest.data_licence,
            network=EncoderSource(
                index / ENCODER_FOLDER, manifest.known_backbone, manifest.weights_fingerprint
            ),
            segmenter=str(index / SEGMENTER_FOLDER) if has_segmenter(manifest) else GRABCUT,
        )
        report = build_index(source, fresh, config)
    with storage_errors(out, GO_ON):
        put_in_place(fresh, out)
    return report
