"""What other packages may want to know without staff knowing them."""

from django.dispatch import Signal

# Sent with `account` when a retailer has just been opened for selling.
account_connected = Signal()
