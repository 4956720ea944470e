"""A new customer, as a rep types one in beside them."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from salesfloor.customers import search
from salesfloor.customers.exchange import NewCustomer

# No number anywhere is shorter; fewer digits are the end of one.
FEWEST_PHONE_DIGITS = 7


class NewCustomerForm(forms.Form):
    first_name = forms.CharField(max_length=255, required=False)
    last_name = forms.CharField(max_length=255, required=False)
    company = forms.CharField(max_length=255, required=False)
    phone = forms.CharField(max_length=40, required=False)
    email = forms.EmailField(
        max_length=254,
        required=False,
        error_messages={"invalid": _("That is no e-mail address.")},
    )
    may_email = forms.BooleanField(required=False)
    # Said to be none of those who have this phone number or e-mail address already.
    is_somebody_else = forms.BooleanField(required=False)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        written_as_one = re.fullmatch(r"[\d\s()+./-]+", phone)
        if phone and not (written_as_one and len(re.sub(r"\D", "", phone)) >= FEWEST_PHONE_DIGITS):
            raise forms.ValidationError(_("That is no whole phone number."))
        return phone

    def clean(self) -> None:
        given = self.cleaned_data
        if not (given.get("first_name") or given.get("last_name") or given.get("company")):
            self.add_error("first_name", _("What is the customer called?"))

    @property
    def customer(self) -> NewCustomer:
        given = {**self.cleaned_data}
        del given["is_somebody_else"]
        return NewCustomer(**given)


def guess(words: str) -> dict[str, str]:
    """What of a new customer was typed into the search: an e-mail address, a phone number, or else
    a name.

    >>> guess("ann lee"), guess("514 555-0134"), guess("0134")
    ({'first_name': 'Ann', 'last_name': 'Lee'}, {'phone': '514 555-0134'}, {})
    """
    words = " ".join(words.split())
    if "@" in words:
        return {"email": words}
    if digits := search.phone_digits(words):
        return {"phone": words} if len(digits) >= FEWEST_PHONE_DIGITS else {}
    if words.islower():
        words = words.title()
    first, _space, last = words.partition(" ")
    return {"first_name": first, "last_name": last}
