"""Baseline process: from its start to its first answer, for start-up time and memory.

It has no page and no server, which would only add to both. It prints its resident memory in
megabytes after the first answer.

    python -m benchmarks.baseline_app FEATURES.npy WEIGHTS PICTURE
"""

import sys
from pathlib import Path

import numpy as np

from benchmarks import baseline
from benchmarks.machine import resident


def main(features_path: str, weights: str, picture: str) -> None:
    """Load the model, fit the search, answer one query and print the resident megabytes."""
    model = baseline.load_model(Path(weights))
    neighbours = baseline.fit(np.load(features_path, allow_pickle=False))
    baseline.search(neighbours, baseline.embed(model, Path(picture).read_bytes()))
    print(resident(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
