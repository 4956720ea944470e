"""The demo shop's customers and what they bought: contacts, accounts, gift cards, past sales."""

import math
import random
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from salesfloor.simulator.assortment import BOOKS, CENT, FOOD
from salesfloor.simulator.stockroom import TAG_IDS, Record, Ware, stamp

CUSTOMERS = 300
RECENT_DAYS, RECENT_SALES = 60, 420
EARLIER_DAYS, EARLIER_SALES = 300, 480

GST, QST = Decimal("0.05"), Decimal("0.09975")
CITY_TAX, NO_TAX = 1, 2
# (rate 1, rate 2) by tax category and, where it differs, tax class.
RATES = {
    (CITY_TAX, 0): (GST, QST),
    (CITY_TAX, FOOD): (Decimal(0), Decimal(0)),
    (CITY_TAX, BOOKS): (GST, Decimal(0)),
    (NO_TAX, 0): (Decimal(0), Decimal(0)),
}

CASH, CHEQUE, CARD, ON_ACCOUNT, GIFT_CARD, DEBIT = range(1, 7)
MEMBER, STAFF, CLUB = 1, 2, 3  # customer types
CLUB_TAG = len(TAG_IDS) + 1
FRIENDS, STAFF_DISCOUNT, DAMAGED, MEMBER_DISCOUNT, SEASON = 1, 2, 3, 4, 5
PERCENT_OFF = {
    FRIENDS: Decimal("0.1"),
    STAFF_DISCOUNT: Decimal("0.3"),
    MEMBER_DISCOUNT: Decimal("0.05"),
    SEASON: Decimal("0.25"),
}
TYPE_DISCOUNTS = {MEMBER: MEMBER_DISCOUNT, STAFF: STAFF_DISCOUNT}
REGISTERS = {1: (1, 2, 3), 2: (4, 5, 6)}
# By employee, the shops where they sell.
SELLERS = {2: (1,), 3: (1, 2), 4: (1,), 5: (2,), 6: (2,), 8: (1, 2)}

# What the shop is known for, by how much more often it is sold than the rest.
FAVOURITES = {
    "Trail Runner GTX": 60,
    "Trail Runner GTX W": 45,
    "Wool sock": 70,
    "Brook Bottle 750 ml": 40,
    "Trail Mix 150 g": 45,
    "Oat Bar Maple": 30,
    "Beeswax Balm": 25,
    "Ridgeback Mid": 22,
    "Squall Shell": 18,
    "Trail Pack 22": 22,
    "Gift Wrap": 30,
    "Fisherman Beanie": 20,
    "Boot fitting service": 15,
    "Trail Map: Mont Royal": 15,
    "Gas 230 g": 15,
    "Trail Crew": 25,
}

FIRST_NAMES = tuple(
    """
    Adèle Aiden Alice Amara Amélie André Anika Antoine Arjun Béatrice Benoît Bianca Bruno Camille
    Carlos Cassidy Cécile Chantal Chiara Claude Damien Daniel Delphine Dmitri Eleanor Elias Élodie
    Emeka Émile Esther Étienne Farah Félix Fiona Florence Gabriel Geneviève Gordon Grace Guillaume
    Hana Harriet Hélène Henri Hugo Imogen Inès Isaac Jade Jérôme Joanna Josée Julien Karim Katrin
    Keiko Laurence Leila Liam Lionel Louise Luc Lucía Malik Manon Marcel Margot Mathieu Mei Mireille
    Nadia Naomi Nathan Nico Noémie Olivier Oscar Owen Pascale Patrick Paula Rachel Rafael Rémi Rosa
    Sabine Samir Simone Solène Stéphane Sylvie Tariq Théo Ursula Valérie Victor Wanda Xavier Yasmin
    Yves Zoé
    """.split()  # noqa: SIM905
)
LAST_NAMES = tuple(
    """
    Abernathy Achard Baptiste Beaulieu Bélanger Bernier Bouchard Brisebois Carrier Chen Clément
    Cormier Côté Dagenais Delorme Desjardins Dubé Duchesne Falardeau Ferreira Fontaine Fraser
    Gagnon Gauthier Giroux Goldberg Grenier Haddad Hamelin Hashimoto Hébert Huang Ibrahim Jarry
    Kaczmarek Kowalski Labelle Lachance Lafleur Laliberté Lamontagne Langlois Lapointe Larivière
    Lavoie Leblanc Lefebvre Létourneau MacKenzie Mansour Marchetti Martel McAllister Mercier
    Moreau Nadeau Ndiaye Nguyen O'Brien Okafor Ouellet Papadakis Paquette Patel Pelletier Perron
    Picard Poirier Provost Quesnel Rahman Renaud Robillard Rousseau Sauvé Schmidt Simard Sinclair
    St-Pierre Tessier Thibault Tran Tremblay Turcotte Vaillancourt Vasquez Veilleux Wójcik Young
    """.split()  # noqa: SIM905
)
STREETS = (
    "Rue de l'Ancre",
    "Harbour Street",
    "Avenue des Érables",
    "Rue du Moulin",
    "Lockkeeper Lane",
    "Rue Basse",
    "Chemin du Phare",
    "Ropewalk",
    "Avenue du Verger",
    "Rue des Tanneurs",
)
CUSTOMER_NOTES = (
    "Wide feet, wears 10.5 in most boots.",
    "Prefers to be written to, not phoned.",
    "Training for a first ultra in September.",
    "Left foot half a size larger.",
    "Allergic to lanolin: no wool.",
    "Asks for the receipt by e-mail.",
)
CLUBS = ("Rive Nord Hiking Club", "Canal Runners", "Scouts 14th Group", "Lycée du Parc")


def customers(seed: int, opened: datetime, today: datetime) -> Iterator[tuple[str, Record]]:
    dice = random.Random(f"{seed}/customers")  # noqa: S311
    pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    credit_account_id = 0
    yield "Tag", {"tagID": CLUB_TAG, "name": "club"}
    for customer_id, (first, last) in enumerate(dice.sample(pairs, CUSTOMERS), 1):
        created = opened + (today - opened) * (customer_id / CUSTOMERS) * 0.98
        changed = stamp(created + (today - created) * dice.random())
        kind = dice.choices((0, MEMBER, STAFF, CLUB), (70, 24, 2, 4))[0]
        has_account = kind == CLUB or dice.random() < 0.12
        credit_account_id += has_account
        name = f"{first} {last}"
        record: Record = {
            "customerID": customer_id,
            "firstName": first,
            "lastName": last,
            "company": dice.choice(CLUBS) if kind == CLUB else "",
            "createTime": stamp(created),
            "timeStamp": changed,
            "customerTypeID": kind,
            "discountID": FRIENDS if not kind and dice.random() < 0.06 else 0,
            "taxCategoryID": NO_TAX if dice.random() < 0.015 else 0,
            "creditAccountID": credit_account_id if has_account else 0,
            "archived": dice.random() < 0.02,
            "Contact": _contact(customer_id, first, last, changed, dice),
        }
        if dice.random() < 0.3:
            record["dob"] = stamp(
                datetime(1946 + dice.randrange(60), 1 + dice.randrange(12), 3, tzinfo=UTC)
            )
        if dice.random() < 0.2:
            note = {"note": dice.choice(CUSTOMER_NOTES), "isPublic": False, "timeStamp": changed}
            record["Note"] = note
        yield "Customer", record
        if kind == CLUB:
            yield "TagRelation", {"tagID": CLUB_TAG, "customerID": customer_id}
        if has_account:
            # In store credit (negative), owing, or even; clubs buy on account.
            balance = dice.choice((0, "-25", "-62.38", "48.29", "-10.5", "181.66"))
            yield (
                "CreditAccount",
                {
                    "creditAccountID": credit_account_id,
                    "name": name,
                    "customerID": customer_id,
                    "creditLimit": Decimal(500 if kind == CLUB else 200),
                    "balance": Decimal(balance),
                    "timeStamp": changed,
                },
            )
    for card in range(24):
        credit_account_id += 1
        loaded = dice.choice((25, 50, 50, 100, 150))
        spent = dice.choice((Decimal(0), Decimal(0), Decimal("11.49"), Decimal(loaded)))
        yield (
            "CreditAccount",
            {
                "creditAccountID": credit_account_id,
                "name": "Gift Card",
                "description": "Gift Card",
                "code": f"9000{card * 7_654_321 % 10**8:08d}",
                "giftCard": True,
                "balance": spent - loaded,
                "timeStamp": stamp(today - timedelta(days=dice.randrange(300))),
            },
        )


def _contact(customer_id: int, first: str, last: str, changed: str, dice: random.Random) -> Record:
    # 555-0100 to 555-0199 and example.com belong to nobody.
    area = ("514", "438", "450")[customer_id % 3]
    phones = [{"number": f"{area}555{100 + (customer_id - 1) // 3:04d}", "useType": "Mobile"}]
    if dice.random() < 0.15:
        phones.append({"number": f"{area}555{100 + dice.randrange(100):04d}", "useType": "Home"})
    contact: Record = {
        "noEmail": dice.random() < 0.3,
        "noPhone": dice.random() < 0.5,
        "noMail": True,
        "timeStamp": changed,
        "Phones": {"ContactPhone": phones},
        "Addresses": {
            "ContactAddress": [
                {
                    "address1": f"{dice.randrange(2, 980)} {dice.choice(STREETS)}",
                    "city": dice.choice(("Montréal", "Montréal", "Longueuil", "Laval")),
                    "state": "Québec",
                    "stateCode": "QC",
                    "zip": f"H{dice.randrange(1, 9)}{dice.choice('ABCGHJK')}"
                    f" {dice.randrange(1, 9)}{dice.choice('LMNPRST')}{dice.randrange(1, 9)}",
                    "country": "Canada",
                    "countryCode": "CA",
                }
            ]
        },
    }
    if dice.random() < 0.85:
        plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower())
        mailbox = "".join(c for c in plain if c.isascii() and c != "'")
        emails = [{"address": f"{mailbox}{customer_id}@example.com", "useType": "Primary"}]
        contact["Emails"] = {"ContactEmail": emails}
    return contact


def sales(
    seed: int, wares: Sequence[Ware], people: Sequence[Record], today: datetime
) -> Iterator[tuple[str, Record]]:
    """Completed sales, the oldest first; the store works out what their lines come to."""
    dice = random.Random(f"{seed}/sales")  # noqa: S311
    on_sale = [ware for ware in wares if not ware.archived]
    popularity = list(accumulate(_popularity(on_sale)))
    returnable: list[tuple[Record, Record]] = []
    line_id = 0
    for sale_id, completed in enumerate(_moments(today, dice), 1):
        employee, shops = dice.choice(list(SELLERS.items()))
        shop = dice.choice(shops)
        customer = dice.choice(people) if dice.random() < 0.55 else {}
        tax_category = NO_TAX if customer.get("taxCategoryID") else CITY_TAX
        sale: Record = {
            "saleID": sale_id,
            "completed": True,
            "enablePromotions": True,
            "createTime": stamp(completed - timedelta(seconds=dice.randrange(60, 700))),
            "completeTime": stamp(completed),
            "timeStamp": stamp(completed),
            "updateTime": stamp(completed),
            "customerID": customer.get("customerID", 0),
            "employeeID": employee,
            "shopID": shop,
            "registerID": dice.choice(REGISTERS[shop]),
            "taxCategoryID": tax_category,
            "tax1Rate": RATES[tax_category, 0][0],
            "tax2Rate": RATES[tax_category, 0][1],
        }
        if len(returnable) > 40 and dice.random() < 0.03:
            bought_at, bought = returnable.pop(dice.randrange(len(returnable)))
            sale |= {k: bought_at[k] for k in ("customerID", "taxCategoryID")}
            sale |= {k: bought_at[k] for k in ("tax1Rate", "tax2Rate")}
            back = {"unitQuantity": -_number(bought, "unitQuantity")}
            lines = [bought | back | {"parentSaleLineID": bought["saleLineID"]}]
        else:
            kind = customer.get("customerTypeID")
            discount = TYPE_DISCOUNTS.get(kind, 0) if isinstance(kind, int) else 0
            chosen = dice.choices(
                on_sale,
                cum_weights=popularity,
                k=dice.choices((1, 2, 3, 4, 5), (45, 28, 15, 8, 4))[0],
            )
            lines = [_line(ware, discount, tax_category, dice) for ware in dict.fromkeys(chosen)]
        for line in lines:
            line_id += 1
            line |= {"saleLineID": line_id, "employeeID": employee, "shopID": shop}
            line |= {"createTime": sale["createTime"], "timeStamp": stamp(completed)}
            if "discountID" not in line and "parentSaleLineID" not in line:
                returnable.append((sale, line))
        payments, change = _payments(total(lines), dice)
        for payment in payments:
            payment |= {"employeeID": employee, "registerID": sale["registerID"]}
            payment |= {"createTime": stamp(completed), "timeStamp": stamp(completed)}
        sale |= {
            "change": change,
            "SaleLines": {"SaleLine": lines},
            "SalePayments": {"SalePayment": payments},
        }
        yield "Sale", sale


def total(lines: Sequence[Record]) -> Decimal:
    """What Lightspeed makes of the lines: each tax is rounded once, over the whole sale."""
    net = tax1 = tax2 = Decimal(0)
    for line in lines:
        gross = _number(line, "unitQuantity") * _number(line, "unitPrice")
        off = _cents(gross * _number(line, "discountPercent")) + _number(line, "discountAmount")
        net += gross - off
        tax1 += (gross - off) * _number(line, "tax1Rate")
        tax2 += (gross - off) * _number(line, "tax2Rate")
    return net + _cents(tax1) + _cents(tax2)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _number(record: Record, name: str) -> Decimal:
    return Decimal(str(record.get(name, 0)))


def _popularity(wares: Sequence[Ware]) -> Iterator[float]:
    variants: dict[int, int] = {}
    for ware in wares:
        variants[ware.style.number] = variants.get(ware.style.number, 0) + 1
    for ware in wares:
        yield FAVOURITES.get(ware.style.name, 1) / variants[ware.style.number]


def _moments(today: datetime, dice: random.Random) -> list[datetime]:
    """In opening hours, ten in the morning to half past six in Montréal."""
    days = [dice.randrange(RECENT_DAYS) for _ in range(RECENT_SALES)]
    days += [RECENT_DAYS + dice.randrange(EARLIER_DAYS) for _ in range(EARLIER_SALES)]
    opening = today.replace(hour=14, minute=0, second=0)
    return sorted(
        opening - timedelta(days=day) + timedelta(seconds=dice.randrange(30_000)) for day in days
    )


def _line(ware: Ware, discount: int, tax_category: int, dice: random.Random) -> Record:
    style = ware.style
    tax_class = style.line.tax_class
    tax1, tax2 = RATES.get((tax_category, tax_class), RATES[tax_category, 0])
    line: Record = {
        "itemID": ware.item_id,
        "unitQuantity": dice.choice((1, 1, 1, 2, 3)) if style.price < 30 else 1,
        "unitPrice": style.price,
        "avgCost": style.cost,
        "fifoCost": style.cost,
        "taxClassID": tax_class,
        "tax1Rate": tax1,
        "tax2Rate": tax2,
    }
    if not discount and dice.random() < 0.05:
        discount = dice.choice((FRIENDS, SEASON, DAMAGED if style.price > 30 else FRIENDS))
    if discount == DAMAGED:
        line |= {"discountID": DAMAGED, "discountAmount": Decimal(5)}
    elif discount:
        line |= {"discountID": discount, "discountPercent": PERCENT_OFF[discount]}
    return line


def _payments(due: Decimal, dice: random.Random) -> tuple[list[Record], Decimal]:
    """With the change. A cash payment is recorded without what was handed back."""
    way = dice.choices((CARD, DEBIT, CASH), (52, 26, 22))[0]
    if due > 60 and dice.random() < 0.05:
        cash = Decimal(dice.choice((20, 50)))
        return [
            {"paymentTypeID": CASH, "amount": cash},
            {"paymentTypeID": CARD, "amount": due - cash},
        ], Decimal(0)
    change = Decimal(0)
    if way == CASH and due > 0:
        note = next((n for n in (5, 10, 20, 50) if due <= n), 100)
        change = math.ceil(due / note) * note - due
    return [{"paymentTypeID": way, "amount": due}], change
