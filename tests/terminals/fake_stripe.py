"""A stand-in for Stripe: a real HTTP server with state, reached through the stripe library.

Shapes and rules are those of Stripe's documents: intents, server-driven readers, refunds, kept
idempotent answers. A test steers what the customer does at the reader, and what goes wrong.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

READER = "tmr_till1"
WEBHOOK_SECRET = "whsec_of_the_tests"


class Refusal(Exception):
    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.status = status
        kind = "card_error" if status == 402 else "invalid_request_error"
        self.body = {"error": {"type": kind, "code": code, "message": message or code}}


class FakeStripe:
    def __init__(self) -> None:
        self.intents: dict[str, dict[str, Any]] = {}
        self.readers: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.add_reader(READER)
        self._kept: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self._faults: list[list[Any]] = []
        self._lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- What a test steers ------------------------------------------------------------

    def fail(self, call: str, how: str, times: int = 1) -> None:
        """`how`: lost_after, error_after, timeout_after, error_before, garbled, or Stripe's code.

        `call` is the last word of the path: payment_intents, process_payment_intent, capture…
        """
        self._faults.append([call, how, times])

    def mend(self) -> None:
        self._faults.clear()

    def add_reader(self, reader_id: str) -> None:
        self.readers[reader_id] = {
            "id": reader_id,
            "object": "terminal.reader",
            "action": None,
            "device_type": "bbpos_wisepos_e",
            "label": "Till 1",
            "livemode": False,
            "location": "tml_1",
            "metadata": {},
            "serial_number": "WSC513105011111",
            "status": "online",
        }

    def tap(self, *, last4: str = "4242", interac: bool = False, units: int | None = None) -> None:
        """The customer's card is approved on the reader."""
        action = self.readers[READER]["action"]
        intent_id = action["process_payment_intent"]["payment_intent"]
        self.approve(intent_id, last4=last4, interac=interac, units=units)
        action["status"] = "succeeded"

    def approve(
        self,
        intent_id: str,
        *,
        last4: str = "4242",
        interac: bool = False,
        units: int | None = None,
    ) -> None:
        """The bank says yes, whatever the reader has told us."""
        intent = self.intents[intent_id]
        assert intent["status"] in ("requires_payment_method", "processing"), intent["status"]
        amount = intent["amount"] if units is None else units
        taken = interac or intent["capture_method"] == "automatic"
        intent["status"] = "succeeded" if taken else "requires_capture"
        intent["amount_received" if taken else "amount_capturable"] = amount
        kind = "interac_present" if interac else "card_present"
        card = {
            "brand": "interac" if interac else "visa",
            "last4": last4,
            "receipt": {
                "application_preferred_name": "Visa Credit",
                "dedicated_file_name": "A0000000031010",
                "authorization_code": "123456",
                "account_type": "credit",
            },
        }
        intent["latest_charge"] = {
            "id": f"ch_{intent_id}",
            "object": "charge",
            "captured": taken,
            "payment_method_details": {"type": kind, kind: card},
        }

    def decline(self, decline_code: str = "generic_decline") -> None:
        action = self.readers[READER]["action"]
        intent = self.intents[action["process_payment_intent"]["payment_intent"]]
        intent["last_payment_error"] = {
            "type": "card_error",
            "code": "card_declined",
            "decline_code": decline_code,
        }
        action |= {"status": "failed", "failure_code": "card_declined"}

    def action_fails(self, code: str) -> None:
        self.readers[READER]["action"] |= {"status": "failed", "failure_code": code}

    def insert_card(self) -> dict[str, Any]:
        """The bank is being asked: neither reader nor intent can be cancelled just now."""
        action = self.readers[READER]["action"]
        intent = self.intents[action["process_payment_intent"]["payment_intent"]]
        intent["status"] = "processing"
        return intent

    # --- What Stripe has ---------------------------------------------------------------

    def taken(self) -> int:
        """In minor units, refunds taken off."""
        received = sum(intent["amount_received"] for intent in self.intents.values())
        given_back = sum(each["amount"] for each in self.refunds if each["status"] == "succeeded")
        return received - given_back

    def held(self) -> int:
        return sum(intent["amount_capturable"] for intent in self.intents.values())

    def only_intent(self) -> dict[str, Any]:
        [intent] = self.intents.values()
        return intent

    def webhook(self, kind: str, about: dict[str, Any]) -> tuple[str, str]:
        """Body and signature of an event."""
        event = {
            "id": "evt_1",
            "object": "event",
            "type": kind,
            "api_version": "2026-10-28.endive",
            "data": {"object": about},
        }
        body, now = json.dumps(event), int(time.time())
        signed = f"{now}.{body}".encode()
        signature = hmac.new(WEBHOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest()
        return body, f"t={now},v1={signature}"

    # --- HTTP --------------------------------------------------------------------------

    def answer(
        self, method: str, path: str, form: dict[str, str], key: str | None
    ) -> tuple[int, dict[str, Any]] | None:
        """None where the connection is cut instead."""
        call = path.rstrip("/").split("/")[-1]
        with self._lock:
            self.calls[call] += 1
            if key and key in self._kept:
                asked, status, body = self._kept[key]
                if asked != f"{path} {form}":
                    return 400, {"error": {"type": "idempotency_error", "message": "other params"}}
                return status, body
            fault = self._next_fault(call)
            if fault == "error_before":
                return 500, {"error": {"type": "api_error", "message": "before"}}
            status, body = self._carry_out(method, path, form, fault)
            if fault == "error_after":
                status, body = 500, {"error": {"type": "api_error", "message": "after"}}
            if fault == "timeout_after":
                status, body = 400, Refusal("terminal_reader_timeout").body
            if key:
                self._kept[key] = (f"{path} {form}", status, body)
            if fault == "garbled":
                return 200, {"object": "odd"}
            return None if fault == "lost_after" else (status, body)

    def _next_fault(self, call: str) -> str | None:
        for fault in self._faults:
            if fault[0] == call and fault[2] > 0:
                fault[2] -= 1
                return str(fault[1])
        return None

    def _carry_out(
        self, method: str, path: str, form: dict[str, str], fault: str | None
    ) -> tuple[int, dict[str, Any]]:
        try:
            if fault and fault not in _AFTER_ALL:
                raise Refusal(fault)
            for pattern, route in _ROUTES.items():
                if match := re.fullmatch(pattern, f"{method} {path}"):
                    # A copy: kept answers stay as they were.
                    return 200, json.loads(json.dumps(route(self, form, *match.groups())))
            return 404, {"error": {"type": "invalid_request_error", "message": path}}
        except Refusal as refusal:
            return refusal.status, refusal.body

    def _intent(self, intent_id: str) -> dict[str, Any]:
        if intent_id not in self.intents:
            raise Refusal("resource_missing", status=404)
        return self.intents[intent_id]

    def _reader(self, reader_id: str) -> dict[str, Any]:
        if reader_id not in self.readers:
            raise Refusal("resource_missing", status=404)
        return self.readers[reader_id]

    def create_intent(self, form: dict[str, str]) -> dict[str, Any]:
        intent = {
            "id": f"pi_{len(self.intents) + 1}",
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "amount_capturable": 0,
            "amount_received": 0,
            "capture_method": form["capture_method"],
            "currency": form["currency"],
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": {"salesfloor": form["metadata[salesfloor]"]},
            "status": "requires_payment_method",
        }
        self.intents[intent["id"]] = intent
        return intent

    def read_intent(self, form: dict[str, str], intent_id: str) -> dict[str, Any]:
        intent = dict(self._intent(intent_id))
        if "latest_charge" not in form.get("expand[0]", "") and intent["latest_charge"]:
            intent["latest_charge"] = intent["latest_charge"]["id"]
        return intent

    def capture(self, form: dict[str, str], intent_id: str) -> dict[str, Any]:
        intent = self._intent(intent_id)
        if intent["status"] != "requires_capture":
            raise Refusal("payment_intent_unexpected_state")
        intent |= {"status": "succeeded", "amount_capturable": 0}
        intent["amount_received"] = int(form.get("amount_to_capture", intent["amount"]))
        return intent

    def cancel(self, form: dict[str, str], intent_id: str) -> dict[str, Any]:
        intent = self._intent(intent_id)
        if intent["status"] not in ("requires_payment_method", "requires_capture"):
            raise Refusal("payment_intent_unexpected_state")
        intent |= {"status": "canceled", "amount_capturable": 0}
        return intent

    def read_reader(self, form: dict[str, str], reader_id: str) -> dict[str, Any]:
        return self._reader(reader_id)

    def process(self, form: dict[str, str], reader_id: str) -> dict[str, Any]:
        reader, intent = self._reader(reader_id), self._intent(form["payment_intent"])
        if reader["status"] == "offline":
            raise Refusal("terminal_reader_offline")
        if (reader["action"] or {}).get("status") == "in_progress":
            raise Refusal("terminal_reader_busy")
        if intent["status"] != "requires_payment_method":
            raise Refusal("intent_invalid_state")
        reader["action"] = {
            "type": "process_payment_intent",
            "status": "in_progress",
            "failure_code": None,
            "failure_message": None,
            "process_payment_intent": {"payment_intent": intent["id"]},
        }
        return reader

    def cancel_action(self, form: dict[str, str], reader_id: str) -> dict[str, Any]:
        reader = self._reader(reader_id)
        action = reader["action"]
        if reader["status"] == "offline":
            raise Refusal("terminal_reader_offline")
        if action and action["status"] == "in_progress":
            intent = self._intent(action["process_payment_intent"]["payment_intent"])
            if intent["status"] == "processing":
                raise Refusal("terminal_reader_busy")
        reader["action"] = None
        return reader

    def create_refund(self, form: dict[str, str]) -> dict[str, Any]:
        intent = self._intent(form["payment_intent"])
        given_back = sum(
            each["amount"] for each in self.refunds if each["payment_intent"] == intent["id"]
        )
        if int(form["amount"]) > intent["amount_received"] - given_back:
            raise Refusal("charge_already_refunded")
        refund = {
            "id": f"re_{len(self.refunds) + 1}",
            "object": "refund",
            "amount": int(form["amount"]),
            "currency": intent["currency"],
            "metadata": {"salesfloor": form["metadata[salesfloor]"]},
            "payment_intent": intent["id"],
            "status": "succeeded",
        }
        self.refunds.append(refund)
        return refund

    def list_refunds(self, form: dict[str, str]) -> dict[str, Any]:
        found = [each for each in self.refunds if each["payment_intent"] == form["payment_intent"]]
        return {"object": "list", "url": "/v1/refunds", "has_more": False, "data": found}


# Carried out, and then told otherwise or not at all.
_AFTER_ALL = ("error_after", "lost_after", "timeout_after", "garbled")
_ROUTES = {
    r"POST /v1/payment_intents": FakeStripe.create_intent,
    r"GET /v1/payment_intents/(\w+)": FakeStripe.read_intent,
    r"POST /v1/payment_intents/(\w+)/capture": FakeStripe.capture,
    r"POST /v1/payment_intents/(\w+)/cancel": FakeStripe.cancel,
    r"GET /v1/terminal/readers/(\w+)": FakeStripe.read_reader,
    r"POST /v1/terminal/readers/(\w+)/process_payment_intent": FakeStripe.process,
    r"POST /v1/terminal/readers/(\w+)/cancel_action": FakeStripe.cancel_action,
    r"POST /v1/refunds": FakeStripe.create_refund,
    r"GET /v1/refunds": FakeStripe.list_refunds,
}


def _handler(stripe: FakeStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            fields = parse_qs(address.query if method == "GET" else body)
            form = {name: values[0] for name, values in fields.items()}
            answer = stripe.answer(method, address.path, form, self.headers.get("Idempotency-Key"))
            if answer is None:
                self.close_connection = True
                return
            status, content = answer[0], json.dumps(answer[1]).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
