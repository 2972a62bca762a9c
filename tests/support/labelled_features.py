"""Made-up features of a labelled catalogue, in which kind and shade hide under stronger noise."""

import numpy as np

CHANNELS, COLOURS = 48, 30
KINDS, SHADES = 6, 4


def labelled_features(count=600, seed=0):
    """Max-pooled and average-pooled features, colour features, and labels of `count` products."""
    random = np.random.default_rng(seed)
    of_kind = np.random.default_rng(99).normal(size=(KINDS, CHANNELS))
    of_shade = np.random.default_rng(98).normal(size=(SHADES, COLOURS))
    nuisance = np.random.default_rng(97).normal(size=(8, CHANNELS)) * 3
    kind, shade = random.integers(KINDS, size=count), random.integers(SHADES, size=count)

    def features():
        noise = random.normal(size=(count, 8)) @ nuisance + random.normal(size=(count, CHANNELS))
        return (10 + of_kind[kind] * 1.5 + noise).astype(np.float32)

    light = random.normal(size=(count, 8)) @ nuisance[:, :COLOURS]
    colour = of_shade[shade] + light + random.normal(size=(count, COLOURS))
    labels = {
        "article_type": [f"kind {k}" for k in kind],
        "baseColour": [f"shade {s}" for s in shade],
        "name": [f"product {i}" for i in range(count)],
    }
    return features(), features(), colour.astype(np.float32), labels
