"""Training of the text head on a catalogue's names, descriptions and phrases about its labels."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.colour_weight import SMALL_CATALOGUE
from recommender.embedding.text_head import TextHead, terms_of
from recommender.features.table import Array
from recommender.features.text_encoder import DIMENSIONS, text_encoder
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER
from recommender.training.texts import Texts
from recommender.words.concepts import Concept
from recommender.words.phrases import Written, write_phrase

# Units of the hidden layer; words and word pairs that it takes, at most, commonest first.
HIDDEN, VOCABULARY = 512, 4096
SMALL_HIDDEN, SMALL_VOCABULARY = 64, 800
# Products with a word or word pair for it to be learned.
LEAST_PRODUCTS = 2
# Epochs, and steps at least and at most: for 39,957 products the steps take 146 s on one core, and
# the encoding of all texts 75 s.
EPOCHS, LEAST_STEPS, MOST_STEPS = 12, 300, 660
# With batches of 512 the steps take 80 s of a core. Of 3,000 held-out titles .432 find their own
# product among the first ten by stored vectors in place of .456, and .268 in place of .298 by
# pictures alone (one run of each).
BATCH, SMALL_BATCH = 1024, 256
# Phrases for each product, and phrases at least and at most.
PHRASES_EACH, LEAST_PHRASES, MOST_PHRASES = 0.6, 1_000, 20_000
# Names that are encoded at most: a name takes a millisecond.
MOST_NAMES = 40_000
# Products with a text from which on a head is fitted.
FEWEST_TEXTS = 100
# Roles of a phrase by which other products fit it as well.
NAMED = (ARTICLE_TYPE, COLOUR, GENDER)
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
    from recommender.training.text_learning import TextBatch, fit_layers

    small = len(rows) < SMALL_CATALOGUE
    hidden = SMALL_HIDDEN if small else HIDDEN
    terms = [terms_of(sample.text) for sample in samples]
    vocabulary = _vocabulary(terms, SMALL_VOCABULARY if small else VOCABULARY)
    codes = {term: code for code, term in enumerate(vocabulary)}
    bags = [np.array([codes[t] for t in own if t in codes], np.int64) for own in terms]
    sentences, sentence_of = _encoded([sample.text for sample in samples])
    products = np.array([sample.product for sample in samples])
    named = np.array([sample.codes for sample in samples])
    coloured = np.array([sample.coloured for sample in samples])
    text_codes = sentence_of
    is_ = _codes_of_products(texts)
    extras = _extras_of_products(texts)
    batch = min(SMALL_BATCH if small else BATCH, len(samples))
    steps = EPOCHS * (len(samples) // batch)
    steps = min(max(steps, LEAST_STEPS), MOST_STEPS)
    order = _orders(len(samples), batch, steps)

    def batch_at(step: int) -> TextBatch:
        chosen = order[step]
        inputs = np.zeros((batch, DIMENSIONS + len(vocabulary)), np.float32)
        inputs[:, :DIMENSIONS] = sentences[sentence_of[chosen]]
        for row, sample in enumerate(chosen):
            if len(bags[sample]):
                inputs[row, DIMENSIONS + bags[sample]] = len(bags[sample]) ** -0.5
        own = products[chosen]
        wanted, further = named[chosen, :-1], named[chosen, -1]
        as_good: np.ndarray = np.ones((batch, batch), bool)
        for column in range(wanted.shape[1]):
            value = wanted[:, column, None]
            as_good &= (value < 0) | (value == is_[own, column][None, :])
        as_good &= (further[:, None] < 0) | extras[own][:, further].T
        as_good &= (wanted >= 0).any(axis=1, keepdims=True) | (further >= 0)[:, None]
        as_good |= text_codes[chosen][:, None] == text_codes[chosen][None, :]
        as_good |= own[:, None] == own[None, :]
        as_good &= ~np.eye(batch, dtype=bool)
        targets = (np.asarray(with_prior[own]), np.asarray(without_prior[own]))
        return TextBatch(inputs, coloured[chosen], targets, as_good)

    layers = fit_layers(
        batch_at,
        steps,
        inputs=DIMENSIONS + len(vocabulary),
        hidden=hidden,
        style=style_dimensions,
        colour=with_prior.shape[1] - style_dimensions,
        seed=SEED,
    )
    weights, bias = layers.hidden
    half = [w.astype(np.float16) for w in (weights, layers.style[0], layers.colour[0])]
    return TextHead(
        vocabulary,
        half[0][:DIMENSIONS].astype(np.float32),
        half[0][DIMENSIONS:],
        bias,
        (half[1].astype(np.float32), layers.style[1]),
        (half[2].astype(np.float32), layers.colour[1]),
    )


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
    codes, further = _role_codes(texts), _extra_codes(texts)
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


def _role_codes(texts: Texts) -> dict[tuple[str, str], int]:
    pairs = sorted({(r, _name(v)) for own in texts.own for r, v in own.items() if r in NAMED})
    return {pair: code for code, pair in enumerate(pairs)}


def _codes_of_products(texts: Texts) -> np.ndarray:
    """(n, roles in `NAMED`) int64: codes of the products' concepts; -1 where unknown."""
    codes = _role_codes(texts)
    return np.array(
        [[codes[r, _name(own[r])] if r in own else -1 for r in NAMED] for own in texts.own]
    )


def _extra_codes(texts: Texts) -> dict[tuple[str, str], int]:
    pairs = sorted({(r, _name(v)) for own in texts.own for r, v in own.items() if r not in NAMED})
    return {pair: code for code, pair in enumerate(pairs)}


def _extras_of_products(texts: Texts) -> np.ndarray:
    """(n, further concepts) bool: which of the further concepts each product is."""
    codes = _extra_codes(texts)
    has = np.zeros((len(texts.own), len(codes) + 1), bool)
    for row, own in enumerate(texts.own):
        for role, value in own.items():
            code = codes.get((role, _name(value)))
            if code is not None:
                has[row, code] = True
    return has


def _name(value: Concept | str) -> str:
    return value if isinstance(value, str) else value.name


def _vocabulary(terms: Sequence[Sequence[str]], most: int) -> tuple[str, ...]:
    counts = Counter(term for own in terms for term in own)
    return tuple(term for term, count in counts.most_common(most) if count >= LEAST_PRODUCTS)


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
