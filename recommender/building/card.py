"""Index card: README of an index on the Hub, in Markdown."""

from recommender.features.backbones.registry import get_backbone
from recommender.features.segmenter import LICENCE, NAME, SIDE
from recommender.index.manifest import Manifest

# Licence names of the Hub: https://huggingface.co/docs/hub/repositories-licenses
_OTHER = "other"


def card(manifest: Manifest, words: bool = False, *, segmenter: bool = False) -> str:
    """Index card in Markdown, with the Hub's front matter.

    Args:
        manifest: of the index; its checksums are not needed.
        words: whether the index can be searched with words.
        segmenter: whether the index has a segmentation network.
    """
    backbone = get_backbone(manifest.backbone)
    revision = f" at revision `{manifest.dataset_revision}`" if manifest.dataset_revision else ""
    head = (
        "the classic recipe: max-pooled features, L2-normalised"
        if manifest.head == "none"
        else "style and colour parts learned from the catalogue's own labels"
    )
    on_the_hub = manifest.dataset.count("/") == 1
    lines = [
        "---",
        "library_name: openvino",
        "pipeline_tag: image-feature-extraction",
        "tags: [fashion, image-retrieval, recommender, embeddings]",
        f"license: {_OTHER}",
        f"license_name: {manifest.data_licence}" if manifest.data_licence != "unknown" else None,
        f"datasets: [{manifest.dataset}]" if on_the_hub else None,
        "---",
        "",
        f"# {manifest.title}: an index for picture search",
        "",
        f"{manifest.items:,} products of `{manifest.dataset}`, split `{manifest.split}`{revision}, "
        f"embedded by {backbone.title} pre-trained on ImageNet; {head}.",
        "",
        "| file | content |",
        "|---|---|",
        "| `manifest.json` | settings for reading the index, and the SHA-256 of every other file |",
        "| `vectors.npy` | float32, for each picture a row of "
        f"{manifest.style_dimensions + manifest.colour_dimensions}: "
        f"{manifest.style_dimensions} for style, {manifest.colour_dimensions} for colour |",
        "| `catalogue.parquet` | the products, with attributes, offers and thumbnails |",
        "| `pictures.parquet` | the picture of each vector: its product, number and digest |",
        "| `encoder/` | the network in OpenVINO's format: RGB pixels "
        f"(n, {backbone.side}, {backbone.side}, 3) uint8 to pooled features |",
        "| `segmenter/` | the network that cuts products out of photographs: RGB pixels "
        f"(1, {SIDE}, {SIDE}, 3) uint8 to the probability of foreground |"
        if segmenter
        else None,
        "| `head.npz`, `calibration.npz`, `novelty.npz` | plain arrays: projection, "
        "calibration of similarities, and product detector |",
        "| `text_head.npz` | plain arrays: words to vectors, and their calibration |"
        if words
        else None,
        "",
        "## Quality",
        "",
        *_quality(manifest),
        "",
        "## Licences",
        "",
        f"The data: {manifest.data_licence}. The network's weights: {backbone.weights_licence} "
        f"({backbone.weights})." + (f" {NAME}: {LICENCE}." if segmenter else ""),
        "",
    ]
    return "\n".join(line for line in lines if line is not None)


def _quality(manifest: Manifest) -> list[str]:
    if not manifest.quality:
        return ["Not measured: the catalogue has no labels, or too few products."]
    quality = manifest.quality
    rows = [
        f"| {label} | {values['index']:.3f} | {values['classic']:.3f} | {values['chance']:.3f} |"
        for label, values in quality["precision_at_5"].items()
    ]
    return [
        "Fraction of the first five neighbours with the query's label, over "
        f"{quality['queries']:,} products held out of the index and of all fitting:",
        "",
        "| label | this index | classic recipe | chance |",
        "|---|---|---|---|",
        *rows,
    ]
