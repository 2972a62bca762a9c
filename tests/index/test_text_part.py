"""The text part of an index: its file, and what is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import IndexFormatError
from recommender.index.files import TEXT_FILE, files_of
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from recommender.index.text_detector import fit_text_detector
from recommender.index.text_part import TextPart
from recommender.words.lexicon import lexicon_of
from recommender.words.understanding import understand
from tests.support.text_part import make_text_part, with_text_part


def test_it_is_the_same_when_read_again() -> None:
    made = make_text_part(6, 4)
    again = TextPart.from_arrays(made.to_arrays())
    assert again.known == made.known
    for name, array in made.to_arrays().items():
        np.testing.assert_array_equal(array, again.to_arrays()[name])


def test_words_of_the_catalogue_and_of_languages_are_known() -> None:
    part = make_text_part(6, 4)
    assert part.in_catalogue("Handbags")
    assert part.knows("weather")
    assert not part.knows("xqzzt")


def test_an_index_without_it_opens(small_index: Path) -> None:
    assert open_index(small_index).text is None


@pytest.mark.parametrize(
    "fault", ["cut", "of other dimensions", "without an array", "for other sentences"]
)
def test_a_damaged_one_is_refused(small_index: Path, tmp_path: Path, fault: str) -> None:
    folder = with_text_part(small_index, tmp_path / "index")
    path = folder / TEXT_FILE
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:1000])
    else:
        dimensions = Manifest.read(folder).style_dimensions, Manifest.read(folder).colour_dimensions
        part = make_text_part(*((3, 2) if fault == "of other dimensions" else dimensions))
        arrays = part.to_arrays()
        if fault == "for other sentences":
            arrays["sentence"] = arrays["sentence"][:100]
        if fault == "without an array":
            del arrays["known"]
        np.savez(path, allow_pickle=False, **arrays)
    manifest = Manifest.read(folder)
    replace(manifest, files=files_of(folder)).write(folder)
    with pytest.raises(IndexFormatError, match=TEXT_FILE):
        open_index(folder)


def test_the_detector_tells_texts_about_products_from_others() -> None:
    lexicon = lexicon_of({"articleType": {"Dresses": 5}, "baseColour": {"Red": 3}})
    random = np.random.default_rng(0)

    def some(texts: list[str], shift: float) -> tuple[np.ndarray, list]:
        vectors = random.normal(shift, 1, (len(texts), 8)).astype(np.float32)
        return vectors, [understand(text, lexicon, lambda _: True) for text in texts]

    detector = fit_text_detector(some(["red dress"] * 60, 1), some(["what time is it"] * 30, -1))
    about, other = some(["red dress"] * 20, 1), some(["who are you"] * 20, -1)
    assert (detector.score(*about) >= 0).mean() > 0.9
    assert (detector.score(*other) < 0).mean() > 0.9
