"""A small shop: 48 drawn products with links, prices, brands, availability and variants."""

from collections.abc import Iterator

from recommender.index.offer import Offer
from recommender.reading.product import Columns, Product
from tests.support.drawn_products import COLOURS, KINDS, draw_product

ATTRIBUTES = ("brand", "articleType", "baseColour")
PRODUCTS = 48
BRANDS = ("Acme", "Bolt & Sons", "Côte <Sud>", "Dune", "Ecru", "Fjord", "Gale", "Harbour")
LINK = "https://shop.example/products/{}?ref=\"'><b>&utm=1"


class SmallShop:
    """Products whose offers differ in everything that an offer can say, or leave out.

    Product 0 costs far more than the others; every seventh has no price; every third is reduced;
    products 10 to 12 are variants of one, in three colours.
    """

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def count(self) -> int:
        return PRODUCTS

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for i in range(start, stop):
            kind, colour = KINDS[i // len(COLOURS) % len(KINDS)], list(COLOURS)[i % len(COLOURS)]
            brand = BRANDS[i % len(BRANDS)]
            attributes = dict(zip(ATTRIBUTES, (brand, kind, colour), strict=True))
            yield Product(
                i,
                f"s{i}",
                f"{brand} {colour} {kind} {i}",
                attributes,
                (draw_product(kind, colour, 100 + i),),
                group="ten" if i in (10, 11, 12) else None,
                offer=offer_of(i),
            )


def offer_of(i: int) -> Offer:
    """The offer of a product."""
    price = 5_000.0 if i == 0 else 10.0 + 2 * i
    is_priced = i % 7 != 6
    return Offer(
        link="javascript:alert(1)" if i == 4 else LINK.format(i),
        price=price if is_priced else None,
        sale_price=price / 2 if is_priced and i % 3 == 2 else None,
        currency="EUR" if is_priced else None,
        availability=("in_stock", "in_stock", "out_of_stock", "preorder", None)[i % 5],
        brand=BRANDS[i % len(BRANDS)],
    )
