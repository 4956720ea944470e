"""What an account is set to (reference 6.24)."""

from ..description import (
    AT_THE_TILL,
    Embedded,
    Entity,
    changed,
    created,
    decimal,
    flag,
    key,
    number,
    ref,
    rights,
    text,
)

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "Option",
        (key("optionID", hidden=True), text("name"), text("value")),
        methods="GET",
        read=AT_THE_TILL,
        attributes=False,
        listed_only=True,
    ),
    Entity(
        "Locale",
        (
            key("localeID", hidden=True),
            text("name"),
            text("country"),
            text("countryCode"),
            text("currencySymbol"),
            text("currencyCode"),
            number("currencyPrecision", default=2),
            decimal("cashRoundingPrecision"),
            flag("includeTaxOnLabels"),
            text("languageTag"),
            text("dateFormat"),
            text("datetimeFormat"),
            text("taxName1"),
            text("taxName2"),
        ),
        (
            # No source shows what these look like inside; a choice.
            Embedded("states", "state", (text("code"),), always=True, when_empty=""),
            Embedded(
                "CurrencyDenominations",
                "CurrencyDenomination",
                (decimal("value"),),
                always=True,
                when_empty="",
            ),
        ),
        methods="GET",
        read=AT_THE_TILL,
        attributes=False,
        listed_only=True,
    ),
    Entity(
        "CurrencyRate",
        (
            key("currencyRateID"),
            text("currencyCode"),
            decimal("rate", "U"),
            created(),
            changed(),
        ),
        methods="GET PUT",
        change=rights("admin"),
    ),
    Entity(
        "Industry",
        (key("industryID"), text("name"), flag("enabled", "U"), ref("catalogIndustryID")),
        methods="GET PUT",
        change=rights("admin"),
    ),
)
