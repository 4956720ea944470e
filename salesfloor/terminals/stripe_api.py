"""The calls that a card payment needs of Stripe Terminal, server-driven. Knows no rows.

https://docs.stripe.com/terminal/payments/collect-card-payment?terminal-sdk-platform=server-driven

An intent is created to be captured by us. It is the truth; the reader's action only tells what the
customer sees. An intent is charged at most once, whatever is done to it how often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import stripe
from stripe import StripeClient, StripeObject

from salesfloor.terminals.minor_units import from_minor_units, to_minor_units
from salesfloor.terminals.next_step import Seen
from salesfloor.terminals.protocol import NO_CARD, Card

if TYPE_CHECKING:
    from stripe import RequestOptions
    from stripe.params import (
        PaymentIntentCaptureParams,
        PaymentIntentCreateParams,
        RefundCreateParams,
    )
    from stripe.params.terminal import ReaderProcessPaymentIntentParams

T = TypeVar("T")
# Stripe's objects as it writes them, in JSON.
Json = dict[str, Any]


class NotDone(Exception):
    """Stripe refused, and nothing came of the call."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class NoAnswer(Exception):
    """Whether the call had an effect is not known."""


@dataclass(frozen=True)
class Sight:
    """A payment as Stripe has it. `code` is why it failed; `amount` what is held or taken."""

    seen: Seen
    amount: Decimal = Decimal(0)
    code: str = ""
    card: Card = NO_CARD
    receipt: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefundSight:
    refund_id: str
    status: str  # Stripe's: pending, requires_action, succeeded, failed, canceled
    amount: Decimal


@dataclass(frozen=True)
class ReaderSight:
    label: str
    is_online: bool


class StripeApi:
    def __init__(
        self, api_key: str, *, base_url: str, connect_seconds: float, call_seconds: float
    ) -> None:
        stripe_client = StripeClient(
            api_key,
            base_addresses={"api": base_url},
            max_network_retries=0,  # what may be repeated, our own rows decide
            http_client=stripe.RequestsClient(timeout=(connect_seconds, call_seconds)),
        )
        self._intents = stripe_client.v1.payment_intents
        self._readers = stripe_client.v1.terminal.readers
        self._refunds = stripe_client.v1.refunds

    # --- Payments ----------------------------------------------------------------------

    def create(self, reference: str, amount: Decimal, currency: str) -> str:
        """The id of the intent of this reference. No reader knows it, so no money can move."""
        wanted: PaymentIntentCreateParams = {
            "amount": to_minor_units(amount, currency),
            "currency": currency.lower(),
            "capture_method": "manual",
            "allowed_payment_method_types": ["card_present"],
            "metadata": {"salesfloor": reference},
        }
        if currency == "CAD":  # its debit cards, whose banks take the money at once
            wanted["allowed_payment_method_types"] = ["card_present", "interac_present"]
        key: RequestOptions = {"idempotency_key": f"{reference}-create"}
        intent = _asked("payment_intent", lambda: self._intents.create(wanted, key))
        if (intent["amount"], intent["currency"]) != (wanted["amount"], wanted["currency"]):
            raise NotDone("wrong_amount", f"asked for {amount} {currency}")
        return str(intent["id"])

    def hand_over(self, reference: str, intent_id: str, reader_id: str) -> None:
        """Have the reader ask the customer for a card."""
        wanted: ReaderProcessPaymentIntentParams = {
            "payment_intent": intent_id,
            "process_config": {"enable_customer_cancellation": True},
        }
        key: RequestOptions = {"idempotency_key": f"{reference}-process"}
        _asked(
            "terminal.reader", lambda: self._readers.process_payment_intent(reader_id, wanted, key)
        )

    def look(self, intent_id: str, reader_id: str) -> Sight:
        intent = _asked(
            "payment_intent",
            lambda: self._intents.retrieve(intent_id, {"expand": ["latest_charge"]}),
        )
        if intent["status"] == "requires_payment_method":
            reader = _asked("terminal.reader", lambda: self._readers.retrieve(reader_id))
            return _shaped(lambda: _sight_on_reader(intent, reader))
        return _shaped(lambda: _sight(intent))

    def take(self, intent_id: str, amount: Decimal, currency: str) -> None:
        """Capture what is held. Needs no key: Stripe captures an intent once."""
        wanted: PaymentIntentCaptureParams = {"amount_to_capture": to_minor_units(amount, currency)}
        _asked("payment_intent", lambda: self._intents.capture(intent_id, wanted))

    def cancel(self, intent_id: str, reader_id: str) -> None:
        """Take the payment off the reader, if it is there, and end it for good.

        Raises NotDone where it cannot be ended: the bank is being asked, or the money is taken.
        """
        reader = _asked("terminal.reader", lambda: self._readers.retrieve(reader_id))
        action = _action_of(reader, intent_id)
        if action and action["status"] == "in_progress":
            self._clear(reader_id)
        _asked("payment_intent", lambda: self._intents.cancel(intent_id))

    def _clear(self, reader_id: str) -> None:
        try:
            _asked("terminal.reader", lambda: self._readers.cancel_action(reader_id))
        except NotDone as error:
            # One that is out of reach cannot take money either, once its intent is cancelled.
            if error.code != "terminal_reader_offline":
                raise

    # --- Refunds -----------------------------------------------------------------------

    def refund(self, reference: str, amount: Decimal, currency: str, intent_id: str) -> None:
        wanted: RefundCreateParams = {
            "payment_intent": intent_id,
            "amount": to_minor_units(amount, currency),
            "metadata": {"salesfloor": reference},
        }
        key: RequestOptions = {"idempotency_key": f"{reference}-refund"}
        _asked("refund", lambda: self._refunds.create(wanted, key))

    def find_refund(self, reference: str, intent_id: str) -> RefundSight | None:
        """Raises NoAnswer also where there may be more refunds than Stripe tells at once."""
        found = _asked(
            "list", lambda: self._refunds.list({"payment_intent": intent_id, "limit": 100})
        )
        ours = [
            refund
            for refund in found["data"]
            if (refund["metadata"] or {}).get("salesfloor") == reference
        ]
        if not ours and found["has_more"]:
            raise NoAnswer("over 100 refunds of one payment")
        return _shaped(lambda: _refund_sight(ours[0])) if ours else None

    # --- Readers -----------------------------------------------------------------------

    def reader(self, reader_id: str) -> ReaderSight:
        reader = _asked("terminal.reader", lambda: self._readers.retrieve(reader_id))
        if reader.get("deleted"):
            raise NotDone("resource_missing", "the reader was removed at Stripe")
        return _shaped(lambda: ReaderSight(reader["label"] or "", reader["status"] == "online"))


def _asked(object_: str, call: Callable[[], StripeObject]) -> Json:
    """Stripe's answer. Trouble is sorted by one question: may the call have had an effect?"""
    try:
        answer: Json = call().to_dict()
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        code = error.code or ""
        if code == "terminal_reader_timeout":  # the reader may have got it all the same
            raise NoAnswer(code) from error
        raise NotDone(code, error.user_message or "") from error
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.RateLimitError) as error:
        raise NotDone(error.code or type(error).__name__, error.user_message or "") from error
    except stripe.StripeError as error:
        raise NoAnswer(type(error).__name__) from error
    if answer.get("object") != object_:
        raise NoAnswer(f"not a {object_}")
    return answer


def _shaped(read: Callable[[], T]) -> T:
    try:
        return read()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NoAnswer(f"not in Stripe's shape: {error!r}") from error


def _sight(intent: Json) -> Sight:
    match intent["status"]:
        case "succeeded":
            return _paid(Seen.TAKEN, intent, intent["amount_received"])
        case "requires_capture":
            return _paid(Seen.HELD, intent, intent["amount_capturable"])
        case "canceled":
            return Sight(Seen.GONE)
    return Sight(Seen.ASKING)


def _paid(seen: Seen, intent: Json, units: int) -> Sight:
    details = intent["latest_charge"]["payment_method_details"]
    card = details.get("card_present") or details.get("interac_present") or {}
    receipt = card.get("receipt") or {}
    return Sight(
        seen,
        from_minor_units(units, intent["currency"].upper()),
        card=Card((card.get("brand") or "")[:32], (card.get("last4") or "")[:4]),
        receipt={name: receipt[name] for name in PRINTED_ON_RECEIPTS if receipt.get(name)},
    )


# https://docs.stripe.com/terminal/features/receipts
PRINTED_ON_RECEIPTS = (
    "application_preferred_name",
    "dedicated_file_name",
    "authorization_code",
    "authorization_response_code",
    "application_cryptogram",
    "terminal_verification_results",
    "transaction_status_information",
    "account_type",
)


def _sight_on_reader(intent: Json, reader: Json) -> Sight:
    """Nobody has paid yet: what does the reader say?"""
    failure = intent["last_payment_error"] or {}
    why = failure.get("decline_code") or failure.get("code") or ""
    action = _action_of(reader, intent["id"])
    if action is None:
        return Sight(Seen.FAILED, code=why) if why else Sight(Seen.IDLE)
    if action["status"] == "failed":
        return Sight(Seen.FAILED, code=action["failure_code"] or why)
    # Where it says "succeeded", the intent was read a moment before it did, and is read again.
    return Sight(Seen.ASKING)


def _action_of(reader: Json, intent_id: str) -> Json | None:
    """What the reader does, or did last, if it is about this payment."""
    action: Json = reader.get("action") or {}
    processed = action.get("process_payment_intent") or {}
    return action if processed.get("payment_intent") == intent_id else None


def _refund_sight(refund: Json) -> RefundSight:
    amount = from_minor_units(refund["amount"], refund["currency"].upper())
    return RefundSight(refund["id"], refund["status"], amount)
