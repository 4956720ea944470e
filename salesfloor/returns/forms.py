"""What a rep says of goods that come back; prices and what may come back the server knows."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """The likeliest first: it is the one that costs no tap."""

    UNSUITABLE = "unsuitable", _("Does not suit")
    SIZE = "size", _("Wrong size")
    FAULTY = "faulty", _("Faulty")
    MISTAKE = "mistake", _("Sold by mistake")
    OTHER = "other", _("Other")


class WhyForm(forms.Form):
    reason = forms.ChoiceField(choices=Reason.choices)
    words = forms.CharField(max_length=120, required=False)
    # Ticked where the goods are not to be sold again.
    set_aside = forms.BooleanField(required=False)
    action_id = forms.UUIDField()

    def clean(self) -> None:
        asked = self.cleaned_data.get("reason") == Reason.OTHER
        if asked and not self.cleaned_data.get("words"):
            raise forms.ValidationError(_("Why does it come back? Nothing was returned yet."))

    @property
    def note(self) -> str:
        """As it stands on the line, in Lightspeed too."""
        reason = str(Reason(self.cleaned_data["reason"]).label)
        words = [reason, self.cleaned_data["words"]]
        if self.cleaned_data["set_aside"]:
            words.append(str(_("not to be sold again")))
        return " · ".join(word for word in words if word)


class ReturnForm(WhyForm):
    """`units` by Lightspeed's line id, from fields such as `units-269`, of the lines ticked."""

    line = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tap what comes back first.")}
    )

    def __init__(self, data: object, *, line_ids: list[int]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["line"].choices = [(line_id, line_id) for line_id in line_ids]  # type: ignore[attr-defined]
        for line_id in line_ids:
            self.fields[f"units-{line_id}"] = forms.IntegerField(min_value=1, required=False)

    @property
    def units(self) -> dict[int, int]:
        return {
            line_id: self.cleaned_data.get(f"units-{line_id}") or 1
            for line_id in self.cleaned_data["line"]
        }


# What may be wrong with a number of units.
HOW_MANY = ("required", "invalid", "min_value", "max_value")


class WithoutReceiptForm(WhyForm):
    units = forms.IntegerField(
        min_value=1,
        max_value=99,
        error_messages=dict.fromkeys(
            HOW_MANY, _("Give a number from 1 to 99. Nothing was returned yet.")
        ),
    )


class FindForm(forms.Form):
    """By the number of a receipt; by a customer, typed or chosen (`of`); by an item, typed or
    chosen (`sold`), with the day."""

    number = forms.CharField(max_length=40, required=False)
    customer = forms.CharField(max_length=80, required=False)
    of = forms.IntegerField(min_value=1, required=False)
    item = forms.CharField(max_length=100, required=False)
    sold = forms.IntegerField(min_value=1, required=False)
    sold_on = forms.DateField(required=False)
