"""Offers of the demo catalogue: brand, price and availability, made up from the product's id."""

from demo.products import BRANDS, DemoProduct
from demo.seeds import seed_of
from recommender.index.offer import Offer

CURRENCY = "EUR"
# A middling price of each kind of product; a product costs between half of it and twice as much.
_USUAL = {
    "Topwear": 35, "Bottomwear": 45, "Dress": 60, "Shoes": 70, "Sandal": 40, "Flip Flops": 15,
    "Bags": 55, "Wallets": 25, "Headwear": 18, "Watches": 90, "Eyewear": 40, "Belts": 22,
    "Ties": 20, "Scarves": 18, "Socks": 8,
}  # fmt: skip
# Of ten products, how many are to be had, and of five, how many are reduced.
_STOCK = ("in_stock",) * 8 + ("out_of_stock", "preorder")
_REDUCED, _OF = 1, 5
_CUTS = (0.9, 0.8, 0.7, 0.5)


def offer_of(product: DemoProduct) -> Offer:
    """The offer of a demo product: the same every time; it has no link, for there is no shop."""
    drawn = seed_of(f"offer of {product.id}")
    factor = 0.5 * 4 ** ((drawn % 97) / 96)
    price = round(_USUAL[product.subCategory] * factor) - 0.1
    cut = _CUTS[drawn // 97 % len(_CUTS)]
    is_reduced = drawn // 1_009 % _OF < _REDUCED
    return Offer(
        price=round(price, 2),
        sale_price=round(price * cut, 2) if is_reduced else None,
        currency=CURRENCY,
        availability=_STOCK[drawn // 9_973 % len(_STOCK)],
        brand=BRANDS[seed_of(product.id) % len(BRANDS)],
    )
