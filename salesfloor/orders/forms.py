"""What a rep says of goods to be kept, and of those that are."""

from django import forms
from django.utils.translation import gettext_lazy as _

from salesfloor.orders.models import Kind
from salesfloor.sales.forms import CartForm, MoneyField


class KeepForm(CartForm):
    kind = forms.ChoiceField(choices=Kind.choices)
    line = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tap what is to be kept first.")}
    )
    deposit = MoneyField(required=False)

    def __init__(self, data: object, *, line_ids: list[int]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["line"].choices = [(line_id, line_id) for line_id in line_ids]  # type: ignore[attr-defined]


class ChosenForm(forms.Form):
    """Lightspeed's ids of lines that are kept."""

    line = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("Tap what it is about first."),
            "invalid_choice": _("Something of this is not kept any more. Look at it again."),
        },
    )
    action_id = forms.UUIDField()

    def __init__(self, data: object, *, line_ids: list[int]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["line"].choices = [(line_id, line_id) for line_id in line_ids]  # type: ignore[attr-defined]


class SlipForm(forms.Form):
    slip = forms.CharField(max_length=28)
