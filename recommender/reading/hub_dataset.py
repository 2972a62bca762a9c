"""Data set of the Hub, or local files of the same form, read as a stream by `datasets`."""

import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import datasets

from recommender.errors import DatasetError
from recommender.reading.feature_values import columns_of, is_pictures, row_of, undecoded

# Rows that the reader hands over at a time, and of a pass over one small column.
_ROWS, _SMALL_ROWS = 256, 4096
DEFAULT_SPLIT = "train"
# A sentence that names all of a thousand configurations helps nobody.
_NAMED = 20


class StreamedRows:
    """Rows of one split, never held in memory together.

    Args:
        source: a data set of the Hub (`owner/name`), or a local folder or file of Parquet.
        config: configuration; None takes the only one, or the default.
        split: None takes the only one, or `train`.
        revision: commit, branch or tag of a Hub data set.

    Raises:
        DatasetError: there is no such data set, configuration or split, or it has to be chosen.
    """

    def __init__(
        self, source: str, config: str | None, split: str | None, revision: str | None
    ) -> None:
        self.source, self.name = source, Path(source).name
        self.local = Path(source).exists()
        self.notes: tuple[str, ...] = ()
        self._load = _loader(source, config, revision)
        splits = self._attempt(self._load)
        self.split = self._choose(list(splits), split)
        stream = splits[self.split]
        if stream.features is None:
            stream = self._attempt(stream._resolve_features)
        self.features = stream.features
        self._stream = undecoded(stream)
        self.licence = str(stream.info.license or "")
        self.revision = _commit(stream)
        self.columns = columns_of(self.features)
        self.kind = "local data set" if self.local else "data set of the Hub"

    @property
    def picture_columns(self) -> list[str]:
        """Columns that hold pictures by their type."""
        return [column for column in self.columns if is_pictures(self.features, column)]

    def _choose(self, splits: list[str], wanted: str | None) -> str:
        if wanted in splits:
            return str(wanted)
        listed = ", ".join(splits[:_NAMED])
        if wanted is not None:
            raise DatasetError(
                f"{self.source} has no split {wanted!r}. Its splits are: {listed}. "
                "Name one with --split."
            )
        if len(splits) == 1:
            self.notes = (f"The only split, {splits[0]!r}, is taken.",)
            return splits[0]
        if DEFAULT_SPLIT in splits:
            others = ", ".join(split for split in splits if split != DEFAULT_SPLIT)
            self.notes = (f"The split {DEFAULT_SPLIT!r} is taken, and not {others}.",)
            return DEFAULT_SPLIT
        raise DatasetError(
            f"{self.source} has several splits: {listed}. Name the one to index with --split."
        )

    def count(self) -> int:
        """Rows of the split; reads one small column where the data set does not say."""
        splits = self._stream.info.splits
        if splits and self.split in splits and splits[self.split].num_examples:
            return int(splits[self.split].num_examples)
        small = next((c for c in self.columns if not is_pictures(self.features, c)), None)
        return sum(1 for _ in self.values(small or self.columns[0]))

    def sample(self, rows: int) -> list[dict[str, Any]]:
        """The first rows without their pictures."""
        light = [name for name in self.features if not is_pictures(self.features, name)]
        if not light:
            return []
        stream = self._stream.select_columns(light)
        return list(self._rows(stream.take(rows), min(rows, _ROWS)))

    def read(self, start: int, stop: int) -> Iterator[dict[str, Any]]:
        """Rows from start up to, not including, stop."""
        return self._rows(self._stream.skip(start).take(stop - start), _ROWS)

    def values(self, column: str) -> Iterator[Any]:
        """All values of a column, in order; of Parquet files nothing else is read."""
        outer = column if column in self.features else column.partition(".")[0]
        stream = self._stream
        if stream.info.builder_name == "parquet":
            stream = undecoded(self._attempt(lambda: self._load(columns=[outer]))[self.split])
        for row in self._rows(stream.select_columns([outer]), _SMALL_ROWS):
            yield row[column]

    def _rows(self, stream: Any, batch_size: int) -> Iterator[dict[str, Any]]:
        batches = stream.iter(batch_size)
        while (batch := self._attempt(lambda: next(batches, None))) is not None:
            for values in zip(*batch.values(), strict=True):
                yield row_of(dict(zip(batch, values, strict=True)), self.features)

    def _attempt(self, call: Callable[[], Any]) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return call()
        except Exception as error:  # datasets, fsspec, the Hub's client and pyarrow: each its own
            raise DatasetError(_sentence(self.source, self.local, error)) from error


def _loader(source: str, config: str | None, revision: str | None) -> Callable[..., Any]:
    path = Path(source)
    if path.is_dir() and (path / "dataset_info.json").exists() and (path / "state.json").exists():
        saved = datasets.load_from_disk(source).to_iterable_dataset

        def from_disk(**_: Any) -> Any:
            return {DEFAULT_SPLIT: saved()}

        return from_disk
    files: dict[str, Any] = {"path": source, "name": config, "revision": revision}
    if path.is_file():
        files = {"path": "parquet", "data_files": {DEFAULT_SPLIT: source}}

    def load(**further: Any) -> Any:
        return datasets.load_dataset(**files, **further, streaming=True)

    return load


def _sentence(source: str, local: bool, error: Exception) -> str:
    reason = " ".join(str(error).split())
    listed = re.search(r"(?:available configs|Available): (\[.*?\])", reason)
    if listed:
        names = re.findall(r"'([^']*)'", listed[1])
        more = ", ..." if len(names) > _NAMED else ""
        what = "no such configuration" if "not found" in reason else "several configurations"
        return f"{source} has {what}. Name one with --config: {', '.join(names[:_NAMED])}{more}."
    if local:
        return (
            f"{source} cannot be read: {reason[:300]}. Check that its files are whole, "
            "and that they are pictures, tables or Parquet."
        )
    return (
        f"The data set {source!r} cannot be read: {reason[:300]}. "
        "Check its name and that the Hub can be reached, or give a local folder or file."
    )


def _commit(stream: Any) -> str | None:
    """Commit of a Hub data set, which `datasets` keeps in the addresses of its files."""
    checksums = stream.info.download_checksums or {}
    commits = {
        address.partition("@")[2].partition("/")[0] for address in checksums if "@" in address
    }
    return commits.pop() if len(commits) == 1 else None
