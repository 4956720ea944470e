"""What the demo shop has on its shelves: an outdoor-and-shoe retailer's lines, brands and colours.

A *line* is a kind of thing the shop buys ("trail running shoes for women"), a *style* one model of
it ("Trail Runner GTX W") in its colours and sizes. Every brand and model is invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, cycle

# Names as printed on a label, each with its colour and the colour that goes with it.
COLOURS: dict[str, tuple[str, str]] = {
    "Berry": ("a83261", "f0d9de"),
    "Black": ("33363b", "8b9198"),
    "Blue": ("2f6db5", "e8e4da"),
    "Brown": ("7a5236", "d9c3a0"),
    "Copper": ("b06a3f", "f0dcc6"),
    "Forest": ("2f5d4a", "d8a84a"),
    "Grey": ("8d9399", "3d4248"),
    "Ice": ("cfdfe6", "5b8fb0"),
    "Lilac": ("a491c7", "f3eefa"),
    "Mustard": ("d9a32a", "4b3a1d"),
    "Navy": ("27375a", "d9734e"),
    "Olive": ("6f7546", "e3d9b8"),
    "Orange": ("e5812f", "3a3f4a"),
    "Plum": ("6f3b5e", "e6c9b3"),
    "Red": ("c0392f", "f4e6d4"),
    "Rose": ("d88a98", "fbeeee"),
    "Rust": ("b5562d", "efdfc9"),
    "Sage": ("93a78c", "f2efe2"),
    "Sand": ("d2bf9c", "8a6a45"),
    "Sky": ("7fb2d9", "f5f3ea"),
    "Slate": ("5d6b7a", "c9d86a"),
    "Steel": ("a7adb2", "4d545b"),
    "Stone": ("b9b0a2", "5f5648"),
    "Tan": ("b98a5a", "5a3c25"),
    "Teal": ("21828a", "f2c14e"),
    "White": ("f4f1ea", "7fa6a3"),
    "Yellow": ("efc93d", "3c4a57"),
}

MEN = ("8", "8.5", "9", "9.5", "10", "10.5", "11", "11.5", "12", "13")
WOMEN = ("6", "6.5", "7", "7.5", "8", "8.5", "9", "9.5", "10")
UNISEX = ("6", "7", "8", "8.5", "9", "9.5", "10", "11", "12")
WHOLE_SIZES = ("6", "7", "8", "9", "10", "11", "12")
KIDS = ("11", "12", "13", "1", "2", "3", "4")
APPAREL = ("S", "M", "L", "XL", "XXL")
SOCKS = ("S", "M", "L", "XL")

VIVID = ("Blue", "Red", "Teal", "Orange", "Mustard", "Berry", "Slate", "Forest", "Sky")
EARTH = ("Brown", "Tan", "Olive", "Stone", "Black", "Rust", "Forest", "Sand")
CALM = ("Navy", "Sage", "Black", "Rust", "Slate", "Plum", "Olive", "Sand", "Teal")
BRIGHT = ("Blue", "Berry", "Teal", "Yellow", "Lilac", "Red", "Sky", "Rose")
DARK = ("Black", "Navy", "Grey", "Olive", "Brown")
METAL = ("Steel", "Black", "Copper")

MANUFACTURERS = (
    "Cairn & Keel",
    "Alder & Wick",
    "Beeswain",
    "Cindervale",
    "Fjellvind",
    "Halvorsen & Pike",
    "Haulstead",
    "Kestrane",
    "Korvane",
    "Lumaro",
    "Meridian Paper",
    "Nightjar Camp",
    "Northfell",
    "Pemberly Wool",
    "Portage Provisions",
    "Saltmarsh",
    "Tamsin",
    "Tarnwood",
    "Ullstad",
    "Veldhart",
    "Verrano",
    "Wrenfield",
)

CENT = Decimal("0.01")

ITEM, LABOUR, FOOD, BOOKS = 1, 2, 3, 4  # tax classes; 1 and 2 are Lightspeed's own


@dataclass(frozen=True, slots=True)
class Line:
    """`names` are the first styles, chosen by hand; after them names are made from `nouns`.
    `price` is the span of list prices in dollars, `share` the styles bought in each round."""

    category: str
    picture: str
    names: tuple[str, ...]
    nouns: tuple[str, ...]
    price: tuple[float, float]
    brands: tuple[str, ...]
    colours: tuple[str, ...] = CALM
    sizes: tuple[str, ...] = ()
    in_colours: int = 3
    share: int = 1
    tags: tuple[str, ...] = ()
    tax_class: int = ITEM
    notes: tuple[str, ...] = ()
    service: bool = False

    @property
    def is_run(self) -> bool:
        return bool(self.sizes) or self.in_colours > 1


@dataclass(frozen=True, slots=True)
class Style:
    number: int
    line: Line
    name: str
    brand: str
    price: Decimal
    list_price: Decimal
    cost: Decimal
    colours: tuple[str, ...]
    discontinued: bool
    note: str


def single(
    category: str,
    picture: str,
    names: tuple[str, ...],
    nouns: tuple[str, ...],
    price: tuple[float, float],
    brands: tuple[str, ...],
    colours: tuple[str, ...],
    share: int = 3,
    tags: tuple[str, ...] = (),
    tax_class: int = ITEM,
    notes: tuple[str, ...] = (),
) -> Line:
    """A line whose styles come in one colour and one size."""
    return Line(
        category, picture, names, nouns, price, brands, colours,
        in_colours=1, share=share, tags=tags, tax_class=tax_class, notes=notes,
    )  # fmt: skip


RUNNERS = ("Kestrane", "Korvane", "Veldhart")
BOOTMAKERS = ("Halvorsen & Pike", "Verrano", "Veldhart")
OUTERWEAR = ("Fjellvind", "Northfell", "Saltmarsh")
KNITTERS = ("Pemberly Wool", "Ullstad", "Wrenfield")
PACKMAKERS = ("Tarnwood", "Haulstead", "Northfell")
CAMP = ("Nightjar Camp", "Cindervale", "Tarnwood")

# Notes to read out while selling; every other note is public and printed on the receipt.
SMALL_FIT = "Runs half a size small."
LIGHT = "Full charge takes three hours over USB-C."
FOR_STAFF = (SMALL_FIT, LIGHT)

RESOLE = "Can be resoled: bring them in with this receipt."
REPROOF = "First re-proofing is on us: bring the jacket and this receipt."

LINES: tuple[Line, ...] = (
    Line(
        "Shoes/Trail running", "running-shoe",
        ("Trail Runner GTX", "Harrier", "Scree Dancer", "Trail Runner Lite"),
        ("Fell Shoe", "Fell Runner"), (119, 199), RUNNERS, VIVID, MEN,
        share=2, tags=("mens", "trail", "running"), notes=(SMALL_FIT,),
    ),
    Line(
        "Shoes/Trail running", "running-shoe",
        ("Trail Runner GTX W", "Harrier W", "Scree Dancer W"),
        ("Fell Shoe W", "Fell Runner W"), (119, 199), RUNNERS, BRIGHT, WOMEN,
        share=2, tags=("womens", "trail", "running"), notes=(SMALL_FIT,),
    ),
    Line(
        "Shoes/Road running", "running-shoe",
        ("Canal Mile", "Tempo Nine"), ("Road Shoe", "Tempo Trainer"), (109, 189), RUNNERS,
        VIVID, MEN, in_colours=2, tags=("mens", "running"),
    ),
    Line(
        "Shoes/Road running", "running-shoe",
        ("Canal Mile W", "Tempo Nine W"), ("Road Shoe W", "Tempo Trainer W"), (109, 189), RUNNERS,
        BRIGHT, WOMEN, in_colours=2, tags=("womens", "running"),
    ),
    Line(
        "Shoes/Hiking boots", "hiking-boot",
        ("Ridgeback Mid", "Old Quarry", "Trailhead Mid GTX"), ("Hiking Boot", "Mid Boot"),
        (169, 289), BOOTMAKERS, EARTH, MEN, in_colours=2, tags=("mens", "hiking", "waterproof"),
        notes=(RESOLE,),
    ),
    Line(
        "Shoes/Hiking boots", "hiking-boot",
        ("Ridgeback Mid W", "Old Quarry W"), ("Hiking Boot W", "Mid Boot W"),
        (169, 289), BOOTMAKERS, EARTH, WOMEN, in_colours=2,
        tags=("womens", "hiking", "waterproof"), notes=(RESOLE,),
    ),
    Line(
        "Shoes/Sandals", "sandal", ("Strand", "River Strap"), ("Sandal", "River Sandal"),
        (69, 129), ("Tamsin", "Veldhart"), EARTH, WHOLE_SIZES,
        in_colours=2, tags=("summer",),
    ),
    Line(
        "Shoes/Everyday", "sneaker", ("Dockside", "Courtyard Low"), ("Sneaker", "Low"),
        (79, 139), ("Tamsin", "Korvane"), ("White", "Navy", "Sage", "Tan", "Black", "Rose"),
        UNISEX, in_colours=3, tags=("everyday",),
    ),
    Line(
        "Shoes/Winter boots", "winter-boot", ("Snowgate", "Frostline"), ("Winter Boot", "Pac Boot"),
        (149, 259), BOOTMAKERS, ("Brown", "Black", "Stone", "Olive"),
        WHOLE_SIZES, in_colours=2, tags=("winter", "waterproof"),
    ),
    Line(
        "Shoes/Kids", "running-shoe", ("Puddle Jumper", "Trail Pup"), ("Kids Trainer", "Kids Shoe"),
        (54, 79), ("Korvane", "Tamsin"), BRIGHT, KIDS, in_colours=2, tags=("kids",),
    ),
    Line(
        "Jackets/Rain", "jacket", ("Squall Shell", "Harbour Rain Jacket", "Trail Shell"),
        ("Shell", "Rain Jacket"), (149, 379), OUTERWEAR, VIVID, APPAREL, share=2,
        tags=("waterproof", "recycled"), notes=(REPROOF,),
    ),
    Line(
        "Jackets/Rain", "jacket", ("Squall Shell W", "Drizzle Anorak W"),
        ("Shell W", "Rain Jacket W"), (149, 379), OUTERWEAR, BRIGHT, APPAREL,
        tags=("womens", "waterproof", "recycled"), notes=(REPROOF,),
    ),
    Line(
        "Jackets/Down and insulated", "down-jacket", ("Eiderlight Hoody", "Bivouac Parka"),
        ("Down Jacket", "Insulated Jacket"), (199, 449), OUTERWEAR, CALM, APPAREL,
        tags=("winter",),
    ),
    Line(
        "Jackets/Fleece", "fleece", ("Lambswick Fleece", "Hearth Full-Zip", "Grid Hoody"),
        ("Fleece", "Fleece Hoody"), (79, 159), ("Wrenfield", "Northfell"), CALM, APPAREL,
        share=2, tags=("recycled",),
    ),
    Line(
        "Jackets/Vests", "vest", ("Eiderlight Vest", "Woodlot Vest"), ("Vest", "Gilet"),
        (89, 189), OUTERWEAR, CALM, APPAREL, in_colours=2,
    ),
    Line(
        "Clothing/T-shirts", "t-shirt", ("Trail Tee", "Cairn Tee", "Merino 150 Tee"),
        ("Tee", "Merino Tee"), (34, 89), KNITTERS, BRIGHT, APPAREL, share=2,
        tags=("mens", "summer"),
    ),
    Line(
        "Clothing/Base layers", "base-layer", ("Merino 200 Crew", "Merino 250 Half-Zip"),
        ("Base Layer", "Crew"), (89, 149), KNITTERS, DARK, APPAREL, in_colours=2,
        tags=("wool", "winter"),
    ),
    Line(
        "Clothing/Shirts", "shirt", ("Portage Shirt", "Flannel No. 4"), ("Shirt", "Flannel Shirt"),
        (69, 119), ("Wrenfield", "Saltmarsh"), CALM, APPAREL, in_colours=2,
    ),
    Line(
        "Clothing/Trousers", "trousers", ("Switchback Pant", "Trail Pant", "Granite Softshell"),
        ("Pant", "Trouser"), (89, 179), OUTERWEAR, EARTH, ("30", "32", "34", "36", "38"),
        in_colours=2, share=2, tags=("hiking",),
    ),
    Line(
        "Clothing/Shorts", "shorts", ("Ford Short", "Trail Short"), ("Short", "Running Short"),
        (49, 84), ("Kestrane", "Northfell"), CALM, APPAREL, in_colours=2, tags=("summer",),
    ),
    Line(
        "Clothing/Accessories/Hats", "beanie", ("Fisherman Beanie", "Cable Beanie"),
        ("Beanie", "Toque"), (24, 45), KNITTERS, CALM, in_colours=4, tags=("winter", "wool"),
    ),
    Line(
        "Clothing/Accessories/Hats", "cap", ("Trail Cap", "Five Panel"), ("Cap", "Brim Hat"),
        (29, 49), ("Wrenfield", "Kestrane"), VIVID, in_colours=4, tags=("summer",),
    ),
    Line(
        "Clothing/Accessories/Gloves", "gloves", ("Liner Glove", "Stormcuff Glove"),
        ("Glove", "Mitt"), (29, 89), ("Ullstad", "Fjellvind"), DARK, ("S", "M", "L", "XL"),
        in_colours=2, tags=("winter",),
    ),
    Line(
        "Clothing/Accessories/Neckwear", "neck-warmer", ("Trail Tube", "Merino Neck Warmer"),
        ("Neck Tube", "Buffer"), (19, 35), KNITTERS, BRIGHT, in_colours=5,
    ),
    Line(
        "Clothing/Accessories/Belts", "belt", ("Portage Belt",), ("Belt", "Web Belt"), (25, 49),
        ("Alder & Wick", "Wrenfield"), EARTH, in_colours=2,
    ),
    Line(
        "Packs/Day packs", "day-pack", ("Trail Pack 22", "Commons 18", "Tern Roll-Top 24"),
        ("Pack 20", "Day Pack 25", "Daypack 28"), (79, 169), PACKMAKERS, VIVID,
        in_colours=4, share=2, tags=("recycled",),
    ),
    Line(
        "Packs/Trekking packs", "trekking-pack", ("Portage 55", "Longhaul 65"),
        ("Pack 50", "Trek 60"), (219, 389), PACKMAKERS, CALM, ("S/M", "M/L"), in_colours=2,
        tags=("hiking",),
    ),
    Line(
        "Packs/Running vests", "running-vest", ("Trail Vest 8", "Vest 12"),
        ("Running Vest", "Hydration Vest"), (99, 169), ("Kestrane", "Haulstead"), BRIGHT,
        ("S", "M", "L"), in_colours=2, tags=("trail", "running"),
    ),
    Line(
        "Packs/Travel", "duffel", ("Stevedore 60", "Gangway 40"), ("Duffel 45", "Duffel 70"),
        (109, 199), ("Haulstead", "Saltmarsh"), VIVID, in_colours=3, tags=("travel",),
    ),
    Line(
        "Packs/Small bags", "pouch", ("Ditty Bag", "Hip Pack 3"), ("Hip Pack", "Organiser"),
        (29, 59), PACKMAKERS, BRIGHT, in_colours=3, tags=("travel",),
    ),
    Line(
        "Socks/Hiking", "sock", ("Wool sock", "Hiker Crew", "Trail Crew"),
        ("Hiking Sock", "Crew Sock"), (19, 32), KNITTERS, CALM, SOCKS, in_colours=3, share=2,
        tags=("wool", "hiking"),
    ),
    Line(
        "Socks/Running", "sock", ("Trail Quarter", "Tempo No-Show"), ("Running Sock", "Quarter"),
        (16, 26), ("Kestrane", "Ullstad"), BRIGHT, SOCKS, in_colours=2, tags=("running",),
    ),
    Line(
        "Socks/Everyday", "sock", ("Cottage Sock", "Cabin Sock 2-Pack"), ("House Sock", "Sock"),
        (14, 29), KNITTERS, CALM, ("S/M", "L/XL"), in_colours=3, tags=("wool",),
    ),
    Line(
        "Camping/Tents", "tent", ("Lean-To 2", "Longhouse 4", "Trail Shelter 1"),
        ("Tent 2", "Tent 3"), (249, 649), CAMP, ("Olive", "Orange", "Sand", "Teal"),
        in_colours=2, share=2, tags=("camping",),
    ),
    Line(
        "Camping/Sleeping/Sleeping bags", "sleeping-bag", ("Burrow 0", "Burrow -9", "Meadow +7"),
        ("Bag 0", "Bag -7", "Quilt +5"), (169, 459), CAMP, VIVID, ("Regular", "Long"),
        in_colours=2, share=2, tags=("camping",),
    ),
    Line(
        "Camping/Sleeping/Mats", "mat", ("Featherbed Mat", "Fold-Out Mat"),
        ("Sleeping Mat", "Air Mat"), (49, 229), CAMP, ("Orange", "Sage", "Blue", "Slate"),
        ("Short", "Regular", "Wide"), in_colours=1, tags=("camping",),
    ),
    single(
        "Camping/Kitchen/Stoves", "stove", ("Ember Stove", "Cinder Ti", "Duo Burner", "Wick Stove"),
        ("Stove", "Gas Burner"), (49, 199), ("Cindervale",), METAL, tags=("camping",),
    ),
    single(
        "Camping/Kitchen/Cookware", "pot",
        ("Billy Pot 1.0 L", "Camp Kettle", "Trail Pot 750 ml", "Nesting Set 4", "Frying Pan 20 cm"),
        ("Pot 1.2 L", "Pan", "Kettle"), (24, 119), ("Cindervale", "Nightjar Camp"), METAL, 4,
    ),
    single(
        "Camping/Kitchen/Cookware", "mug",
        ("Enamel Mug White", "Enamel Mug Blue", "Double-Wall Mug", "Folding Cup"),
        ("Mug", "Camp Cup"), (9, 32), ("Cindervale", "Cairn & Keel"),
        ("White", "Blue", "Red", "Sage"), 4, notes=("Dishwasher safe.",),
    ),
    single(
        "Camping/Kitchen/Cookware", "spork", ("Long Spoon Ti", "Spork", "Cutlery Roll"),
        ("Spoon", "Cutlery Set"), (6, 29), ("Cindervale",), ("Steel", "Orange", "Teal"), 3,
    ),
    single(
        "Camping/Kitchen/Fuel", "canister", ("Gas 110 g", "Gas 230 g", "Gas 450 g", "Spirit 1 L"),
        ("Gas 230 g", "Fuel 1 L"), (7, 22), ("Cindervale",), ("Red", "Blue", "Yellow"), 4,
        notes=("Not by air. Take empty canisters to a depot.",),
    ),
    Line(
        "Camping/Kitchen/Bottles", "bottle", ("Brook Bottle 750 ml", "Brook Bottle 1 L"),
        ("Bottle 600 ml", "Bottle 1 L"), (24, 49), ("Tarnwood", "Lumaro"), BRIGHT,
        in_colours=5, share=2, tags=("everyday",),
    ),
    single(
        "Camping/Kitchen/Bottles", "bottle",
        ("Soft Flask 500 ml", "Trail Flask 250 ml", "Thermo Bottle 1 L", "Reservoir 2 L"),
        ("Flask 500 ml", "Thermo Bottle"), (19, 59), ("Tarnwood", "Kestrane"), BRIGHT, 4,
    ),
    single(
        "Camping/Kitchen/Water", "filter",
        ("Clearbrook Filter", "Squeeze Filter", "Purifying Tabs"),
        ("Water Filter", "Filter Cartridge"), (14, 89), ("Tarnwood",), ("Blue", "Sky", "Slate"),
    ),
    single(
        "Camping/Light", "headlamp",
        ("Glimmer 350", "Glimmer 600", "Trail Lamp 900", "Junior Lamp"),
        ("Headlamp", "Lamp 400"), (29, 119), ("Lumaro",), ("Orange", "Slate", "Teal", "Black"), 4,
        notes=(LIGHT,),
    ),
    single(
        "Camping/Light", "lantern", ("Porch Lantern", "Fold Lantern", "Candle Lantern"),
        ("Lantern", "Tent Light"), (19, 79), ("Lumaro", "Nightjar Camp"),
        ("Olive", "Copper", "Yellow", "Red"),
    ),
    single(
        "Camping/Furniture", "chair", ("Porch Chair", "Trail Stool", "Low Lounger"),
        ("Camp Chair", "Stool"), (39, 149), ("Nightjar Camp",), ("Rust", "Olive", "Blue", "Sand"),
    ),
    single(
        "Camping/Furniture", "hammock", ("Two-Tree Hammock", "Hammock Straps"),
        ("Hammock", "Tarp"), (29, 129), ("Nightjar Camp",), ("Teal", "Orange", "Plum"), 2,
    ),
    single(
        "Camping/Tools", "knife", ("Whittler", "Camp Knife", "Pocket Tool 9", "Folding Saw"),
        ("Knife", "Pocket Tool"), (24, 99), ("Alder & Wick",), ("Brown", "Red", "Tan", "Olive"), 4,
    ),
    single(
        "Camping/Tools", "compass", ("Bearing Compass", "Sighting Compass", "Whistle"),
        ("Compass",), (8, 69), ("Meridian Paper",), ("Red", "Slate", "Mustard"), 2,
    ),
    single(
        "Camping/Tools", "first-aid",
        ("Trail First Aid Kit", "Blister Kit", "Family First Aid Kit"),
        ("First Aid Kit",), (12, 59), ("Cairn & Keel",), ("Red", "Orange"), 3,
    ),
    single(
        "Hiking/Poles", "poles",
        ("Trail Pole Pair", "Carbon Z Pole", "Cork Grip Pole", "Junior Pole"),
        ("Pole Pair", "Folding Pole"), (49, 219), ("Northfell", "Kestrane"),
        ("Red", "Slate", "Teal", "Mustard"), 4,
    ),
    single(
        "Hiking/Poles", "pole-tips", ("Rubber Tips", "Snow Baskets", "Cork Grips"),
        ("Tips", "Baskets"), (6, 24), ("Northfell",), ("Black", "Slate"), 3,
    ),
    single(
        "Hiking/Traction", "gaiters", ("Trail Gaiter", "Snow Gaiter", "Ice Cleats"),
        ("Gaiter", "Cleats"), (29, 89), ("Northfell", "Fjellvind"), ("Black", "Slate", "Orange"),
    ),
    single(
        "Climbing/Ropes", "rope", ("Crag 9.8 60 m", "Crag 9.5 70 m", "Cord 6 mm", "Sling 120 cm"),
        ("Rope 9.6 60 m", "Cord"), (12, 329), ("Verrano",), ("Orange", "Teal", "Berry", "Blue"), 4,
        notes=("Safety equipment: cannot be returned once opened.",),
    ),
    single(
        "Climbing/Hardware", "carabiner", ("Snap Gate", "Screw Gate HMS", "Quickdraw 12 cm",
        "Belay Plate"), ("Carabiner", "Quickdraw"), (9, 49), ("Verrano",),
        ("Steel", "Blue", "Orange", "Berry"), 4,
    ),
    Line(
        "Climbing/Harnesses", "harness", ("Gully Harness",), ("Harness",), (69, 139), ("Verrano",),
        ("Slate", "Orange", "Teal"), ("S", "M", "L"), in_colours=1,
    ),
    single(
        "Care/Shoe care", "tin",
        ("Beeswax Balm", "Leather Grease", "Dubbin Dark", "Dubbin Neutral"),
        ("Shoe Wax", "Leather Balm"), (9, 19), ("Beeswain",), ("Mustard", "Brown", "Copper"), 4,
    ),
    single(
        "Care/Shoe care", "laces",
        ("Round Laces 120 cm", "Round Laces 150 cm", "Flat Laces 120 cm", "Trail Quick Laces"),
        ("Laces 140 cm", "Boot Laces"), (5, 14), ("Cairn & Keel", "Beeswain"),
        ("Red", "Black", "Mustard", "Teal"), 4,
    ),
    single(
        "Care/Shoe care", "brush", ("Suede Brush", "Boot Brush"), ("Brush",), (8, 19),
        ("Beeswain",), ("Tan", "Brown"), 2,
    ),
    Line(
        "Care/Insoles", "insole", ("Trail Insole", "Cork Insole"), ("Insole",), (29, 64),
        ("Veldhart", "Korvane"), ("Teal", "Orange", "Blue"), ("S", "M", "L", "XL"), in_colours=1,
    ),
    single(
        "Care/Wash and proof", "spray",
        ("Tech Wash 300 ml", "Proofing Spray 250 ml", "Down Wash 300 ml", "Wool Wash 300 ml"),
        ("Wash 300 ml", "Proofer 250 ml"), (12, 24), ("Beeswain",),
        ("Blue", "Sage", "Teal", "Slate"), 4,
    ),
    single(
        "Care/Repair", "patch", ("Repair Tape", "Seam Grip", "Zip Pull Set"),
        ("Repair Kit", "Patch Set"), (6, 22), ("Cairn & Keel", "Beeswain"),
        ("Orange", "Slate", "Olive"), 3,
    ),
    single(
        "Maps and books/Maps", "map",
        ("Trail Map: Mont Royal", "Trail Map: Laurentides", "Trail Map: Gaspésie",
        "Canoe Map: La Vérendrye", "Ski Map: Charlevoix"),
        ("Trail Map", "Canoe Map"), (12, 22), ("Meridian Paper",),
        ("Sage", "Sky", "Sand", "Rust"), 5,
    ),
    single(
        "Maps and books/Guidebooks", "book",
        ("Day Hikes of the Townships", "Trail Cooking", "The Patient Knot", "Field Guide: Birds"),
        ("Field Guide", "Trail Guide"), (18, 42), ("Meridian Paper",),
        ("Forest", "Rust", "Navy", "Mustard"), 4, tax_class=BOOKS,
    ),
    single(
        "Food/Bars and snacks", "bar",
        ("Trail Mix 150 g", "Oat Bar Maple", "Oat Bar Blueberry", "Nut Bar Salted", "Jerky 60 g"),
        ("Energy Bar", "Trail Mix"), (2, 9), ("Portage Provisions",),
        ("Berry", "Mustard", "Blue", "Rust"), 5, tax_class=FOOD,
    ),
    single(
        "Food/Meals", "meal",
        ("Chana Masala 2 Servings", "Mushroom Risotto", "Chili and Corn", "Apple Crumble"),
        ("Camp Meal", "Camp Breakfast"), (9, 17), ("Portage Provisions",),
        ("Orange", "Olive", "Red", "Teal"), 4, tax_class=FOOD,
    ),
    single(
        "Gifts", "gift-box", ("Gift Wrap", "Gift Wrap Large", "Gift Box Wool"),
        ("Gift Wrap", "Gift Set"), (3, 49), ("Cairn & Keel",), ("Forest", "Red", "Navy"), 2,
    ),
    single(
        "Gifts", "sticker", ("Cairn Sticker", "Keel Patch", "Postcard Set"),
        ("Sticker", "Pin"), (2, 9), ("Cairn & Keel",), ("Teal", "Rust", "Navy"), 3,
    ),
)  # fmt: skip

CHOSEN = {name for line in LINES for name in line.names}
SHOW_PIECES = {"Trail Runner GTX": ("Blue", "Orange", "Slate")}

# Sold once, in no colour, without stock.
SERVICES: tuple[tuple[str, str], ...] = (
    ("Boot fitting service", "45.00"),
    ("Heat-moulded insole fitting", "25.00"),
    ("Re-proofing, jacket", "30.00"),
    ("Zip repair", "22.00"),
    ("Boot resoling", "95.00"),
    ("Ski wax and edge", "39.00"),
)
SERVICE_LINE = Line(
    "Services", "service", (), (), (0, 0), ("Cairn & Keel",), ("Slate",),
    in_colours=1, tax_class=LABOUR, service=True,
)  # fmt: skip

# As a list this would be one word a line.
_LEADS = (  # noqa: SIM905
    "Alder Amber Anvil Arbour Ash Aspen Aurora Badger Barrow Basalt Beacon Birch Bittern "
    "Boulder Bracken Brant Breaker Briar Brook Burrow Butte Cedar Chough Cinder Clearing "
    "Cobble Col Copse Coral Cove Crag Crest Cricket Curlew Dale Delta Dipper Drift "
    "Driftwood Dune Dusk Eddy Egret Elder Elm Ember Esker Estuary Falcon Fen Fern Finch "
    "Fjord Flint Foxglove Gable Gale Gannet Glade Glen Gorse Granite Grove Gully Gyre Haven "
    "Hawthorn Hazel Headland Heath Heron Highland Hollow Horizon Ibis Inlet Islay Ivy "
    "Jackpine Jay Juniper Kelp Kestrel Kettle Kite Lagoon Larch Lark Latch Ledge Lichen "
    "Linden Loch Loon Lynx Maple Marlin Marsh Marten Meadow Merlin Mesa Midge Mistral "
    "Moraine Moss Nettle Nimbus Nook Nutmeg Oak Osprey Otter Outcrop Palisade Pebble "
    "Peregrine Petrel Pine Pinnacle Pipit Plover Polder Poplar Prairie Quarry Quartz Quill "
    "Rapids Raven Reed Ridge Rill Rook Rowan Sable Saddle Sandbar Scree Sedge Shale Shoal "
    "Sierra Skua Slate Sorrel Sparrow Spruce Squall Starling Stoat Strand Summit Swale "
    "Swift Tamarack Tarn Tern Thicket Thistle Thrush Tidal Timber Trail Traverse Tundra "
    "Upland Vale Verge Vista Wader Warbler Weir Whin Willow Windrow Wren Yarrow"
).split()
_EDITIONS = ("", "Pro", "Lite", "Plus", "Classic", "II", "III", "Tour", "Rapid", "Field")
_STEP = 7919  # prime to the number of names of every line, so that each is met once


def style_names(line: Line) -> Iterator[str]:
    """Never ends and never repeats a name."""
    yield from line.names
    per_edition = len(_LEADS) * len(line.nouns)
    total = per_edition * len(_EDITIONS)
    for index in count():
        volume, place = divmod(index, total)
        edition, place = divmod(place, per_edition)
        noun, lead = divmod(place * _STEP % per_edition, len(_LEADS))
        words = [_LEADS[lead], _EDITIONS[edition], line.nouns[noun]]
        if volume:
            words.append(f"No. {volume + 1}")
        name = " ".join(filter(None, words))
        if name not in CHOSEN:
            yield name


def shop_price(amount: float) -> Decimal:
    """The nearest price a shop would write on a label: 149.00, 64.95, 12.95, 3.50."""
    if amount >= 100:
        price = Decimal(round(amount / 10) * 10 - 1)
    elif amount >= 40:
        price = Decimal(round(amount / 5) * 5) - Decimal("0.05")
    elif amount >= 10:
        price = Decimal(round(amount)) - Decimal("0.05")
    else:
        price = Decimal(max(4, round(amount * 4))) / 4
    return price.quantize(CENT)


def styles(seed: int) -> Iterator[Style]:
    """Never ends. The first styles are the same whatever number is taken."""
    for number, (name, price) in enumerate(SERVICES):
        amount = Decimal(price)
        yield Style(
            number, SERVICE_LINE, name, "Cairn & Keel", amount, amount, Decimal("0.00"),
            ("Slate",), discontinued=False, note="",
        )  # fmt: skip
    named = [(line, style_names(line)) for line in LINES]
    shelf = [
        (line, names)
        for turn in range(max(line.share for line in LINES))
        for line, names in named
        if turn < line.share
    ]
    yield from (
        _style(number, line, next(names), random.Random(f"{seed}:{number}"))  # noqa: S311
        for number, (line, names) in enumerate(cycle(shelf), start=len(SERVICES))
    )


def _style(number: int, line: Line, name: str, dice: random.Random) -> Style:
    list_price = shop_price(dice.uniform(*line.price))
    reduced = dice.random() < 0.2
    price = shop_price(float(list_price) * dice.choice((0.7, 0.75, 0.8))) if reduced else list_price
    colours = SHOW_PIECES.get(name) or tuple(dice.sample(line.colours, line.in_colours))
    if line.in_colours == 1:
        # "Enamel Mug Blue" should look it.
        colours = tuple(c for c in COLOURS if c in name.split())[:1] or colours
    return Style(
        number=number,
        line=line,
        name=name,
        brand=dice.choice(line.brands),
        price=price,
        list_price=list_price,
        cost=(list_price * dice.randrange(42, 56) / 100).quantize(CENT),
        colours=colours,
        discontinued=name not in CHOSEN and dice.random() < 0.06,
        note=dice.choice(line.notes) if line.notes and dice.random() < 0.5 else "",
    )
