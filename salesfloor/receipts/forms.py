from django import forms
from django.utils.translation import gettext_lazy as _


class EmailForm(forms.Form):
    address = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Type an address first. Nothing was sent."),
            "invalid": _("That is no e-mail address. Nothing was sent."),
        },
    )
    action_id = forms.UUIDField()
