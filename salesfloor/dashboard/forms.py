"""What managers say when they see to something; nobody settles money without a word."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog.models import InStoreBarcodes
from salesfloor.sales.forms import MoneyField
from salesfloor.staff.models import Leave

# More sales than these nobody writes into Lightspeed by hand, if it comes to that.
MOST_SALES = 500


def _digits(least: int, most: int) -> list[tuple[int, str]]:
    return [(count, str(count)) for count in range(least, most + 1)]


class NoteForm(forms.Form):
    """`confirmed` is the box beside the words of what cannot be undone."""

    note = forms.CharField(
        max_length=500, error_messages={"required": _("Say what you did. Nothing was changed.")}
    )
    confirmed = forms.BooleanField(
        error_messages={"required": _("Tick the box to confirm. Nothing was changed.")}
    )


class SettleForm(forms.Form):
    """Where the sale is now in Lightspeed, or what else became of the money; one of the two."""

    ticket_number = forms.CharField(max_length=32, required=False)
    note = forms.CharField(max_length=500, required=False)
    confirmed = forms.BooleanField(
        error_messages={"required": _("Tick the box to confirm. Nothing was changed.")}
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        if not (told.get("ticket_number") or told.get("note")):
            raise forms.ValidationError(
                _("Give the ticket number, or say what was done. Nothing was changed.")
            )
        return told


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("approved", "approved"), ("declined", "declined")])


class LimitField(MoneyField):
    default_error_messages = {
        "required": _("Say how much. Nothing was changed."),
        "ambiguous": _("Is that thousands or cents? Nothing was changed: give two decimals."),
        "not_money": _("That is not an amount of money. Nothing was changed."),
    }


class InStoreBarcodesForm(forms.Form):
    """How the shop's own labels are made: the columns of `InStoreBarcodes`."""

    holds = forms.ChoiceField(choices=InStoreBarcodes.Holds.choices, required=False)
    item_digits = forms.TypedChoiceField(choices=_digits(4, 6), coerce=int)
    value_digits = forms.TypedChoiceField(choices=_digits(4, 6), coerce=int)
    checks_value = forms.BooleanField(required=False)
    decimals = forms.TypedChoiceField(choices=_digits(0, 4), coerce=int)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = self.cleaned_data
        if self.errors:
            raise forms.ValidationError(_("That is no way to make a label. Nothing was changed."))
        left = 10 - said["item_digits"] - said["value_digits"]
        if left not in (0, 1):
            raise forms.ValidationError(
                _(
                    "The item's number and the value have ten digits together, or nine where one "
                    "stands between them. Nothing was changed."
                )
            )
        if said["checks_value"] and not (left and said["value_digits"] in (4, 5)):
            raise forms.ValidationError(
                _(
                    "A digit that checks the value stands between the two: then they have nine "
                    "digits together, four or five of them the value's. Nothing was changed."
                )
            )
        return said

    def save(self, labels: InStoreBarcodes) -> None:
        for name, value in self.cleaned_data.items():
            setattr(labels, name, value)
        labels.save()


class LeaveForm(forms.Form):
    """How long reps may sell without Lightspeed, and how much."""

    class Lasts(models.TextChoices):
        HOUR = "hour", _("1 hour")
        FOUR_HOURS = "four_hours", _("4 hours")
        DAY = "day", _("Until the end of the day")

    lasts = forms.ChoiceField(
        choices=Lasts.choices,
        error_messages={"required": _("Say for how long. Nothing was changed.")},
    )
    a_sale = LimitField()
    sales = forms.IntegerField(
        min_value=1,
        max_value=MOST_SALES,
        error_messages={
            "required": _("Say how many sales. Nothing was changed."),
            "invalid": _("That is not a number of sales. Nothing was changed."),
            "min_value": _("At least one sale. Nothing was changed."),
            "max_value": _("At most %(limit_value)s sales. Nothing was changed."),
        },
    )
    together = LimitField()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = self.cleaned_data
        if not self.errors and not 0 < said["a_sale"] <= said["together"]:
            raise forms.ValidationError(
                _("All sales together cannot be less than one. Nothing was changed.")
            )
        return said

    def leave(self, now: datetime) -> Leave:
        """From now on. A day ends at midnight in the manager's shop."""
        said = self.cleaned_data
        tomorrow = timezone.localdate(now) + timedelta(days=1)
        until = {
            self.Lasts.HOUR: now + timedelta(hours=1),
            self.Lasts.FOUR_HOURS: now + timedelta(hours=4),
            self.Lasts.DAY: timezone.make_aware(datetime.combine(tomorrow, time())),
        }
        return Leave(
            until=until[said["lasts"]],
            a_sale=said["a_sale"],
            sales=said["sales"],
            together=said["together"],
        )
