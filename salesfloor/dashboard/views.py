"""What managers steer by."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from salesfloor.outbox.tasks import look_again as look_again_at
from salesfloor.staff.access import RepRequest, manager_only

# Money taken and not in Lightspeed is the manager's business after this long.
ON_ITS_OWN_FOR = timedelta(seconds=60)


@require_GET
@manager_only
def board(request: RepRequest) -> HttpResponse:
    """What needs a person: money taken that is not recorded, or not as it was sold."""
    now = timezone.now()
    stuck = request.rep.account.submissions.stuck(paid_before=now - ON_ITS_OWN_FOR)
    return render(
        request,
        "dashboard/board.html",
        {
            "stuck": stuck.select_related("rep__employee", "sale").order_by("paid_at"),
            "looked_at": now,
            "rep": request.rep,
        },
    )


@require_POST
@manager_only
def look_again(request: RepRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(request.rep.account.submissions.undelivered(), pk=pk)
    look_again_at(submission)
    return redirect("dashboard:board")
