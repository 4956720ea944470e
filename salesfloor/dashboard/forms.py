"""What managers say when they see to something; nobody settles money without a word."""

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


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("approved", "approved"), ("declined", "declined")])
