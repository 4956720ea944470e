"""What a selling screen has to know of questions, and when it has to ask for it anew."""

from django.http import HttpRequest

from salesfloor.shelf.models import version_of
from salesfloor.staff import clock
from salesfloor.staff.models import Rep

# The event that makes a screen ask for its questions.
CHANGED = "shelf"
# Under this name the status spot's request tells what the screen shows: see `_shelf.html`.
SEEN = "shelf"


def is_old(request: HttpRequest, rep: Rep) -> bool:
    """Whether the screen that asks shows other questions than there are. One query."""
    if SEEN not in request.GET or rep.shop is None:
        return False
    now = clock.now()
    shown = rep.account.questions.shown_to(rep.shop, now)
    return request.GET[SEEN] != version_of(shown, now)
