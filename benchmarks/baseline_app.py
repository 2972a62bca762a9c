"""Process of the baseline: from start to its first answer.

It has neither page nor server: those would only add to it. Prints its resident megabytes as soon
as it has answered.

    python -m benchmarks.baseline_app FEATURES.npy WEIGHTS PICTURE
"""

import sys
from pathlib import Path

import numpy as np

from benchmarks import baseline
from benchmarks.machine import resident


def main(features_path: str, weights: str, picture: str) -> None:
    """Import, load, fit and answer."""
    model = baseline.load_model(Path(weights))
    neighbours = baseline.fit(np.load(features_path, allow_pickle=False))
    baseline.search(neighbours, baseline.embed(model, Path(picture).read_bytes()))
    print(resident(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
