"""Values of an attribute: which products have which, where a product may have several."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa


class AttributeValues:
    """Values of one attribute by product.

    Args:
        texts: (n,) dictionary of strings, null where unknown; the values of a product that has
            several are joined.
        several: by position, the values of the products that have several.
    """

    def __init__(self, texts: pa.DictionaryArray, several: Mapping[int, Sequence[str]]) -> None:
        self._first = texts.indices.fill_null(-1).to_numpy().copy()
        known = {value: code for code, value in enumerate(texts.dictionary.to_pylist())}
        rows, codes = [], []
        for position, values in several.items():
            own = [known.setdefault(value, len(known)) for value in dict.fromkeys(values)]
            self._first[position] = own[0]
            rows.extend([position] * (len(own) - 1))
            codes.extend(own[1:])
        self._rows, self._further = np.array(rows, np.int64), np.array(codes, np.int64)
        every = np.concatenate([self._first[self._first >= 0], self._further])
        counts = np.bincount(every, minlength=len(known))
        pairs = ((value, int(counts[code])) for value, code in known.items() if counts[code])
        self.counts = dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
        """Number of products by value, the commonest value first."""
        self._codes = {value: known[value] for value in self.counts}

    def __contains__(self, value: str) -> bool:
        return value in self._codes

    def passing(self, values: Collection[str]) -> np.ndarray:
        """(n,) bool: whether each product has one of some values."""
        codes = [self._codes[value] for value in values]
        mask = np.isin(self._first, codes)
        mask[self._rows[np.isin(self._further, codes)]] = True
        return mask
