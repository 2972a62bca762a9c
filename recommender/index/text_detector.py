"""Text detector: logistic regression on sentence vectors, texts about products against others.

A text about no product has no similar products in the catalogue. The detector is fitted while an
index is built: on names and phrases of the catalogue, against the sentences of
`recommender/words/no_product.txt`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from recommender.schema import ARTICLE_TYPE
from recommender.words.understanding import Understanding

# Inverse strength of the L2 penalty, sklearn's C.
REGULARISATION = 30.0
# Fraction of the catalogue's names that may be refused.
FALSE_ALARMS = 0.01
# Facts beside the sentence vector: see `_facts`.
FACTS = 3


@dataclass(frozen=True)
class TextDetector:
    """Fitted regression, with the threshold in its bias."""

    weights: np.ndarray
    """(512 + `FACTS`,) float32."""
    bias: float

    def score(self, sentences: np.ndarray, texts: Sequence[Understanding]) -> np.ndarray:
        """Scores of n texts, (n,) float32; below 0 for a text about no product.

        Args:
            sentences: (n, 512) float32.
            texts: understandings of the n texts.
        """
        return _rows(sentences, texts) @ self.weights + np.float32(self.bias)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays by name."""
        return {"weights": self.weights, "bias": np.array(self.bias)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "TextDetector":
        """Inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        return cls(arrays["weights"], float(arrays["bias"]))


def other_sentences() -> list[str]:
    """Sentences about no product, in ten languages, to fit on."""
    text = (files("recommender.words") / "no_product.txt").read_text(encoding="utf-8")
    return text.splitlines()


def fit_text_detector(
    products: tuple[np.ndarray, Sequence[Understanding]],
    others: tuple[np.ndarray, Sequence[Understanding]],
) -> TextDetector:
    """Fit the text detector; deterministic.

    The threshold is set on every second text about products; the weights are fitted on the rest.

    Args:
        products: sentence vectors and understandings of names and phrases.
        others: those of sentences about no product.
    """
    from sklearn.linear_model import LogisticRegression  # late: serving fits nothing

    known, other = _rows(*products), _rows(*others)
    seen, unseen = known[::2], known[1::2]
    labels = np.repeat([1, 0], [len(seen), len(other)])
    regression = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=500)
    regression.fit(np.concatenate([seen, other]), labels)
    weights = regression.coef_[0].astype(np.float32)
    threshold = min(np.quantile(unseen @ weights, FALSE_ALARMS), -regression.intercept_[0])
    return TextDetector(weights, -float(threshold))


def _rows(sentences: np.ndarray, texts: Sequence[Understanding]) -> np.ndarray:
    facts = np.array([_facts(text) for text in texts], np.float32).reshape(-1, FACTS)
    return np.hstack([np.asarray(sentences, np.float32), facts])


def _facts(text: Understanding) -> tuple[float, float, float]:
    """Whether a text names a type; fraction of its words that name something, and of known ones."""
    words = max(text.words, 1)
    return (
        float(any(mention.role == ARTICLE_TYPE for mention in text.mentions)),
        min(len(text.mentions) / words, 1.0),
        1 - len(text.unknown) / words,
    )
