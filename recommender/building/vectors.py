"""Item vectors of a catalogue, computed and written block by block."""

from pathlib import Path

from recommender.building.assemble import EncodedCatalogue
from recommender.embedding.head import Head, item_vectors
from recommender.embedding.vectors import labels_of
from recommender.features.table import ArrayWriter, DiskArray


def write_vectors(head: Head, products: EncodedCatalogue, path: Path) -> DiskArray:
    """Writing of item vectors, one per picture; one block of features is in memory at a time.

    Args:
        head: of the vectors.
        products: n products with features and labels.
        path: of the .npy file, (p, d) float32; replaced.

    Raises:
        ValueError: there are no products.
    """
    writer: ArrayWriter | None = None
    labels_by_name, owners = products.labels, products.owners
    for rows, features in products.features.blocks():
        labels = labels_of(labels_by_name, owners[rows])
        vectors = item_vectors(head, *features.in_memory, labels)
        writer = writer or ArrayWriter(path, vectors.shape[1])
        writer.append(vectors)
    if writer is None:
        raise ValueError("there are no products")
    writer.close()
    return DiskArray(path)
