"""Small writes to Lightspeed that a rep waits for, each in the journal before it is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from salesfloor.lightspeed import errors
from salesfloor.outbox.models import Errand
from salesfloor.staff import clock
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Rep

T = TypeVar("T")

# The same words once more within this time mean the same errand.
ONE_ERRAND = timedelta(hours=24)
# No rep waits longer for another who is sent on an errand of the same kind.
WAITS_SECONDS = 10.0


def carry_out(
    rep: Rep,
    kind: Errand.Kind,
    body: dict[str, Any],
    *,
    send: Callable[[], T],
    look: Callable[[], T | None],
) -> T:
    """What `send` answers, or what `look` finds where the same may have been done before.

    Raises LightspeedError, of which OutcomeUnknown means that it may be done now. `body` tells one
    errand from another.
    """
    with holding(f"errand-{kind.name}-{rep.account_id}", wait_seconds=WAITS_SECONDS) as held:
        if not held:
            raise errors.NotSent("another errand takes long")
        since = clock.now() - ONE_ERRAND
        earlier = list(rep.account.errands.perhaps_done(kind, body, since))
        if earlier and (found := look()) is not None:
            for errand in earlier:
                errand.end(Errand.State.DONE)
            return found
        return _send(rep, kind, body, send)


def _send(rep: Rep, kind: Errand.Kind, body: dict[str, Any], send: Callable[[], T]) -> T:
    errand: Errand = rep.account.errands.create(
        rep=rep, kind=kind, body=body, started_at=clock.now()
    )
    try:
        answer = send()
    except errors.LightspeedError as error:
        without_effect = error.can_write_again
        errand.end(Errand.State.NOT_DONE if without_effect else Errand.State.DOUBTFUL, str(error))
        raise
    errand.end(Errand.State.DONE)
    return answer
