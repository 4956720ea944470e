"""What managers steer by."""

from contextlib import suppress
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from salesfloor.outbox.tasks import deliver_account
from salesfloor.sales import checkout
from salesfloor.sales.refusals import AlreadyDone
from salesfloor.staff.access import RepRequest, manager_only

# Money taken and not in Lightspeed is the manager's business after this long.
ON_ITS_OWN_FOR = timedelta(seconds=60)


@require_GET
@manager_only
def board(request: RepRequest) -> HttpResponse:
    """What needs a person: money that is not recorded, or not as it was sold, or perhaps taken."""
    now = timezone.now()
    stuck = request.rep.account.submissions.stuck(paid_before=now - ON_ITS_OWN_FOR)
    return render(
        request,
        "dashboard/board.html",
        {
            "stuck": stuck.select_related("rep__employee", "sale").order_by("paid_at"),
            "unanswered": checkout.unanswered_payments(request.rep.account),
            "looked_at": now,
            "rep": request.rep,
        },
    )


@require_POST
@manager_only
def answer_card(request: RepRequest, pk: int) -> HttpResponse:
    """What the terminal said to a payment whose rep did not say."""
    payment = get_object_or_404(checkout.unanswered_payments(request.rep.account), pk=pk)
    answer = request.POST.get("answer")
    if answer not in ("approved", "declined"):
        raise Http404
    with suppress(AlreadyDone):  # the rep has answered after all
        checkout.answer_card(payment, approved=answer == "approved")
    return redirect("dashboard:board")


@require_POST
@manager_only
def look_again(request: RepRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(request.rep.account.submissions.undelivered(), pk=pk)
    submission.ask_for_look()
    deliver_account(request.rep.account.pk)
    return redirect("dashboard:board")
