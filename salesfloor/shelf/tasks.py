from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from salesfloor.shelf.models import Question
from salesfloor.staff import clock


@db_periodic_task(crontab(minute="47"))
def look_after_questions() -> None:
    """Screens know by themselves what has run out; here it is written down, and later deleted."""
    now = clock.now()
    Question.everywhere.end_overdue(now)
    Question.everywhere.forget_old(now)
