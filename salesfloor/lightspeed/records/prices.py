"""What a price is made of: levels, discounts and taxes."""

from decimal import Decimal

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.wire import (
    WIRE,
    Flag,
    Id,
    Many,
    MaybeMoment,
    Number,
    One,
    Record,
    Text,
)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class PriceLevel(Record):
    """1 is `Default`, 2 `MSRP`, others are the merchant's own."""

    price_level_id: Id
    name: Text
    archived: Flag = False
    can_be_archived: Flag = False
    type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemPrice(Record):
    """The price at one price level, whose id and name are the use type's."""

    amount: Number
    use_type_id: Id = 0
    use_type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Discount(Record):
    """Takes off an amount of money or a fraction, never both."""

    discount_id: Id
    name: Text
    discount_amount: Number
    discount_percent: Number
    require_customer: Flag
    archived: Flag
    source_id: Id = 0
    create_time: MaybeMoment = None
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class TaxClass(Record):
    tax_class_id: Id
    name: Text
    class_type: Text = ""
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class TaxCategoryClass(Record):
    """The rates, as fractions, that a tax category has for one tax class instead of its own."""

    tax_category_class_id: Id
    tax1_rate: Number
    tax2_rate: Number
    tax_category_id: Id
    tax_class_id: Id
    time_stamp: MaybeMoment = None
    tax_class: One[TaxClass] = Field(default=None, validation_alias="TaxClass")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class TaxCategory(Record):
    """What Lightspeed's screens call a sales tax. Rates are fractions: 0.05 is 5 %."""

    tax_category_id: Id
    is_tax_inclusive: Flag
    tax1_name: Text
    tax2_name: Text
    tax1_rate: Number
    tax2_rate: Number
    time_stamp: MaybeMoment = None
    tax_category_classes: Many[TaxCategoryClass] = Field(
        default=(), validation_alias="TaxCategoryClasses"
    )

    def rates_for(self, tax_class_id: int) -> tuple[Decimal, Decimal]:
        """Both rates for items of this tax class. Needs `tax_category_classes` to be loaded."""
        for override in self.tax_category_classes:
            if override.tax_class_id == tax_class_id:
                return override.tax1_rate, override.tax2_rate
        return self.tax1_rate, self.tax2_rate
