"""Evaluation of words by the text tower of a network."""

from dataclasses import replace
from pathlib import Path

from recommender.building.plan import BuildConfig, key_of
from recommender.embedding.head import ClassicHead
from recommender.evaluation.feature_cache import encode_dataset
from recommender.evaluation.words import measure_words
from recommender.features.backbones.sources import find_source
from recommender.metrics.held_out import hold_out
from tests.support.few_sentences import few_sentences
from tests.support.small_catalogue import SmallCatalogue
from tests.support.two_towers import write_two_towers


def test_words_of_a_network_are_measured_where_too_few_names_can_be_learned(
    tmp_path: Path,
) -> None:
    source = find_source(str(write_two_towers(tmp_path / "towers")))
    key = key_of(BuildConfig("drawn products"), SmallCatalogue(), source)
    cache = encode_dataset(SmallCatalogue(), key, source, tmp_path)
    products = cache.products
    held_out = hold_out(
        products.main_features, products.labels, products.digests, lambda *_: ClassicHead(), 20
    )
    with few_sentences():
        words = measure_words(cache, held_out, 0.0, 0)
    assert words is not None
    assert words.titles == 10
    # Of a name the tower knows the colour alone, which a quarter of the products have. By chance, a
    # name's own product is among ten of 48 in .21 of cases.
    assert words.own["stored"]["first ten"] >= 0.4
    assert words.labels["colour"] >= 0.75
    assert min(words.phrases["COLOUR TYPE"].values()) < 1
    without = replace(cache, backbone=replace(cache.backbone, text=None))
    assert measure_words(without, held_out, 0.0, 0) is None
