"""What managers say when they see to something; nobody settles money without a word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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
