from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from salesfloor.staff.models import Account, Register
from salesfloor.terminals.card_numbers import has_card_number


class ReaderForm(forms.Form):
    """Which reader stands at which register."""

    register = forms.IntegerField(error_messages={"required": _("Choose a register.")})
    stripe_id = forms.RegexField(
        r"^tmr_[A-Za-z0-9]{1,60}$",
        strip=True,
        error_messages={
            "required": _("Type the reader's id, as Stripe's dashboard shows it."),
            "invalid": _("That is no reader's id: it begins with tmr_."),
        },
    )
    label = forms.CharField(max_length=64, required=False)

    def __init__(self, account: Account, data: Any = None) -> None:
        super().__init__(data)
        with_reader = account.readers.filter(removed_at=None).values("register")
        free = account.registers.filter(archived=False).exclude(pk__in=with_reader)
        self.registers: QuerySet[Register] = free.select_related("shop")

    def clean_register(self) -> Register:
        register = self.registers.filter(pk=self.cleaned_data["register"]).first()
        if register is None:
            raise forms.ValidationError(_("That register has a reader, or is no more."))
        return register

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        if has_card_number(label):
            raise forms.ValidationError(
                _("That looks like a card number. It was not kept: type another name.")
            )
        return label
