"""Choice between words learned from a catalogue and the text tower of its network."""

from types import SimpleNamespace

import numpy as np
import pytest

from recommender.building import text_part
from recommender.building.refined_calibration import calibrate_refined
from recommender.building.text_fitting import Named, OwnWords
from recommender.building.text_part import fit_better_part
from recommender.embedding.head import ClassicHead
from recommender.embedding.text_head import TextHead
from recommender.embedding.tower_head import TowerHead
from recommender.embedding.vectors import normalised
from recommender.features.backbones.onnx_folder import export_files, files_in, files_of_network
from recommender.features.text_tower import TextTower
from recommender.index.calibration import fit_calibration
from recommender.metrics.held_out import Parts
from recommender.training.texts import texts_of
from tests.support.few_sentences import few_sentences
from tests.support.two_towers import COLOURS, EMBEDDING, write_two_towers

COUNT, HELD_OUT = 60, 30
SHOWN = ("red", "green", "blue")


@pytest.fixture(scope="module")
def tower(tmp_path_factory: pytest.TempPathFactory) -> TextTower:
    folder = write_two_towers(tmp_path_factory.mktemp("towers") / "towers")
    files = files_of_network(files_in(folder), "towers")
    exported = export_files(folder, files, "towers", "here", folder / "encoder", half=False)
    assert exported.text is not None
    return TextTower(folder / "encoder", exported.text, threads=1)


def catalogue(names: list[str], tower: TextTower | None) -> Named:
    """Pictures of one colour each, as the image network embeds them, with names."""
    random = np.random.default_rng(0)
    pictures = random.normal(0, 0.05, (COUNT, EMBEDDING))
    pictures[:, -3:] += [COLOURS[SHOWN[i % 3]] for i in range(COUNT)]
    vectors = normalised(pictures)
    own = None if tower is None else OwnWords(tower, pictures.astype(np.float32))
    texts = texts_of(names, [str(i) for i in range(COUNT)], {})
    return Named(texts, vectors, vectors, Parts(EMBEDDING, 0), ClassicHead(), 0.0, own)


def better(own: Named, monkeypatch: pytest.MonkeyPatch, head: TextHead | None = None):
    """The better part, with a text head made elsewhere: learning one takes seconds."""
    monkeypatch.setattr(text_part, "fit_text_head", lambda *_: head)
    nothing = np.zeros((0, EMBEDDING), np.float32)
    rows = np.arange(HELD_OUT, COUNT)
    held_out = np.array([i for i in range(HELD_OUT) if own.texts.names[i]], np.int64)
    refined = fit_calibration(nothing, nothing, EMBEDDING)
    with few_sentences():
        return fit_better_part(own, rows, held_out, refined)


def learned_head(own: Named) -> TextHead:
    """Head that knows the word for each product, and places it with the product."""
    words = tuple(f"model{i}" for i in range(COUNT))
    nothing = np.zeros((512, COUNT), np.float32)
    style = own.with_prior.astype(np.float32)
    empty = np.zeros((COUNT, 0), np.float32), np.zeros(0, np.float32)
    identity = np.eye(COUNT, dtype=np.float16)
    bias = np.zeros(COUNT, np.float32)
    return TextHead(words, nothing, identity, bias, (style, np.zeros(EMBEDDING, np.float32)), empty)


def test_the_tower_is_kept_where_it_knows_the_words(
    tower: TextTower, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = catalogue([f"{SHOWN[i % 3]} dress" for i in range(COUNT)], tower)
    part, grade = better(own, monkeypatch, learned_head(own))
    assert part is not None
    assert isinstance(part.head, TowerHead)
    assert grade["kept"] == "text_tower"
    assert grade["names"] == HELD_OUT
    assert grade["own_among_ten"] == grade["text_tower"] > grade["text_head"]


def test_the_learned_head_is_kept_where_the_tower_does_not_know_the_names(
    tower: TextTower, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = catalogue([f"model{i}" for i in range(COUNT)], tower)
    part, grade = better(own, monkeypatch, learned_head(own))
    assert part is not None
    assert isinstance(part.head, TextHead)
    assert grade["kept"] == "text_head"
    assert grade["own_among_ten"] == grade["text_head"] == 1
    assert grade["text_tower"] < 1


def test_without_names_the_tower_is_kept_and_calibrated_on_phrases(
    tower: TextTower, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, grade = better(catalogue([""] * COUNT, tower), monkeypatch)
    assert part is not None
    assert isinstance(part.head, TowerHead)
    assert grade == {"kept": "text_tower"}
    nothing = np.zeros((0, EMBEDDING), np.float32)
    straight = fit_calibration(nothing, nothing, EMBEDDING)
    assert not np.allclose(part.calibration.curves, straight.curves)


def test_without_a_tower_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    own = catalogue([f"model{i}" for i in range(COUNT)], None)
    _, grade = better(own, monkeypatch, learned_head(own))
    assert grade == {"names": HELD_OUT, "own_among_ten": 1.0}
    assert better(own, monkeypatch) == (None, {})


def test_refined_pictures_are_calibrated_by_labels_without_prototypes_too() -> None:
    """Where pictures of a kind lie close together and others far away, a kind is recognised."""
    random = np.random.default_rng(0)
    kinds = np.arange(300) % 3
    vectors = normalised(np.eye(EMBEDDING)[kinds] + random.normal(0, 0.05, (300, EMBEDDING)))
    held_out = SimpleNamespace(
        head=ClassicHead(),
        learned=(vectors[:60], vectors[60:]),
        labels={"article type": (kinds[:60], kinds[60:])},
        classes={},
    )
    made = calibrate_refined(held_out, EMBEDDING, EMBEDDING)
    alike, other = (float(made.similarity(np.array([p]), 0.0)[0]) for p in (0.9, 0.1))
    assert alike > 0.9
    assert other < 0.2
