from datetime import datetime
from typing import Any

from django import template
from django.template import RequestContext
from django.utils import timezone
from django.utils.formats import date_format

from salesfloor.dashboard.waiting import count_waiting
from salesfloor.staff.clock import now

register = template.Library()


@register.filter
def clock(at: datetime | None) -> str:
    """The time; with the day before it where that is not today."""
    if at is None:
        return ""
    at = timezone.localtime(at)
    day = "" if at.date() == timezone.localdate() else date_format(at, "j M") + ", "
    return day + date_format(at, "H:i")


@register.inclusion_tag("dashboard/_waiting.html", takes_context=True)
def waiting_count(context: RequestContext) -> dict[str, Any]:
    """How much waits for a manager, wherever they are."""
    rep = context["request"].rep
    count = count_waiting(rep, now()) if rep.is_manager else 0
    return {"count": count, "is_manager": rep.is_manager}
