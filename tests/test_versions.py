"""Files that are kept are used again by code of the same version, and by no other."""

import json

import numpy as np
import pytest

from tests.support.golden import FILE, TOLERANCE, outputs

KNOWN = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made() -> dict[str, dict]:
    return outputs()


@pytest.mark.parametrize("name", KNOWN)
def test_a_version_is_raised_when_its_output_changes(name: str, made: dict[str, dict]) -> None:
    raise_it = f"Raise {name}, and write the new outputs: python -m tests.support.golden"
    assert made[name]["version"] == KNOWN[name]["version"], raise_it
    now, before = made[name]["values"], KNOWN[name]["values"]
    assert now.keys() == before.keys(), raise_it
    for what, values in before.items():
        assert np.shape(now[what]) == np.shape(values), f"{what}: {raise_it}"
        assert np.abs(np.subtract(now[what], values)).max() <= TOLERANCE, f"{what}: {raise_it}"


def test_every_version_has_known_outputs(made: dict[str, dict]) -> None:
    assert made.keys() == KNOWN.keys()
