"""Amounts as the reader's language writes them."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language, to_locale

from salesfloor.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """`{{ sale.total|money:currency }}`: "$187.82", or "187,82 $" in French Canada."""
    return format_money(amount, currency, to_locale(get_language() or "en"))
