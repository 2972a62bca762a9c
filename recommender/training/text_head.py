"""Training of the text head on a catalogue's names, descriptions and phrases about its labels."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.text_head import TextHead, terms_of
from recommender.features.table import Array
from recommender.features.text_encoder import text_encoder
from recommender.schema import COLOUR
from recommender.training.targets import SMALL_CATALOGUE
from recommender.training.text_matches import (
    NAMED,
    Matches,
    codes_of_products,
    extra_codes,
    extras_of_products,
    role_codes,
)
from recommender.training.text_negatives import Negatives
from recommender.training.texts import Texts
from recommender.words.phrases import Written, write_phrase

# Units of the hidden layer; words and word pairs that it takes, at most, commonest first; units of
# a word's vector. Of 3,000 held-out titles, a fraction of .293 and .449 find their own product
# among the first ten of 39,957 by pictures alone and by stored vectors with 512 hidden units and
# 4,096 words added to them as they are; .313 and .475 with 16,000 words (16 MB); .314 and .474 with
# 16,000 words of 128 units (4 MB) at a higher rate; .328 and .491 with 1,024 hidden units, too.
# 1,536 hidden units, 256 units of a word or hashed parts of words give less than .01 more.
HIDDEN, VOCABULARY, WORD_UNITS = 1024, 16_000, 128
SMALL_HIDDEN, SMALL_VOCABULARY = 64, 800
# Products with a word or word pair for it to be learned.
LEAST_PRODUCTS = 2
# Epochs, and steps at least and at most: for 39,957 products the steps take 148 s of one core, and
# the encoding of all texts 75 s.
EPOCHS, LEAST_STEPS, MOST_STEPS = 12, 300, 660
BATCH, SMALL_BATCH = 1024, 256
# Further products of a batch: near ones and random ones. Without them .325 and .480 of the same
# titles find their own product by pictures alone and by stored vectors; with 1,024 near ones .341
# and .496, with 512 of both .332 and .499, and genders of ten places are right in .972, .972 and
# .973 of cases (one run of each).
NEAR, RANDOM = 512, 512
# Phrases for each product, and phrases at least and at most.
PHRASES_EACH, LEAST_PHRASES, MOST_PHRASES = 0.6, 1_000, 20_000
# Names that are encoded at most: a name takes a millisecond.
MOST_NAMES = 40_000
# Products with a text from which on a head is fitted.
FEWEST_TEXTS = 100
SEED = 0


@dataclass(frozen=True)
class _Sample:
    """Training text: its product, what it names, and whether it names a colour."""

    text: str
    product: int
    codes: tuple[int, ...]
    """Code of each role in `NAMED` and of one further concept; -1 where it names none."""
    coloured: bool


def fit_text_head(
    texts: Texts,
    with_prior: Array,
    without_prior: Array,
    style_dimensions: int,
    rows: np.ndarray,
) -> TextHead | None:
    """Text head fitted on products' texts; deterministic on one machine.

    Args:
        texts: of n products.
        with_prior: (n, d) float32, item vectors as the index stores them.
        without_prior: (n, d) float32, item vectors by the pictures alone.
        style_dimensions: number of dimensions, the first, that are style.
        rows: positions of the products to fit on.

    Returns:
        None where too few products have a name or a label.
    """
    samples = _samples(texts, rows)
    if len({sample.product for sample in samples}) < FEWEST_TEXTS:
        return None
    # Imported here: TensorFlow takes seconds.
    from recommender.training.text_learning import (
        LARGE_REGIME,
        SMALL_REGIME,
        TextBatch,
        fit_layers,
    )

    small = len(rows) < SMALL_CATALOGUE
    hidden = SMALL_HIDDEN if small else HIDDEN
    vocabulary, bags = _bags(samples, SMALL_VOCABULARY if small else VOCABULARY)
    sentences, sentence_of = _encoded([sample.text for sample in samples])
    matches = _matches(texts, samples, sentence_of)
    products = matches.products
    coloured = np.array([sample.coloured for sample in samples])
    near, random = (0, 0) if small else (NEAR, RANDOM)
    negatives = Negatives(with_prior, np.unique(products), SEED)
    batch = min(SMALL_BATCH if small else BATCH, len(samples))
    steps = EPOCHS * (len(samples) // batch)
    steps = min(max(steps, LEAST_STEPS), MOST_STEPS)
    order = _orders(len(samples), batch, steps)

    def batch_at(step: int) -> TextBatch:
        chosen = order[step]
        own = products[chosen]
        pool = np.concatenate([own, negatives.draw(own, near, random, step)])
        sizes = np.array([len(bags[sample]) for sample in chosen])
        rows = np.repeat(np.arange(batch), sizes)
        return TextBatch(
            sentences=sentences[sentence_of[chosen]].astype(np.float32),
            words=np.concatenate([bags[sample] for sample in chosen]),
            rows=rows,
            weights=(sizes[rows] ** -0.5).astype(np.float32),
            coloured=coloured[chosen],
            targets=(np.asarray(with_prior[pool]), np.asarray(without_prior[pool])),
            as_good=matches.as_good(chosen, pool),
        )

    layers = fit_layers(
        batch_at,
        steps,
        vocabulary=len(vocabulary),
        word_units=hidden if small else WORD_UNITS,
        hidden=hidden,
        style=style_dimensions,
        colour=with_prior.shape[1] - style_dimensions,
        regime=SMALL_REGIME if small else LARGE_REGIME,
        seed=SEED,
    )
    return TextHead(
        vocabulary,
        _rounded(layers.sentence),
        layers.words.astype(np.float16),
        layers.bias,
        (_rounded(layers.style[0]), layers.style[1]),
        (_rounded(layers.colour[0]), layers.colour[1]),
        None if layers.words_layer is None else _rounded(layers.words_layer),
    )


def _rounded(weights: np.ndarray) -> np.ndarray:
    """Weights as they are after reading: stored in float16."""
    return weights.astype(np.float16).astype(np.float32)


def _samples(texts: Texts, rows: np.ndarray) -> list[_Sample]:
    """Names of the products, and phrases about them."""
    random = np.random.default_rng(SEED)
    nothing = (-1,) * (len(NAMED) + 1)
    named = [int(row) for row in rows if texts.names[row]]
    if len(named) > MOST_NAMES:
        named = sorted(int(r) for r in random.choice(named, MOST_NAMES, replace=False))
    samples = [_Sample(texts.names[row], row, nothing, COLOUR in texts.own[row]) for row in named]
    described = [int(row) for row in rows if texts.own[row]]
    if not described:
        return samples
    codes, further = role_codes(texts), extra_codes(texts)
    count = min(MOST_PHRASES, max(LEAST_PHRASES, int(PHRASES_EACH * len(described))))
    for row, phrase in _phrases(texts, described, count, random):
        samples.append(_phrase_sample(phrase, row, codes, further))
    return samples


def phrases_about(
    texts: Texts,
    rows: np.ndarray,
    count: int,
    random: np.random.Generator,
    language: str | None = None,
) -> list[tuple[int, str]]:
    """Phrases about products that are drawn with replacement, at most `count`, with their rows.

    Args:
        texts: of the products.
        rows: positions of the products to draw from.
        count: how many are drawn; a product that no phrase fits has none.
        random: draws products and words.
        language: None draws one for each phrase.
    """
    described = [int(row) for row in rows if texts.own[row]]
    drawn = _phrases(texts, described, count, random, language)
    return [(row, phrase.text) for row, phrase in drawn]


def _phrases(
    texts: Texts,
    described: Sequence[int],
    count: int,
    random: np.random.Generator,
    language: str | None = None,
) -> Iterator[tuple[int, Written]]:
    for _ in range(count if described else 0):
        row = described[int(random.integers(len(described)))]
        phrase = write_phrase(texts.own[row], random, language)
        if phrase is not None:
            yield row, phrase


def _phrase_sample(
    phrase: Written,
    row: int,
    codes: Mapping[tuple[str, str], int],
    further: Mapping[tuple[str, str], int],
) -> _Sample:
    named = dict(phrase.named)
    own = [codes[role, named[role]] if role in named else -1 for role in NAMED]
    rest = [further[pair] for pair in phrase.named if pair in further]
    return _Sample(phrase.text, row, (*own, rest[0] if rest else -1), COLOUR in named)


def _bags(samples: Sequence[_Sample], most: int) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """Vocabulary, commonest first, and the codes of each text's words and pairs in it."""
    terms = [terms_of(sample.text) for sample in samples]
    counts = Counter(term for own in terms for term in own)
    common = counts.most_common(most)
    vocabulary = tuple(term for term, count in common if count >= LEAST_PRODUCTS)
    codes = {term: code for code, term in enumerate(vocabulary)}
    return vocabulary, [np.array([codes[t] for t in own if t in codes], int) for own in terms]


def _matches(texts: Texts, samples: Sequence[_Sample], sentence_of: np.ndarray) -> Matches:
    """Matches of the samples with the products."""
    named = np.array([sample.codes for sample in samples])
    products = np.array([sample.product for sample in samples])
    names = (named < 0).all(axis=1)
    name_of = np.full(len(texts.names), -1)
    name_of[products[names]] = sentence_of[names]
    own, further = codes_of_products(texts), extras_of_products(texts)
    return Matches(products, named, sentence_of, name_of, own, further)


def _encoded(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Sentence vectors of the different texts, float16, and the position of each text's."""
    different, position = np.unique(texts, return_inverse=True)
    return text_encoder().encode([str(text) for text in different]).astype(np.float16), position


def _orders(count: int, batch: int, steps: int) -> list[np.ndarray]:
    """Positions of each step's batch: shuffled epochs, without their remainders."""
    random = np.random.default_rng(SEED)
    found: list[np.ndarray] = []
    while len(found) < steps:
        found.extend(random.permutation(count)[: count // batch * batch].reshape(-1, batch))
    return found[:steps]
