"""Attributes of a product: names that an index can have, and the values of a row's columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from recommender import schema
from recommender.index.catalogue_file import is_reserved
from recommender.reading.column_roles import Assignment, Sample, has_paths
from recommender.reading.values import path_levels, several, unique

# What a product has one value of, whatever its further rows say.
_ONE_VALUE = (schema.PRICE, schema.SALE_PRICE, schema.CURRENCY)
_PATH_ROLES = (schema.CATEGORY, schema.SUB_CATEGORY, schema.ARTICLE_TYPE)


def attribute_names(columns: Sequence[str]) -> dict[str, str]:
    """What the index calls each column's attribute: as the column, where that can be.

    A column called like one that the index has itself gets " (attribute)" added, and a column
    without a name is called by its place.

    Args:
        columns: all columns of the catalogue, in their order.
    """
    names: dict[str, str] = {}
    taken = {column.casefold() for column in columns}
    for place, column in enumerate(columns, 1):
        name = column
        if not column.strip():
            name = f"column {place}"
        elif is_reserved(column):
            name = f"{column} (attribute)"
        while name != column and name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        names[column] = name
    return names


class Attributes:
    """The attributes of rows, by the names of the index.

    A category path is split: its column keeps the level of its role, and the other levels become
    attributes of their own, where no column has their role. A column that a person gave a role
    which its name does not say is called by the role, so that everything later knows it.

    Args:
        columns: all of the catalogue.
        assignment: which of them is what.
        sample: the first rows.
    """

    def __init__(self, columns: Sequence[str], assignment: Assignment, sample: Sample) -> None:
        names = attribute_names(columns)
        self._roles = {c: assignment.role_of(c) for c in assignment.attributes}
        for column, role in self._roles.items():
            free = role is not None and role not in (n.casefold() for n in names.values())
            if role in assignment.forced and free and schema.role_of(column) != role:
                names[column] = str(role)
        self._columns = [c for c in columns if c in self._roles]
        self._name_of = {column: names[column] for column in self._columns}
        self.renamed = {names[c]: c for c in self._columns if names[c] != c}
        self._read = [(c, self._name_of[c], self._roles[c]) for c in self._columns]
        self._path = self._path_column(sample)
        self._levels: dict[str, str] = {}
        if self._path is not None:
            own = self._roles[self._path]
            taken = {n.casefold() for n in names.values()} | set(self._roles.values())
            self._levels = {role: role for role in _PATH_ROLES if role != own and role not in taken}
            self._levels[str(own)] = self._name_of[self._path]
        self._root = self._common_root(sample)
        made = [name for name in self._levels.values() if name not in self._name_of.values()]
        self.names = (*self._name_of.values(), *made)

    def _path_column(self, sample: Sample) -> str | None:
        """The column with category paths; the finest role's where there are several."""
        for role in reversed(_PATH_ROLES):
            for column in self._columns:
                if self._roles[column] == role and has_paths(sample, column):
                    return column
        return None

    def _common_root(self, sample: Sample) -> bool:
        """Whether all paths start with one level that says nothing, such as `Home`."""
        if self._path is None:
            return False
        paths = [p for row in sample if (p := path_levels(row.get(self._path)))]
        roots = {path[0] for path in paths}
        depths = [len(path) for path in paths]
        return len(paths) > 1 and len(roots) == 1 and min(depths) > 1 and max(depths) > 2

    def of(
        self, rows: Sequence[Mapping[str, Any]]
    ) -> tuple[dict[str, str | None], dict[str, tuple[str, ...]]]:
        """Attributes of the rows of one product, and those that have several values."""
        texts: dict[str, str | None] = {}
        values: dict[str, tuple[str, ...]] = {}
        for column, name, role in self._read:
            if len(rows) == 1:
                found = several(rows[0][column], role)
            else:
                found = tuple(unique(p for row in rows for p in several(row[column], role)))
            # What further rows of a product say otherwise is a value, too, except of the prices.
            if len(found) > 1 and role in _ONE_VALUE:
                found = found[:1]
            texts[name] = found[0] if len(found) == 1 else ", ".join(found) or None
            if len(found) > 1:
                values[name] = found
        if self._path is not None:
            level = self._split(next((row[self._path] for row in rows if row[self._path]), None))
            for role, name in self._levels.items():
                texts[name] = level.get(role)
                values.pop(name, None)
        return texts, values

    def _split(self, value: Any) -> dict[str, str]:
        levels = path_levels(value)
        levels = levels[1:] if self._root else levels
        if not levels:
            return {}
        found = {schema.ARTICLE_TYPE: levels[-1]}
        if len(levels) > 1 or schema.ARTICLE_TYPE not in self._levels:
            found[schema.CATEGORY] = levels[0]
        if len(levels) > 2:
            found[schema.SUB_CATEGORY] = levels[1]
        return found


def described(attributes: Mapping[str, str | None], words: int = 3) -> str:
    """A name for a product that has none: the first of its attributes."""
    return " ".join([value for value in attributes.values() if value][:words])
