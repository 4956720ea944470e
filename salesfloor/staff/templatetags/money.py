"""Amounts as the reader's language writes them."""

from decimal import Decimal
from functools import cache

from babel.localedata import locale_identifiers
from django import template
from django.utils.translation import get_language, to_locale

from salesfloor.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """`{{ sale.total|money:currency }}`: "$187.82", or "187,82 $" in French Canada."""
    return format_money(amount, currency, _locale(get_language() or "en", currency))


@cache
def _locale(language: str, currency: str) -> str:
    """Of the reader's language as written where the money is from: Canadians write $, not CA$."""
    if "-" in language:
        return to_locale(language)
    # A currency's code begins with its country's; where it does not (EUR), the language decides.
    there = f"{language}_{currency[:2]}"
    return there if there in locale_identifiers() else language
