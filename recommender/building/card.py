"""Index card: README of an index on the Hub, in Markdown."""

from typing import Any

from recommender.features.encoder import INT8
from recommender.features.segmenter import LICENCE, NAME, SIDE
from recommender.index.manifest import Manifest
from recommender.index.text_part import KEPT, TEXT_HEAD, TEXT_TOWER

# Licence names of the Hub: https://huggingface.co/docs/hub/repositories-licenses
_OTHER = "other"


def card(manifest: Manifest, words: bool = False, *, segmenter: bool = False) -> str:
    """Index card in Markdown, with the Hub's front matter.

    Args:
        manifest: of the index; its checksums are not needed.
        words: whether the index can be searched with words.
        segmenter: whether the index has a segmentation network.
    """
    backbone = manifest.known_backbone
    revision = f" at revision `{manifest.dataset_revision}`" if manifest.dataset_revision else ""
    features = "max-pooled features" if backbone.has_map else "the network's embedding"
    head = (
        f"the classic recipe: {features}, L2-normalised"
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
        f"embedded by {backbone.title} ({backbone.weights}); {head}.",
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
        "| `encoder/text.*`, `encoder/tokenizer.json` | the network's text tower: token numbers "
        f"(n, {backbone.text.tokens}) int64 to embeddings, and its tokenizer |"
        if backbone.text is not None
        else None,
        "",
        "## Quality",
        "",
        *_quality(manifest),
        *_words(manifest.quality.get("words", {})),
        "",
        "## Licences",
        "",
        f"The data: {manifest.data_licence}. The network's weights: {backbone.weights_licence} "
        f"({backbone.weights})." + (f" {NAME}: {LICENCE}." if segmenter else ""),
        "",
    ]
    return "\n".join(line for line in lines if line is not None)


def _quality(manifest: Manifest) -> list[str]:
    if not manifest.quality.get("precision_at_5"):
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
        *_eight_bit(quality.get(INT8)),
    ]


def _words(measured: dict[str, Any]) -> list[str]:
    """Lines about the search by words; none where nothing is known of it."""
    lines = []
    share, names = measured.get("own_among_ten"), measured.get("names", 0)
    if share is not None:
        lines.append(
            f"Of {names:,} names of products, held out of all learning of words, {share:.1%} find "
            "their own product among the first ten."
        )
    learned, own = measured.get(TEXT_HEAD), measured.get(TEXT_TOWER)
    if learned is not None and own is not None:
        lines.append(
            f"With words learned from the catalogue it is {learned:.1%}, with the network's own "
            f"text tower {own:.1%}: the better one is kept."
        )
    if measured.get(KEPT) == TEXT_TOWER:
        lines.append(
            "Words are read by the network's own text tower. Their style goes through the head of "
            "the pictures; their colour through a linear map of the network's embeddings, fitted "
            "on the pictures, because a picture's comes from its pixels."
        )
    return ["", "## Words", "", " ".join(lines)] if lines else []


def _eight_bit(cost: dict[str, Any] | None) -> list[str]:
    """Lines about the cost of an 8-bit network; none for another."""
    if cost is None:
        return []
    rows = [
        f"| {label} | {values['float']:.3f} | {values['int8']:.3f} |"
        for label, values in cost["precision_at_5"].items()
    ]
    return [
        "",
        "The network is quantised to 8 bits, calibrated on the catalogue's pictures. What that "
        f"costs, by the classic recipe on {cost['queries']:,} products as queries:",
        "",
        "| label | float32 | 8 bits |",
        "|---|---|---|",
        *rows,
    ]
