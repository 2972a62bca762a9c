"""From a product to its picture."""

from collections.abc import Callable

from PIL import Image

from demo.accessories import belts, caps, eyewear, hats, neckwear, watches
from demo.bags import backpacks, handbags, small_bags
from demo.clothes import (
    blazers,
    dresses,
    jackets,
    jeans,
    knitwear,
    shirts,
    shorts,
    skirts,
    socks,
    tops,
    trousers,
    tshirts,
)
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Colour
from demo.product_style import COLOURS, ProductStyle, brightness, mix
from demo.products import DemoProduct
from demo.seeds import seed_of
from demo.shoes import boots, flats, formal_shoes, heels, sandals, sneakers

CHILD_SCALE = 0.82  # children's garments are drawn smaller
INDIGO = (92, 106, 130)  # dyed cotton is duller than the colour's name promises
_BY_ARTICLE: dict[str, Callable[[Canvas, ProductStyle], None]] = {
    "Tshirts": tshirts.tshirt,
    "Shirts": shirts.shirt,
    "Tops": tops.top,
    "Sweaters": knitwear.sweater,
    "Sweatshirts": knitwear.sweatshirt,
    "Jackets": jackets.jacket,
    "Rain Jacket": jackets.jacket,
    "Blazers": blazers.blazer,
    "Waistcoat": blazers.blazer,
    "Dresses": dresses.dress,
    "Skirts": skirts.skirt,
    "Jeans": jeans.jeans,
    "Trousers": trousers.trousers,
    "Track Pants": trousers.track_pants,
    "Leggings": trousers.leggings,
    "Capris": trousers.leggings,
    "Shorts": shorts.shorts,
    "Casual Shoes": sneakers.sneaker,
    "Sports Shoes": sneakers.sneaker,
    "Formal Shoes": formal_shoes.formal,
    "Boots": boots.boots,
    "Heels": heels.heels,
    "Flats": flats.flats,
    "Sandals": sandals.pair,
    "Flip Flops": sandals.pair,
    "Handbags": handbags.handbag,
    "Clutches": handbags.handbag,
    "Backpacks": backpacks.backpack,
    "Wallets": small_bags.wallet,
    "Caps": caps.cap,
    "Hat": hats.hat,
    "Watches": watches.watch,
    "Sunglasses": eyewear.sunglasses,
    "Belts": belts.belt,
    "Ties": neckwear.tie,
    "Scarves": neckwear.scarf,
    "Socks": socks.socks,
}
_BY_STYLE: dict[str, Callable[[Canvas, ProductStyle], None]] = {
    "polo": tshirts.polo,
    "tipped polo": tshirts.polo,
    "denim shorts": jeans.jeans,
    "suede loafers": formal_shoes.formal,
}


def _product_style(product: DemoProduct) -> ProductStyle:
    colour = COLOURS[product.baseColour]
    if "denim" in product.style or product.articleType == "Jeans":
        colour = mix(colour, INDIGO, 0.15 if brightness(colour) > 200 else 0.4)
    wanted: list[Colour] = [COLOURS[name] for name in product.accents]
    spare = [COLOURS[name] for name in ("White", "Grey", "Navy Blue", "Cream")]
    wanted += [c for c in spare if c != colour and c not in wanted][: 3 - len(wanted)]
    return ProductStyle(
        product.style, product.gender, colour, (wanted[0], wanted[1], wanted[2]), product.pattern
    )


def draw(product: DemoProduct) -> Image.Image:
    """Draws the product on white: RGB, 360 x 480 pixels, the same bytes for the same product."""
    style = _product_style(product)
    worn = product.masterCategory == "Apparel"
    canvas = Canvas(seed_of(product.id), CHILD_SCALE if style.child and worn else 1.0)
    paint = _BY_STYLE.get(product.style, _BY_ARTICLE[product.articleType])
    paint(canvas, style)
    return canvas.finish()
