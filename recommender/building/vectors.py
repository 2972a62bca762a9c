"""Vectors of a catalogue, computed and written block by block: by pictures, then with labels."""

from pathlib import Path

import numpy as np

from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.embedding.head import Head
from recommender.embedding.head_vectors import picture_vectors, with_label_prior
from recommender.embedding.vectors import labels_of
from recommender.features.table import BLOCK, ArrayWriter, DiskArray, FeatureTable


def write_picture_vectors(head: Head, features: FeatureTable, path: Path) -> DiskArray:
    """Writing of vectors before the label prior; one block of features is in memory at a time.

    Args:
        head: of the vectors.
        features: of p pictures, at least one.
        path: of the .npy file, (p, d) float32; replaced.
    """
    writer: ArrayWriter | None = None
    for _, block in features.blocks():
        vectors = picture_vectors(head, *block.in_memory)
        writer = writer or ArrayWriter(path, vectors.shape[1])
        writer.append(vectors)
    if writer is None:
        raise ValueError("there are no pictures")
    writer.close()
    return DiskArray(path)


def write_vectors(
    head: Head,
    products: EncodedCatalogue,
    pictures: DiskArray,
    style_dimensions: int,
    path: Path,
) -> DiskArray:
    """Writing of item vectors, one per picture: the label prior is added to its vector.

    Args:
        head: of the vectors.
        products: n products with labels.
        pictures: (p, d) float32, from `write_picture_vectors`.
        style_dimensions: number of dimensions, the first, that are style.
        path: of the .npy file, (p, d) float32; replaced.
    """
    labels_by_name, owners = products.labels, products.owners
    with ArrayWriter(path, pictures.shape[1]) as writer:
        for start in range(0, len(pictures), BLOCK):
            block = np.asarray(pictures[start : start + BLOCK])
            labels = labels_of(labels_by_name, owners[start : start + BLOCK])
            writer.append(with_label_prior(head, block, style_dimensions, labels))
    return DiskArray(path)
