"""What a rep's browser may say; everything else about a sale the server knows itself."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesfloor.money import AmbiguousMoney, NotMoney, parse_money
from salesfloor.sales.models import LONGEST_SERIAL
from salesfloor.terminals.card_numbers import has_card_number

# How the numbers of payment cards begin; those of gift cards may carry a check digit as well.
_OF_PAYMENT_CARDS = re.compile("4|5[1-5]|2[2-7]|3[47]|6011|62|64|65")
# Longer than any barcode; a longer text came from a wrong field.
LONGEST_CODE = 100


def refuse_payment_card(code: str) -> str:
    """The code, if it is none of a payment card. Others may carry the same check digit: gift cards,
    phones."""
    if _OF_PAYMENT_CARDS.match(code) and has_card_number(code):
        raise forms.ValidationError(
            _("That looks like the number of a payment card. It was not kept or sent anywhere.")
        )
    return code


class MoneyField(forms.CharField):
    """An amount as people type it, with a comma or a point."""

    default_error_messages = {
        "ambiguous": _("Is that thousands or cents? Nothing was taken: type it with two decimals."),
        "not_money": _("That is not an amount of money. Nothing was taken."),
    }

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return parse_money(text)
        except AmbiguousMoney:
            raise forms.ValidationError(self.error_messages["ambiguous"]) from None
        except NotMoney:
            raise forms.ValidationError(self.error_messages["not_money"]) from None


class CardCodeField(forms.RegexField):
    """The number of a gift card, as it is typed or scanned."""

    def __init__(self, **options: Any) -> None:
        told = _("A gift card's number has 8 to 32 letters and digits. Nothing was charged.")
        errors = {"invalid": told, "required": told}
        super().__init__(r"^[A-Za-z0-9-]{8,32}$", error_messages=errors, **options)

    def clean(self, value: str | None) -> str:
        code: str = super().clean("".join((value or "").split()))
        return refuse_payment_card(code)


class AddForm(forms.Form):
    item = forms.IntegerField(min_value=1)


class ScanForm(forms.Form):
    """`item` is what was chosen, where the code may mean several."""

    code = forms.CharField(
        max_length=LONGEST_CODE,
        error_messages={
            "required": _("There is no code. Nothing was added."),
            "max_length": _("That is too long for a code. Nothing was added."),
        },
    )
    item = forms.IntegerField(min_value=1, required=False)
    action_id = forms.UUIDField()


class CartWaitsForm(forms.Form):
    """`waiting` is the payment whose end the cart waits for."""

    waiting = forms.IntegerField(min_value=1)


class CartVersionForm(forms.Form):
    version = forms.IntegerField(min_value=1)


class CartForm(CartVersionForm):
    """A change of the cart names the version that was seen, and itself, to be made only once."""

    action_id = forms.UUIDField()


class CustomerForm(forms.Form):
    customer = forms.IntegerField(min_value=1)
    action_id = forms.UUIDField()


class QuantityForm(CartForm):
    unit_quantity = forms.IntegerField(
        error_messages={"invalid": _("That is not a quantity. Nothing was changed.")}
    )


class VariantForm(CartForm):
    item = forms.IntegerField(min_value=1)


class SerialForm(CartForm):
    """As typed, or `known` of those that Lightspeed has. Neither: it is asked again."""

    serial = forms.CharField(max_length=LONGEST_SERIAL, required=False)
    known = forms.CharField(max_length=LONGEST_SERIAL, required=False)
    has_none = forms.BooleanField(required=False)

    def clean_serial(self) -> str:
        return refuse_payment_card(self.cleaned_data["serial"])


class PayForm(CartForm):
    """`expected_total` is what was due by the screen: below zero where money goes back."""

    expected_total = forms.DecimalField(max_digits=12, decimal_places=2)


class CashForm(PayForm):
    amount_tendered = MoneyField(
        error_messages={"required": _("How much cash was handed over? Nothing was taken.")}
    )


class PayBackForm(PayForm):
    way = forms.CharField(max_length=40)  # the key of a refunds.Way


class PaymentForm(PayForm):
    """Of what is due, the whole or a part, in the way of a payment type."""

    payment_type = forms.IntegerField(min_value=1)
    amount = MoneyField(required=False)


class CardCodeForm(forms.Form):
    code = CardCodeField()


class PayWithCardForm(PayForm):
    """`card` is a sealed stored_value.Credit."""

    card = forms.CharField()
    amount = MoneyField()


class PayFromAccountForm(PayForm):
    amount = MoneyField()
    may_owe = forms.BooleanField(required=False)


class LoadForm(forms.Form):
    action_id = forms.UUIDField()
    amount = MoneyField(
        error_messages={"required": _("How much is to be put on it? Nothing was changed.")}
    )


class LoadCardForm(LoadForm):
    """`card` is one that was looked up, `code` the number of a new one; one with a number of its
    own where neither is told."""

    card = forms.CharField(required=False)
    code = CardCodeField(required=False)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("approved", "approved"), ("declined", "declined")])
    card_brand = forms.CharField(max_length=32, required=False)
    card_last4 = forms.RegexField(
        r"^[0-9]{4}$",
        required=False,
        error_messages={"invalid": _("Only the last four digits of the card, or none of them.")},
    )


class ShipToForm(CartForm):
    """A person or a company, and where they are. `country_code` has two letters."""

    first_name = forms.CharField(max_length=100, required=False, label=_("First name"))
    last_name = forms.CharField(max_length=100, required=False, label=_("Last name"))
    company = forms.CharField(max_length=100, required=False, label=_("Company"))
    address1 = forms.CharField(
        max_length=200,
        label=_("Address"),
        error_messages={"required": _("The street and number are missing.")},
    )
    address2 = forms.CharField(max_length=200, required=False, label=_("Address, second line"))
    city = forms.CharField(
        max_length=100, label=_("City"), error_messages={"required": _("The city is missing.")}
    )
    state = forms.CharField(max_length=100, required=False, label=_("Province or state"))
    zip = forms.CharField(max_length=20, required=False, label=_("Postal code"))
    country_code = forms.RegexField(
        r"^[A-Za-z]{2}$",
        max_length=2,
        required=False,
        label=_("Country, in two letters"),
        error_messages={"invalid": _("Two letters, such as CA or US.")},
    )
    phone = forms.CharField(max_length=40, required=False, label=_("Phone"))
    ship_note = forms.CharField(max_length=255, required=False, label=_("Note for the parcel"))

    def clean_country_code(self) -> str:
        return str(self.cleaned_data["country_code"]).upper()

    def clean(self) -> None:
        named = [self.cleaned_data.get(name) for name in ("first_name", "last_name", "company")]
        if not any(named):
            self.add_error("last_name", _("To whom? Type a name or a company."))

    @property
    def address(self) -> dict[str, str]:
        told = self.cleaned_data
        return {name: told[name] for name in told if name not in ("version", "action_id")}
