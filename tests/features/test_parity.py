"""Our path beside the classic recipe, written as its tutorials write it."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from recommender.embedding.head import ClassicHead
from recommender.features.backbones import get_backbone
from recommender.features.encoder import Encoder, export_encoder
from recommender.features.preprocessing import to_pixels
from recommender.pictures.decoding import open_picture

keras = pytest.importorskip("keras")
from recommender.features.backbones.network import build_network  # noqa: E402

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
KERAS_CACHE = Path.home() / ".keras/models/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures of different shapes, sizes and file formats."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(7)
    for i in range(12):
        small = rng.integers(0, 256, (6, 5, 3), dtype=np.uint8)
        size = [(60, 80), (300, 400), (640, 360)][i % 3]
        picture = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
        picture.save(folder / f"{i:02d}.{['jpg', 'png'][i % 2]}")
    return folder


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeded weights of ResNet50, as a file; batch normalisation moved off its neutral start."""
    keras.utils.set_random_seed(3)
    network = keras.applications.ResNet50(weights=None, include_top=False)
    path = tmp_path_factory.mktemp("weights") / "resnet50.weights.h5"
    network.save_weights(path)
    return path


def classic_embeddings(paths: list[Path], weights: Path) -> np.ndarray:
    """The recipe, as its tutorials write it: one picture after the other."""
    base = keras.applications.ResNet50(
        weights=str(weights), include_top=False, input_shape=(224, 224, 3)
    )
    base.trainable = False
    model = keras.Sequential([base, keras.layers.GlobalMaxPooling2D()])
    embeddings = []
    for path in paths:
        image = keras.utils.load_img(path, target_size=(224, 224))
        batch = np.expand_dims(keras.utils.img_to_array(image), axis=0)
        features = model.predict(keras.applications.resnet50.preprocess_input(batch), verbose=0)
        flat = features.flatten()
        embeddings.append(flat / np.linalg.norm(flat))
    return np.array(embeddings)


def our_embeddings(pictures: list, weights: str, folder: Path) -> np.ndarray:
    """The same pictures through our own stages."""
    backbone = get_backbone("resnet50")
    export_encoder(build_network(backbone, weights), folder)
    encoder = Encoder(folder, batch=4)
    pixels = np.stack([to_pixels(open_picture(picture), backbone) for picture in pictures])
    features = list(encoder.encode_stream(pixels[i : i + 4] for i in range(0, len(pixels), 4)))
    head = ClassicHead()
    return np.concatenate([head.style(f.max_pooled, f.avg_pooled) for f in features])


def test_embeddings_and_neighbours_are_those_of_the_classic_recipe(
    folder: Path, weights: Path, tmp_path: Path
) -> None:
    paths = sorted(folder.iterdir())
    classic = classic_embeddings(paths, weights)
    ours = our_embeddings(list(paths), str(weights), tmp_path)
    cosine_distance = 1 - (classic * ours).sum(axis=1)
    assert cosine_distance.max() < 1e-4
    # The pictures must differ enough for this to mean something.
    assert (1 - classic @ classic.T)[np.triu_indices(len(paths), 1)].min() > 1e-4
    neighbours = [
        NearestNeighbors(n_neighbors=5, algorithm="brute", metric="euclidean")
        .fit(vectors)
        .kneighbors(vectors, return_distance=False)
        for vectors in (classic, ours)
    ]
    assert neighbours[0].tolist() == neighbours[1].tolist()


def test_the_published_weights_reproduce_the_reference_embeddings(tmp_path: Path) -> None:
    reference = SHARED / "reference" / "resnet50_maxpool_l2.npz"
    weights = Path(os.environ.get("RESNET50_WEIGHTS", KERAS_CACHE))
    if not weights.exists():
        pytest.skip("no published weights in Keras' cache, nor named by RESNET50_WEIGHTS")
    if not reference.exists():
        pytest.skip("no reference embeddings at ../shared/data")
    from recommender.reading.products import Products

    with np.load(reference, allow_pickle=False) as arrays:
        expected = dict(zip(arrays["ids"].astype(str), arrays["embeddings"], strict=True))
    source = Products(str(SHARED / "fashion-product-images-small"))
    products = [p for p in source.read(0, source.count()) if p.id in expected]
    ours = our_embeddings([p.picture for p in products], str(weights), tmp_path)
    assert len(products) > 100
    difference = np.abs(ours - np.array([expected[p.id] for p in products])).max()
    assert difference < 1e-3
