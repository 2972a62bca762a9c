"""From a product to its picture."""

from collections.abc import Callable

from PIL import Image

from recommender.demo_catalogue import (
    accessories,
    bags,
    bottoms,
    dresses,
    headwear,
    heels,
    outerwear,
    shoes,
    tops,
)
from recommender.demo_catalogue.canvas import Canvas, Colour
from recommender.demo_catalogue.look import COLOURS, Look, brightness, mix
from recommender.demo_catalogue.products import DemoProduct
from recommender.demo_catalogue.seeds import seed_of

CHILD_SCALE = 0.82  # children's garments are drawn smaller
INDIGO = (92, 106, 130)  # dyed cotton is duller than the colour's name promises
_BY_ARTICLE: dict[str, Callable[[Canvas, Look], None]] = {
    "Tshirts": tops.tshirt,
    "Shirts": tops.shirt,
    "Tops": tops.top,
    "Sweaters": outerwear.sweater,
    "Sweatshirts": outerwear.sweatshirt,
    "Jackets": outerwear.jacket,
    "Rain Jacket": outerwear.jacket,
    "Blazers": outerwear.blazer,
    "Waistcoat": outerwear.blazer,
    "Dresses": dresses.dress,
    "Skirts": dresses.skirt,
    "Jeans": bottoms.jeans,
    "Trousers": bottoms.trousers,
    "Track Pants": bottoms.track_pants,
    "Leggings": bottoms.leggings,
    "Capris": bottoms.leggings,
    "Shorts": bottoms.shorts,
    "Casual Shoes": shoes.sneaker,
    "Sports Shoes": shoes.sneaker,
    "Formal Shoes": shoes.formal,
    "Boots": shoes.boots,
    "Heels": heels.heels,
    "Flats": heels.flats,
    "Sandals": heels.pair,
    "Flip Flops": heels.pair,
    "Handbags": bags.handbag,
    "Clutches": bags.handbag,
    "Backpacks": bags.backpack,
    "Wallets": bags.wallet,
    "Caps": headwear.cap,
    "Hat": headwear.hat,
    "Watches": accessories.watch,
    "Sunglasses": accessories.sunglasses,
    "Belts": accessories.belt,
    "Ties": accessories.tie,
    "Scarves": accessories.scarf,
    "Socks": accessories.socks,
}
_BY_STYLE: dict[str, Callable[[Canvas, Look], None]] = {
    "polo": tops.polo,
    "tipped polo": tops.polo,
    "denim shorts": bottoms.jeans,
    "suede loafers": shoes.formal,
}


def _look(product: DemoProduct) -> Look:
    colour = COLOURS[product.baseColour]
    if "denim" in product.style or product.articleType == "Jeans":
        colour = mix(colour, INDIGO, 0.15 if brightness(colour) > 200 else 0.4)
    wanted: list[Colour] = [COLOURS[name] for name in product.accents]
    spare = [COLOURS[name] for name in ("White", "Grey", "Navy Blue", "Cream")]
    wanted += [c for c in spare if c != colour and c not in wanted][: 3 - len(wanted)]
    return Look(
        product.style, product.gender, colour, (wanted[0], wanted[1], wanted[2]), product.pattern
    )


def draw(product: DemoProduct) -> Image.Image:
    """Draws the product on white: RGB, 360 x 480 pixels, the same bytes for the same product."""
    look = _look(product)
    worn = product.masterCategory == "Apparel"
    canvas = Canvas(seed_of(product.id), CHILD_SCALE if look.child and worn else 1.0)
    paint = _BY_STYLE.get(product.style, _BY_ARTICLE[product.articleType])
    paint(canvas, look)
    return canvas.finish()
