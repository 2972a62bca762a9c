"""Exports of Shopify, WooCommerce and Google Merchant Center, as shops get them."""

from pathlib import Path

import pytest

from recommender.reading.products import Products
from recommender.schema import ARTICLE_TYPE, AVAILABILITY, BRAND, CATEGORY, GROUP
from tests.support.catalogues import write_csv

SHOPIFY = [
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Variant SKU"),
    *("Variant Inventory Qty", "Variant Price", "Variant Compare At Price", "Image Src"),
    *("Image Position", "Image Alt Text", "Google Shopping / Gender", "Variant Image", "Status"),
]


def shopify_row(**cells: str) -> list[str]:
    row = dict.fromkeys(SHOPIFY, "")
    assert cells.keys() <= row.keys()
    return list({**row, **cells}.values())


def shirt_rows() -> list[list[str]]:
    picture = "https://cdn.example/shirt-{}.jpg?v=1"
    return [
        shopify_row(
            **{
                "Handle": "linen-shirt",
                "Title": "Linen Shirt",
                "Body (HTML)": "<p>Soft &amp; light.</p><ul><li>100% linen</li></ul>",
                "Vendor": "Acme",
                "Product Category": "Apparel & Accessories > Clothing > Shirts",
                "Type": "Shirts",
                "Tags": "summer, linen",
                "Published": "true",
                "Option1 Name": "Color",
                "Option1 Value": "Red",
                "Option2 Name": "Size",
                "Option2 Value": "M",
                "Variant Inventory Qty": "0",
                "Variant Price": "39.00",
                "Image Src": picture.format(2),
                "Image Position": "2",
                "Google Shopping / Gender": "male",
                "Status": "active",
            }
        ),
        shopify_row(
            **{
                "Handle": "linen-shirt",
                "Option1 Value": "Blue",
                "Option2 Value": "L",
                "Variant Inventory Qty": "3",
                "Variant Price": "29.00",
                "Variant Compare At Price": "39.00",
                "Variant Image": picture.format(3),
            }
        ),
        shopify_row(
            **{"Handle": "linen-shirt", "Image Src": picture.format(1), "Image Position": "1"}
        ),
        shopify_row(
            **{
                "Handle": "old-cap",
                "Title": "Old Cap",
                "Option1 Name": "Title",
                "Option1 Value": "Default Title",
                "Variant Price": "9.00",
                "Image Src": picture.format(9),
                "Status": "draft",
            }
        ),
        shopify_row(
            **{
                "Handle": "belt",
                "Title": "Belt",
                "Vendor": "Other",
                "Type": "Belts",
                "Option1 Name": "Title",
                "Option1 Value": "Default Title",
                "Variant Inventory Qty": "-2",
                "Variant Price": "12.50",
                "Image Src": picture.format(7),
                "Status": "active",
            }
        ),
    ]


def test_shopify_rows_of_one_handle_are_one_product(tmp_path: Path) -> None:
    source = Products(str(write_csv(tmp_path / "products_export.csv", SHOPIFY, shirt_rows())))
    assert source.kind == "Shopify export"
    assert source.count() == 2
    (shirt, pictures), (belt, _) = source.first(2)
    assert (shirt.id, shirt.name) == ("linen-shirt", "Linen Shirt")
    assert pictures == [f"https://cdn.example/shirt-{n}.jpg?v=1" for n in (1, 2, 3)]
    assert shirt.description == "Soft & light. 100% linen"
    assert shirt.values["Color"] == ("Red", "Blue")
    assert shirt.attributes["Size"] == "M, L"
    assert shirt.attributes["Gender"] == "male"
    assert (shirt.offer.price, shirt.offer.sale_price) == (39.0, 29.0)
    assert (shirt.offer.availability, shirt.offer.brand) == ("in_stock", "Acme")
    assert (belt.offer.price, belt.offer.sale_price) == (12.5, None)
    assert belt.offer.availability == "out_of_stock"
    assert belt.attributes["Color"] is None
    assert source.notes == [
        "1 products are drafts, archived or not published and left out: old-cap."
    ]


WOO = [
    *("ID", "Type", "SKU", "Name", "Published", "Short description", "In stock?", "Sale price"),
    *("Regular price", "Categories", "Tags", "Images", "Parent"),
    *("Attribute 1 name", "Attribute 1 value(s)", "Attribute 1 visible", "Attribute 1 global"),
]
WOO_GERMAN = [
    *("ID", "Typ", "Artikelnummer", "Name", "Veröffentlicht", "Kurzbeschreibung", "Vorrätig?"),
    *("Angebotspreis", "Regulärer Preis", "Kategorien", "Schlagwörter", "Bilder"),
    *("Übergeordnetes Produkt", "Attribut 1 Name", "Attribut 1 Wert(e)", "Attribut 1 Sichtbar"),
    "Attribut 1 Global",
]


def woo_rows() -> list[list[str]]:
    picture = "https://shop.example/wp-content/{}.jpg"
    two = f"{picture.format('hoodie')}, {picture.format('hoodie-back')}"
    path, colour = "Clothing > Shirts, Sale", ["Colour", "Blue, Green", "1", "1"]
    third, rest = picture.format("hoodie-green"), [""] * 4
    blue, green = ["Colour", "Blue", "", ""], ["Colour", "Green", "", ""]
    belt = ["10", "simple", "B1", "Belt", "1", "<b>Leather</b>", "1", "", "12,90", "Accessories"]
    return [
        [*belt, "", picture.format("belt"), "", *rest],
        [
            "20",
            "variable",
            "H0",
            "Hoodie",
            "1",
            "Warm",
            "1",
            "",
            "",
            path,
            "winter",
            two,
            "",
            *colour,
        ],
        [
            "21",
            "variation",
            "H1",
            "Hoodie - Blue",
            "1",
            "",
            "1",
            "39",
            "45",
            "",
            "",
            "",
            "id:20",
            *blue,
        ],
        [
            "22",
            "variation",
            "H2",
            "Hoodie - Green",
            "1",
            "",
            "0",
            "",
            "49",
            "",
            "",
            third,
            "H0",
            *green,
        ],
        ["30", "simple", "X", "Secret", "-1", "", "1", "", "1", "", "", third, "", *rest],
    ]


@pytest.mark.parametrize("header", [WOO, WOO_GERMAN], ids=["English", "German"])
def test_woocommerce_variations_belong_to_their_parent(tmp_path: Path, header: list[str]) -> None:
    source = Products(str(write_csv(tmp_path / "export.csv", header, woo_rows())))
    assert source.kind == "WooCommerce export"
    (belt, _), (hoodie, pictures), (green, green_pictures) = source.first(9)
    assert (belt.id, belt.offer.price, belt.description) == ("10", 12.9, "Leather")
    assert pictures == [
        "https://shop.example/wp-content/hoodie.jpg",
        "https://shop.example/wp-content/hoodie-back.jpg",
    ]
    # The blue variation looks like its parent and is told by it; the green one looks different.
    assert (hoodie.offer.price, hoodie.offer.sale_price) == (45.0, 39.0)
    assert hoodie.values["Colour"] == ("Blue", "Green")
    assert (hoodie.group, green.group) == ("20", "20")
    assert (green.id, green.name, green.offer.price) == ("22", "Hoodie - Green", 49.0)
    assert green.offer.availability == "out_of_stock"
    assert green_pictures == ["https://shop.example/wp-content/hoodie-green.jpg"]
    assert (hoodie.attributes["Categories"], hoodie.attributes[ARTICLE_TYPE]) == (
        "Clothing",
        "Shirts",
    )
    assert source.notes == ["1 rows are not published and left out."]


FEED = {
    "id": ["A1", "A2", "B1"],
    "title": ["Red dress", "Blue dress", "Hat"],
    "description": ["A dress of silk.", "A dress of silk.", "A hat."],
    "link": [f"https://shop.example/p/{n}" for n in "123"],
    "image_link": [f"https://cdn.example/{n}.jpg" for n in "123"],
    "additional_image_link": ["https://cdn.example/1b.jpg,https://cdn.example/1c.jpg", "", ""],
    "availability": ["in_stock", "out of stock", "preorder"],
    "price": ["15.00 USD", "15.00 USD", "1,299.00 USD"],
    "sale_price": ["12.50 USD", "", ""],
    "brand": ["Acme", "Acme", "Hatters"],
    "gtin": ["0001", "0002", "0003"],
    "product_type": [
        "Home > Women > Dresses > Maxi Dresses",
        "Home > Women > Dresses",
        "Home > Men > Hats",
    ],
    "color": ["Red/Blue", "Blue", "Grey"],
    "gender": ["female", "female", "male"],
    "age_group": ["adult", "adult", "adult"],
    "size": ["M", "L", ""],
    "material": ["silk/cotton", "silk", ""],
    "item_group_id": ["A", "A", ""],
}


def feed_rows() -> list[list[str]]:
    return [list(row) for row in zip(*FEED.values(), strict=True)]


def write_text(path: Path) -> Path:
    return write_csv(path, list(FEED), feed_rows(), separator="\t")


def _items(tag: str) -> str:
    items = ""
    for row in feed_rows():
        cells = dict(zip(FEED, row, strict=True))
        more = [a for a in cells.pop("additional_image_link").split(",") if a]
        fields = "".join(f"<g:{k}>{v}</g:{k}>" for k, v in cells.items() if v and ">" not in v)
        fields += f"<g:product_type><![CDATA[{cells['product_type']}]]></g:product_type>"
        fields += "".join(f"<g:additional_image_link>{a}</g:additional_image_link>" for a in more)
        shipping = "<g:shipping><g:country>US</g:country><g:price>9 USD</g:price></g:shipping>"
        items += f"<{tag}>{fields}{shipping}</{tag}>"
    return items


def write_rss(path: Path) -> Path:
    path.write_text(
        '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">'
        f"<channel><title>Shop</title><link>https://shop.example</link>{_items('item')}"
        "</channel></rss>"
    )
    return path


def write_atom(path: Path) -> Path:
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>{_items("entry")}</feed>'
    )
    return path


@pytest.mark.parametrize("write", [write_text, write_rss, write_atom])
def test_a_merchant_feed_gives_offers_groups_and_levels_in_every_form(tmp_path, write) -> None:  # type: ignore[no-untyped-def]
    source = Products(str(write(tmp_path / "feed.dat")))  # found out by its content, not its name
    (red, pictures), (blue, _), (hat, _) = source.first(3)
    assert source.count() == 3
    assert pictures == [f"https://cdn.example/{n}.jpg" for n in ("1", "1b", "1c")]
    offer = red.offer
    assert (offer.price, offer.sale_price, offer.currency) == (15.0, 12.5, "USD")
    assert offer.link == "https://shop.example/p/1"
    assert [p.offer.availability for p in (red, blue, hat)] == [
        "in_stock",
        "out_of_stock",
        "preorder",
    ]
    assert hat.offer.price == 1299.0
    assert (red.group, blue.group, hat.group) == ("A", "A", None)
    assert red.values == {"color": ("Red", "Blue"), "material": ("silk", "cotton")}
    # `Home`, which all of them share, says nothing.
    assert (red.attributes[CATEGORY], red.attributes["sub-category"]) == ("Women", "Dresses")
    assert red.attributes["product_type"] == "Maxi Dresses"
    assert (hat.attributes[CATEGORY], hat.attributes["product_type"]) == ("Men", "Hats")
    roles = source.columns.roles
    assert (roles[BRAND], roles[GROUP], roles[AVAILABILITY]) == (
        "brand",
        "item_group_id",
        "availability",
    )
    assert "gtin" not in source.columns.attributes


A, B, PRODUCT = "https://cdn.example/a.jpg", "https://cdn.example/b.jpg", "Linen Shirt"


@pytest.mark.parametrize(
    ("row", "roles", "offer"),
    [
        (  # Etsy
            {"TITLE": PRODUCT, "PRICE": "49.00", "CURRENCY_CODE": "EUR", "QUANTITY": "0"}
            | {"MATERIALS": "Linen,Cotton", "IMAGE1": A, "IMAGE2": B, "SKU": "S-1"},
            {"id": "SKU", "material": "MATERIALS"},
            (49.0, None, "EUR", "out_of_stock", None),
        ),
        (  # BigCommerce: a sale price of 0 where there is none, and "P" for a physical product
            {"Item Type": "Product", "Product ID": "101", "Product Name": PRODUCT}
            | {"Product Type": "P", "Brand Name": "Nord", "Price": "79.00", "Sale Price": "0.00"}
            | {"Product Image File - 1": A, "Product Image File - 2": B},
            {"id": "Product ID", "article type": None},
            (79.0, None, None, None, "Nord"),
        ),
        (  # PrestaShop
            {"Product ID": "7", "Active (0/1)": "1", "Name *": PRODUCT, "Quantity": "3"}
            | {"Categories (x,y,z...)": "Women,Dresses", "Price tax excluded": "29,90"}
            | {"Manufacturer": "Nord", "Image URLs (x,y,z...)": f"{A},{B}"},
            {"id": "Product ID", "category": "Categories (x,y,z...)"},
            (29.9, None, None, "in_stock", "Nord"),
        ),
        (  # Magento
            {"sku": "M-1", "product_type": "simple", "name": PRODUCT, "price": "52.00"}
            | {"special_price": "45.00", "base_image": A, "additional_images": B}
            | {"qty": "100", "is_in_stock": "0"},
            {"id": "sku", "article type": None},
            (52.0, 45.0, None, "out_of_stock", None),
        ),
        (  # Wix
            {"handleId": "p_1", "fieldType": "Product", "name": PRODUCT, "price": "35.0"}
            | {"productImageUrl": f"{A};{B}", "inventory": "OutOfStock", "brand": "Nord"},
            {"id": "handleId"},
            (35.0, None, None, "out_of_stock", "Nord"),
        ),
        (  # Squarespace
            {"Product ID [Non Editable]": "5f", "Product Type [Non Editable]": "PHYSICAL"}
            | {"Title": PRODUCT, "Price": "25.00", "Stock": "4", "Hosted Image URLs": f"{A} {B}"},
            {"id": "Product ID [Non Editable]", "article type": None},
            (25.0, None, None, "in_stock", None),
        ),
        (  # Amazon
            {"item_sku": "T-1", "item_name": PRODUCT, "brand_name": "Nord", "quantity": "2"}
            | {"feed_product_type": "shirt", "standard_price": "19.99", "size_name": "M"}
            | {"main_image_url": A, "other_image_url1": B, "material_type": "Linen"},
            {"id": "item_sku", "article type": "feed_product_type", "size": "size_name"},
            (19.99, None, None, "in_stock", "Nord"),
        ),
        (  # eBay
            {"CustomLabel": "E-1", "*Title": PRODUCT, "*C:Brand": "Nord", "*C:Type": "Shirt"}
            | {"*C:Color": "Blue", "PicURL": f"{A}|{B}", "*StartPrice": "89.00", "*Quantity": "5"},
            {"id": "CustomLabel", "article type": "*C:Type", "colour": "*C:Color"},
            (89.0, None, None, "in_stock", "Nord"),
        ),
    ],
    ids=["Etsy", "BigCommerce", "PrestaShop", "Magento", "Wix", "Squarespace", "Amazon", "eBay"],
)
def test_the_columns_of_other_shop_systems_are_understood(
    row: dict[str, str],
    roles: dict[str, str | None],
    offer: tuple[float | str | None, ...],
    tmp_path: Path,
) -> None:
    write_csv(tmp_path / "shop.csv", list(row), [list(row.values())])
    products = Products(str(tmp_path / "shop.csv"))
    assert {role: products.columns.roles.get(role) for role in roles} == roles
    [(product, pictures)] = products.first(1)
    assert (product.name, pictures) == (PRODUCT, [A, B])
    found = product.offer
    asked = found.price, found.sale_price, found.currency, found.availability, found.brand
    assert asked == offer
