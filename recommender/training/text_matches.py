"""Matches of texts with products: the products that a text describes as well as its own."""

from dataclasses import dataclass

import numpy as np

from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER
from recommender.training.texts import Texts
from recommender.words.concepts import Concept

# Roles of a phrase by which other products fit it as well.
NAMED = (ARTICLE_TYPE, COLOUR, GENDER)


@dataclass(frozen=True)
class Matches:
    """Matches of m texts with n products."""

    products: np.ndarray
    """(m,) int64: each text's own product."""
    named: np.ndarray
    """(m, roles in `NAMED` and one) int64: codes of what a text names; -1 where nothing."""
    sentences: np.ndarray
    """(m,) int64: code of each text; equal texts have equal codes."""
    name_of: np.ndarray
    """(n,) int64: code of a product's name as a text; -1 where it has none."""
    codes: np.ndarray
    """(n, roles in `NAMED`) int64: codes of the products' concepts; -1 where unknown."""
    further: np.ndarray
    """(n, further concepts) bool: which of the further concepts each product is."""

    def as_good(self, texts: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Whether a text describes another text's product, or a further product, just as well.

        Args:
            texts: (b,) positions of texts.
            products: (p,) positions of products, of which the first b are the texts' own.

        Returns:
            (b, p) bool, false for each text with the product at its own place.
        """
        own, wanted, last = self.products[texts], self.named[texts, :-1], self.named[texts, -1]
        good: np.ndarray = np.zeros((len(texts), len(products)), bool)
        phrases = np.flatnonzero((wanted >= 0).any(axis=1) | (last >= 0))
        fit: np.ndarray = np.ones((len(phrases), len(products)), bool)
        for role in range(wanted.shape[1]):
            value = wanted[phrases, role, None]
            fit &= (value < 0) | (value == self.codes[products, role][None, :])
        fit &= (last[phrases, None] < 0) | self.further[products][:, last[phrases]].T
        good[phrases] = fit
        same = self.sentences[texts]
        good |= same[:, None] == self.name_of[products][None, :]
        good[:, : len(texts)] |= same[:, None] == same[None, :]
        good |= own[:, None] == products[None, :]
        good[np.arange(len(texts)), np.arange(len(texts))] = False
        return good


def role_codes(texts: Texts) -> dict[tuple[str, str], int]:
    pairs = sorted({(r, _name(v)) for own in texts.own for r, v in own.items() if r in NAMED})
    return {pair: code for code, pair in enumerate(pairs)}


def codes_of_products(texts: Texts) -> np.ndarray:
    """(n, roles in `NAMED`) int64: codes of the products' concepts; -1 where unknown."""
    codes = role_codes(texts)
    return np.array(
        [[codes[r, _name(own[r])] if r in own else -1 for r in NAMED] for own in texts.own]
    )


def extra_codes(texts: Texts) -> dict[tuple[str, str], int]:
    pairs = sorted({(r, _name(v)) for own in texts.own for r, v in own.items() if r not in NAMED})
    return {pair: code for code, pair in enumerate(pairs)}


def extras_of_products(texts: Texts) -> np.ndarray:
    """(n, further concepts) bool: which of the further concepts each product is."""
    codes = extra_codes(texts)
    has = np.zeros((len(texts.own), len(codes) + 1), bool)
    for row, own in enumerate(texts.own):
        for role, value in own.items():
            code = codes.get((role, _name(value)))
            if code is not None:
                has[row, code] = True
    return has


def _name(value: Concept | str) -> str:
    return value if isinstance(value, str) else value.name
