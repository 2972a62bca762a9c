"""The small catalogue that most tests search: 48 drawn products."""

from collections.abc import Iterator

from recommender.reading.product import Columns, Product
from tests.support.drawn_products import COLOURS, GENDERS, KINDS, draw_product

ATTRIBUTES = ("gender", "articleType", "baseColour", "season", "usage")
PRODUCTS = 48


class SmallCatalogue:
    """Products of every kind, colour and gender; the last has the very picture of the first."""

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def count(self) -> int:
        return PRODUCTS

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for i in range(start, stop):
            drawn = 0 if i == PRODUCTS - 1 else i
            kind = KINDS[drawn % len(KINDS)]
            colour = list(COLOURS)[drawn // len(KINDS) % len(COLOURS)]
            gender = GENDERS[drawn // (len(KINDS) * len(COLOURS)) % len(GENDERS)]
            season = "Winter" if i % 6 == 5 else "Summer"
            labels = (gender, kind, colour, season, "Formal" if i % 16 == 3 else "Casual")
            name = f"{gender} {colour} {kind} <{i}>"  # must reach the page as text, not as a tag
            attributes = dict(zip(ATTRIBUTES, labels, strict=True))
            yield Product(i, f"p{i}", name, attributes, (draw_product(kind, colour, drawn),))
