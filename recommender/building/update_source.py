"""Products of an update: a new catalogue, news beside the indexed products, or these alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recommender.building.indexed_catalogue import IndexedCatalogue
from recommender.errors import DatasetError, SettingsError
from recommender.index.catalogue_file import is_reserved
from recommender.reading.product import Product, ProductSource

# Fraction of the indexed products that may go without being allowed to: a feed that broke off, or
# of another shop, loses more.
MOST_GONE = 0.5


@dataclass(frozen=True)
class UpdateOptions:
    """Which products an update's index has."""

    add_only: bool = False
    """Whether indexed products stay that the new catalogue lacks."""
    remove: tuple[str, ...] = ()
    """Ids of products that go."""
    allow_shrink: bool = False
    """Whether more than `MOST_GONE` of the products may go."""


def updated_products(
    old: IndexedCatalogue, source: ProductSource | None, options: UpdateOptions
) -> Iterator[Product]:
    """The products of the updated index, in its order.

    A new catalogue gives them in its own order. With `add_only` the indexed products keep theirs,
    those that the source has again as it has them, and its further ones follow.

    Args:
        old: the index.
        source: the new catalogue; None: the indexed products.
        options: what stays and goes.

    Raises:
        SettingsError: a product to remove is not indexed, or nothing is asked for.
        DatasetError: the source has no products, or an attribute has a reserved name.
    """
    unknown = [id_ for id_ in options.remove if id_ not in old.catalogue]
    if unknown:
        raise SettingsError(
            f"The index has no product {unknown[0][:80]!r} to remove"
            + (f", nor {len(unknown) - 1} more of those named." if unknown[1:] else ".")
        )
    if source is None and not options.remove:
        raise SettingsError("Say what to update from with --dataset, or what goes with --remove.")
    if source is not None:
        _check(source)
    gone = set(options.remove)
    return (product for product in _products(old, source, options) if product.id not in gone)


def check_shrinking(old: IndexedCatalogue, removed: int, options: UpdateOptions) -> None:
    """Refuse an update by which most products would go, unless it is allowed.

    Raises:
        SettingsError: it is not.
    """
    if removed > MOST_GONE * len(old.catalogue) and not options.allow_shrink:
        raise SettingsError(
            f"{removed:,} of the {len(old.catalogue):,} products of the index would go. If the "
            "new catalogue is whole, say --allow-shrink; if it only has news, say --add-only."
        )


def _check(source: ProductSource) -> None:
    for name in source.columns.attributes:
        if is_reserved(name) or not name:
            raise DatasetError(
                f"An attribute can't be called {name!r}, as a column of the index is: rename it."
            )
    if source.count() == 0:
        raise DatasetError("The new catalogue has no products, so the index stays as it is.")


def _products(
    old: IndexedCatalogue, source: ProductSource | None, options: UpdateOptions
) -> Iterator[Product]:
    if source is None:
        yield from old.products()
    elif not options.add_only:
        yield from source.read(0, source.count())
    else:
        yield from _with_news(old, list(source.read(0, source.count())), source.columns.attributes)


def _with_news(
    old: IndexedCatalogue, news: Sequence[Product], attributes: Sequence[str]
) -> Iterator[Product]:
    # All products have the same attributes, unknown ones without a value.
    names = dict.fromkeys((*old.catalogue.attributes, *attributes))

    def whole(product: Product) -> Product:
        own = {name: product.attributes.get(name) for name in names}
        return replace(product, attributes=own)

    again = {product.id: product for product in reversed(news)}
    for product in old.products():
        yield whole(again.pop(product.id, product))
    for product in news:
        if again.pop(product.id, None) is not None:
            yield whole(product)
