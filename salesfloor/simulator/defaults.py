"""What a new Canadian account has before anybody puts in an item: its settings and statuses."""

from collections.abc import Iterator, Mapping
from typing import Any

from .description import words

# (name, sort order, what the system takes it for)
WORKORDER_STATUSES = (
    ("Open", 1, "open"),
    ("Waiting", 2, "waiting"),
    ("Estimate", 3, "estimate"),
    ("Finished", 65000, "finished"),
    ("Done & Paid", 65001, "paid"),
)
# On is 1, off is empty.
OPTIONS = {
    "locale": "CA",
    "currency_code": "CAD",
    "tax_pricing": "",
    "date_format": "Y-m-d",
    "cost_method": "average",
    "require_pin_before_each_sale": "",
    "no_discounts_on_labor": "",
    "require_customer_for_serialized_sales": "",
    "disable_giftcard_refunds": "",
    "disable_credit_refunds": "",
    "no_original_receipt_refund_to_credit_account_only": "",
    "disable_inventory_warnings": "",
    "disable_email": "",
    "email_reply_to": "",
    "disable_receipt_auto_print": "",
    "payments_settings_opencashdrawer": "1",
}
LOCALE = {
    "name": "Canada",
    "country": "Canada",
    "countryCode": "CA",
    "currencySymbol": "$",
    "currencyCode": "CAD",
    "languageTag": "en-CA",
    "dateFormat": "Y-m-d",
    "datetimeFormat": "Y-m-d H:i",
    "taxName1": "GST",
    "taxName2": "PST",
}
STATES = words("AB BC MB NB NL NS NT NU ON PE QC SK YT")
DENOMINATIONS = words("0.05 0.1 0.25 1 2 5 10 20 50 100")
# (name, number in Lightspeed's own catalogue)
INDUSTRIES = (
    ("Bicycles", 1),
    ("Skateboards", 2),
    ("Off Road Motor", 3),
    ("Motorcycles", 4),
    ("Swim", 6),
    ("Golf", 8),
    ("Pet", 10),
    ("Bicycles Canada", 12),
)


def records(
    options: Mapping[str, str], locale: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """`options` and `locale`: what is set otherwise here."""
    for number, (name, order, value) in enumerate(WORKORDER_STATUSES, 1):
        status = {"workorderStatusID": number, "name": name, "sortOrder": order}
        yield "WorkorderStatus", {**status, "systemValue": value}
    for name, value in {**OPTIONS, **options}.items():
        yield "Option", {"name": name, "value": value}
    yield (
        "Locale",
        {
            **LOCALE,
            **locale,
            "states": {"state": [{"code": code} for code in STATES]},
            "CurrencyDenominations": {
                "CurrencyDenomination": [{"value": value} for value in DENOMINATIONS]
            },
        },
    )
    for number, (name, catalogue_number) in enumerate(INDUSTRIES, 1):
        industry = {"industryID": number, "name": name}
        yield "Industry", {**industry, "catalogIndustryID": catalogue_number}
    yield "CurrencyRate", {"currencyRateID": 1, "currencyCode": "USD", "rate": "1.37"}
