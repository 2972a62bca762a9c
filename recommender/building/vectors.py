"""Vectors of a catalogue's items, computed and written block by block."""

from pathlib import Path

from recommender.building.assemble import EncodedCatalogue
from recommender.embedding.head import Head, item_vectors
from recommender.embedding.vectors import labels_of
from recommender.features.table import ArrayWriter, DiskArray


def write_vectors(head: Head, products: EncodedCatalogue, path: Path) -> DiskArray:
    """Write what an index stores of its items; a block of features is in memory at a time.

    Args:
        head: makes the vectors.
        products: n of them, with features and labels.
        path: an .npy file, (n, d) float32; replaced.
    """
    writer: ArrayWriter | None = None
    for rows, features in products.features.blocks():
        labels = labels_of(products.attributes, range(rows.start, rows.stop))
        vectors = item_vectors(head, *features.in_memory, labels)
        writer = writer or ArrayWriter(path, vectors.shape[1])
        writer.append(vectors)
    if writer is None:
        raise ValueError("there are no products")
    writer.close()
    return DiskArray(path)
