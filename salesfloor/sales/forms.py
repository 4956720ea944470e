"""What a rep's browser may say; everything else about a sale the server knows itself."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from salesfloor.money import AmbiguousMoney, NotMoney, parse_money

# Longer than any barcode; a longer text came from a wrong field.
LONGEST_CODE = 100


class MoneyField(forms.CharField):
    """An amount as people type it, with a comma or a point."""

    def clean(self, value: str) -> Decimal:
        try:
            return parse_money(super().clean(value))
        except AmbiguousMoney:
            raise forms.ValidationError(
                _("Is that thousands or cents? Nothing was taken: type it with two decimals.")
            ) from None
        except NotMoney:
            raise forms.ValidationError(
                _("That is not an amount of money. Nothing was taken.")
            ) from None


class AddForm(forms.Form):
    item = forms.IntegerField(min_value=1)


class ScanForm(forms.Form):
    code = forms.CharField(max_length=LONGEST_CODE)
    action_id = forms.UUIDField()


class CartForm(forms.Form):
    """A change of the cart names the version that was seen, and itself, to be made only once."""

    version = forms.IntegerField(min_value=1)
    action_id = forms.UUIDField()


class QuantityForm(CartForm):
    unit_quantity = forms.IntegerField(
        error_messages={"invalid": _("That is not a quantity. Nothing was changed.")}
    )


class PayForm(CartForm):
    expected_total = forms.DecimalField(max_digits=12, decimal_places=2)


class CashForm(PayForm):
    amount_tendered = MoneyField(
        error_messages={"required": _("How much cash was handed over? Nothing was taken.")}
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("approved", "approved"), ("declined", "declined")])
