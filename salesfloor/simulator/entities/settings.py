"""What an account is set to (reference 6.24)."""

from ..description import AT_THE_TILL, Entity, decimal, flag, key, number, text

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "Option",
        (key("optionID", hidden=True), text("name"), text("value")),
        methods="GET",
        read=AT_THE_TILL,
        attributes=False,
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
        methods="GET",
        read=AT_THE_TILL,
        attributes=False,
    ),
)
