"""What selling wants to know of payments on readers without terminals knowing it."""

from django.dispatch import Signal

# Sent with `account`, `reference` and `standing` when it has become known what came of a payment
# or refund, after that was committed. May be lost: `Terminal.look` tells the same.
settled = Signal()
