"""Calls Lightspeed Retail (R-Series) for one account, as one of its users.

>>> client = Client(4711, tokens, base_url=base_url)
>>> client.session().first_name
'Maya'
>>> for item in client.items():
...     print(item.description, item.price())
Wool sock M 9.99
Trail Runner Blue 9 20
Boot fitting 15
>>> client.item(999)
Traceback (most recent call last):
salesfloor.lightspeed.errors.NotFound: Object of type 'Item' not found ... (404, Exception)

Reads are tried again where that can help; writes never are, because Lightspeed would do them twice.
Every failure is one of `errors`, which says whether it may have had an effect. Requests wait for
their turn with the account's bucket (`ratelimit`).

https://developers.lightspeedhq.com/retail/
"""

import json
import logging
import random
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import requests

from salesfloor.lightspeed import errors, records, transport
from salesfloor.lightspeed.drafts import SOURCE
from salesfloor.lightspeed.ratelimit import Pacer, Right, request_cost
from salesfloor.lightspeed.transport import Answer

T = TypeVar("T")

log = logging.getLogger(__name__)

BASE_URL = "https://api.lightspeedapp.com"
TRIES = 4
SALE_RELATIONS = ("SaleLines", "SalePayments")
CUSTOMER_RELATIONS = ("Contact", "CreditAccount")
# What a gift card's number may be; anything else could be read as an operator of the filter.
_CARD_CODE = re.compile(r"[A-Za-z0-9-]{8,32}")
# There is one sale with a reference, or two; more pages than this are of another question.
REFERENCE_PAGES = 5
# An empty page may lead on, for all that is documented; so many in a row lead nowhere.
MOST_EMPTY_PAGES = 5


class Tokens(Protocol):
    """Where the client has its access token from; kept and refreshed by the caller."""

    def access_token(self) -> str:
        """A token to call with; refreshed before, if the keeper thinks that it is due."""

    def replace(self, rejected: str) -> str:
        """Another one, since this one was answered 401. SignInLost if there is none to be had."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next_url` is "" on the last page; kept, it resumes the walk later."""

    records: list[T]
    next_url: str


class Listing(Generic[T]):
    """The records of a list, fetched a page of up to 100 at a time, only when they are asked for.

    A record that changes while one walks may come twice, or be missed where the walk is not by
    `changed_since`.

    >>> answers = {"?": Page(["sock", "shoe"], "?after=2"), "?after=2": Page(["hat"], "")}
    >>> list(Listing(answers.__getitem__, "?"))
    ['sock', 'shoe', 'hat']
    """

    def __init__(
        self,
        fetch: Callable[[str], Page[T]],
        first_url: str,
        *,
        most_pages: int | None = None,
    ) -> None:
        self._fetch = fetch
        self._first_url = first_url
        self._most_pages = most_pages

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.records

    def pages(self) -> Iterator[Page[T]]:
        """At least one; the first may be empty. A walk has an end, or is a GarbledAnswer."""
        url, seen, empty = self._first_url, set[str](), 0
        while url:
            seen.add(url)
            page = self._fetch(url)
            if page.next_url in seen:
                raise errors.GarbledAnswer("paging goes round in a circle")
            empty = 0 if page.records else empty + 1
            if page.next_url and empty == MOST_EMPTY_PAGES:
                raise errors.GarbledAnswer("one empty page leads to another")
            if page.next_url and len(seen) == self._most_pages:
                raise errors.GarbledAnswer(f"more than {self._most_pages} pages")
            yield page
            url = page.next_url


class Client:
    """Not for several threads at once. `account_id` None can call `session()` alone.

    `call_seconds` is the limit for one exchange, connecting included. A read begins no further try,
    and no call waits for its turn, once `patience_seconds` are over: two minutes for the mirror,
    otherwise `call_seconds`, since somebody waits. `make_sure` is called when a request is about to
    leave; where it raises, the request does not.
    """

    def __init__(
        self,
        account_id: int | None,
        tokens: Tokens,
        *,
        base_url: str = BASE_URL,
        right: Right = Right.LOOK_UP,
        pacer: Pacer | None = None,
        make_sure: Callable[[], None] = lambda: None,
        connect_seconds: float = 3.0,
        call_seconds: float = 25.0,
        patience_seconds: float | None = None,
        http: requests.Session | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.account_id = account_id
        self._tokens = tokens
        self._base_url = transport.checked_base_url(base_url)
        self._right = right
        self._pacer = pacer or Pacer()
        self._make_sure = make_sure
        if patience_seconds is None:
            patience_seconds = 120.0 if right in (Right.STOCK, Right.CATALOGUE) else call_seconds
        self._patience = timedelta(seconds=patience_seconds)
        self._exchange = partial(
            transport.exchange,
            http or transport.shared_session(),
            connect_seconds=connect_seconds,
            call_seconds=call_seconds,
        )
        self._now = now
        self._sleep = sleep

    # --- Who and where -----------------------------------------------------------------

    def session(self) -> records.Session:
        """Who the token acts as, and for which account."""
        found = self._read("Session", lambda body: records.one(body, records.Session))
        self._check_account(found.account_id)
        return found

    def account(self) -> records.Account:
        url = f"{self._base_url}/API/V3/Account/{self._account()}.json"
        found = self._read("Account", lambda body: records.one(body, records.Account), url=url)
        self._check_account(found.account_id)
        return found

    def locales(self) -> list[records.Locale]:
        """That of the account; there may be more. A list without pages, and without attributes."""
        return self._read("Locale", lambda body: records.many(body, records.Locale))

    def shops(self) -> Listing[records.Shop]:
        """All shops, archived ones too, with their address and what their receipts say."""
        return self._list(records.Shop, {"archived": "true"}, relations=["Contact", "ReceiptSetup"])

    def registers(self) -> Listing[records.Register]:
        """All registers, archived ones too."""
        return self._list(records.Register, {"archived": "true"})

    def employees(self) -> Listing[records.Employee]:
        """All employees, archived ones too. Forbidden where the user may not see them."""
        return self._list(records.Employee, {"archived": "true"})

    # --- What a sale refers to ---------------------------------------------------------

    def payment_types(self) -> Listing[records.PaymentType]:
        """All payment types, archived ones too."""
        return self._list(records.PaymentType, {"archived": "true"})

    def tax_categories(self) -> Listing[records.TaxCategory]:
        """With the rates that they have for single tax classes."""
        return self._list(records.TaxCategory, relations=["TaxCategoryClasses"])

    def tax_classes(self) -> Listing[records.TaxClass]:
        return self._list(records.TaxClass)

    def discounts(self) -> Listing[records.Discount]:
        """All discounts, archived ones too."""
        return self._list(records.Discount, {"archived": "true"})

    def customer_types(self) -> Listing[records.CustomerType]:
        return self._list(records.CustomerType)

    # --- The catalogue -----------------------------------------------------------------

    def categories(
        self, changed_since: datetime | None = None, *, resume_at: str = ""
    ) -> Listing[records.Category]:
        """A deleted one is simply gone, and changes `left_node`, `right_node` of others."""
        return self._list(records.Category, _changed(changed_since), resume_at=resume_at)

    def manufacturers(
        self, changed_since: datetime | None = None, *, resume_at: str = ""
    ) -> Listing[records.Manufacturer]:
        return self._list(records.Manufacturer, _changed(changed_since), resume_at=resume_at)

    def items(
        self,
        changed_since: datetime | None = None,
        *,
        relations: Sequence[str] = ("ItemAttributes", "Images"),
        archived_too: bool = False,
        resume_at: str = "",
    ) -> Listing[records.Item]:
        """Live items by id or, with `changed_since`, those changed from then on, archived ones too.

        A change of stock does not count as one: see `stock`. `TagRelations.Tag` adds the tags.
        """
        filters = _all_by("itemID") if archived_too else _changed(changed_since)
        return self._list(records.Item, filters, relations=relations, resume_at=resume_at)

    def stock(
        self,
        changed_since: datetime | None = None,
        *,
        with_sums: bool = True,
        resume_at: str = "",
    ) -> Listing[records.ItemShop]:
        """Stock of all items by shop, with a sum as shop 0, which are many and may be left out."""
        filters = _changed(changed_since)
        if not with_sums:
            filters["shopID"] = ">,0"
        return self._list(records.ItemShop, filters, resume_at=resume_at)

    def item(self, item_id: int) -> records.Item:
        """NotFound if there is none."""
        relations = ["ItemAttributes", "Images"]
        return self._get(records.Item, item_id, lambda item: item.item_id, relations=relations)

    def stock_of(self, item_id: int) -> list[records.ItemShop]:
        """By shop, with a sum as shop 0; shops that never had the item may be missing."""
        return list(self._list(records.ItemShop, {"itemID": str(item_id)}))

    def unsold_units(self, item_id: int) -> list[records.Serialized]:
        """Units with serial numbers that are in no sale, the hundred oldest. Forbidden to users
        without rights to the inventory."""
        filters = {"itemID": str(item_id), "saleLineID": "0", "sort": "serializedID"}
        return next(self._list(records.Serialized, filters).pages()).records

    def stock_of_matrix(self, item_matrix_id: int) -> list[records.ItemShop]:
        """As `stock_of`, of all live items of a matrix in one call for each hundred of them."""
        items = self._list(
            records.Item,
            {"itemMatrixID": str(item_matrix_id)},
            relations=["ItemShops"],
            most_pages=5,
        )
        return [row for item in items for row in item.item_shops]

    def highest_id(self, entity: type[T], key: str, id_of: Callable[[T], int]) -> int:
        """0 where there is none. `key` is the id's name as Lightspeed spells it.

        Lightspeed numbers the records of an account from 1 on and archives rather than deletes: so
        this tells about how many there are, for a tenth of what `count` costs.
        """
        params = {"archived": "true", "sort": f"-{key}", "limit": "1"}
        found = self._read(entity.__name__, lambda body: records.many(body, entity), params=params)
        return max(map(id_of, found), default=0)

    def count(self, entity: type[Any], **filters: str) -> int:
        """How many there are; 10 drips, so ask rarely. `filters` as Lightspeed spells them."""

        def parse(body: object) -> int:
            return int(str(_attributes(body).get("count")))

        return self._read(entity.__name__, parse, params={**filters, "count": "1"}, counting=True)

    # --- Customers and the money kept for them -----------------------------------------

    def customers(
        self,
        changed_since: datetime | None = None,
        *,
        archived_too: bool = False,
        resume_at: str = "",
    ) -> Listing[records.Customer]:
        """With contact and account, as `items` are listed.

        Whether a customer's balance counts as a change is not documented.
        """
        return self._list(
            records.Customer,
            _all_by("customerID") if archived_too else _changed(changed_since),
            relations=CUSTOMER_RELATIONS,
            resume_at=resume_at,
        )

    def customer(self, customer_id: int) -> records.Customer:
        """With contact, account and note. NotFound if there is none."""
        relations = (*CUSTOMER_RELATIONS, "Note")
        return self._get(records.Customer, customer_id, _customer_id, relations=relations)

    def customers_called(
        self, *, first_name: str = "", last_name: str = "", company: str = ""
    ) -> list[records.Customer]:
        """At most 100 live ones with exactly these names, as `customer` reads them."""
        names = {"firstName": first_name, "lastName": last_name, "company": company}
        filters = {field: name for field, name in names.items() if name}
        found = self._list(records.Customer, filters, relations=CUSTOMER_RELATIONS)
        return [
            customer
            for customer in next(iter(found.pages())).records
            if (customer.first_name, customer.last_name, customer.company)
            == (first_name, last_name, company)
        ]

    def create_customer(self, body: Mapping[str, Any]) -> records.Customer:
        """With its contact. After an OutcomeUnknown the customer may exist."""
        return self._write("POST", "Customer", body, records.Customer, _customer_id)

    def update_customer(self, customer_id: int, body: Mapping[str, Any]) -> records.Customer:
        """Changes the fields in `body`; a `CreditAccount` in it is made where there is none."""
        resource = f"Customer/{customer_id}"
        return self._write("PUT", resource, body, records.Customer, _customer_id, customer_id)

    def credit_account(self, credit_account_id: int) -> records.CreditAccount:
        """A customer's account or a gift card. NotFound if there is none."""
        return self._get(records.CreditAccount, credit_account_id, _credit_account_id, relations=())

    def gift_card(self, code: str) -> records.CreditAccount:
        """The gift card with this number, used or not, archived or not. NotFound if there is none.

        Lightspeed takes one such question a second. The `code` of the answer is masked where the
        user may not see it.
        https://developers.lightspeedhq.com/retail/tutorials/gift-cards/
        """
        if not _CARD_CODE.fullmatch(code):
            raise errors.NotFound("no gift card can have such a number")
        filters = {"giftCard": "true", "archived": "true", "code": code}
        found = [
            card
            for card in self._list(records.CreditAccount, filters, most_pages=1)
            if card.gift_card and _is_code(card.code, code)
        ]
        if not found:
            raise errors.NotFound("no gift card has this number")
        if len(found) > 1:
            raise errors.GarbledAnswer("several gift cards for one number")
        return found[0]

    def create_gift_card(self, code: str, name: str = "Gift Card") -> records.CreditAccount:
        """An empty one. After an OutcomeUnknown it may exist: `gift_card` tells."""
        body = {"code": code, "name": name, "description": name}
        return self._write("POST", "CreditAccount", body, records.CreditAccount, _credit_account_id)

    def _write(
        self,
        method: str,
        resource: str,
        body: Mapping[str, Any] | None,
        entity: type[T],
        id_of: Callable[[T], int],
        key: int | None = None,
    ) -> T:
        cost = request_cost(method, resource, body=body)
        patient_until = self._now() + self._patience
        answer = self._send(method, self._url(resource, {}), cost, patient_until, body=body)
        return _parsed(answer, lambda answered: _one(answered, entity, id_of, key))

    # --- Sales -------------------------------------------------------------------------

    def sale(self, sale_id: int) -> records.Sale:
        """With lines and payments. NotFound if there is none."""
        return _whole(self._get(records.Sale, sale_id, _sale_id, relations=SALE_RELATIONS))

    def sales_of_customer(self, customer_id: int) -> list[records.Sale]:
        """Their last hundred completed ones with lines, the latest first; voided ones too."""
        return self._latest_sales({"customerID": str(customer_id)})

    def last_sale_of_customer(self, customer_id: int) -> records.Sale | None:
        """The latest completed one, without lines and payments."""
        filters = {"customerID": str(customer_id), "completed": "true"}
        listing = self._list(records.Sale, filters | {"sort": "-completeTime", "limit": "1"})
        return next(iter(next(listing.pages()).records), None)

    def sales_with_ids(self, sale_ids: Collection[int]) -> list[records.Sale]:
        """Of at most a hundred, archived and voided ones too, those that there are; with lines and
        payments."""
        if not sale_ids:
            return []
        return self._latest_sales({"saleID": _one_of(sale_ids)}, completed=False)

    def _latest_sales(
        self, filters: dict[str, str], *, completed: bool = True
    ) -> list[records.Sale]:
        filters |= {"completed": "true"} if completed else {"archived": "true"}
        listing = self._list(
            records.Sale, {**filters, "sort": "-saleID"}, relations=SALE_RELATIONS, check=_whole
        )
        return next(listing.pages()).records

    def lines_taking_back(self, sale_line_ids: Collection[int]) -> list[records.SaleLine]:
        """All lines by which units of these, at most a hundred, came back; of open sales too."""
        if not sale_line_ids:
            return []
        filters = {"parentSaleLineID": _one_of(sale_line_ids)}
        return [line for line in self._list(records.SaleLine, filters) if line.is_refund]

    def lines_of_item(
        self, item_id: int, since: datetime, until: datetime
    ) -> list[records.SaleLine]:
        """The last hundred by which the item was put into a sale between these moments."""
        made = f"><,{_moment(since)},{_moment(until)}"
        filters = {"itemID": str(item_id), "createTime": made, "sort": "-saleLineID"}
        return next(self._list(records.SaleLine, filters).pages()).records

    def kept_lines(self, sale_line_ids: Collection[int]) -> list[records.SaleLine]:
        """Of at most a hundred lines that are or were kept for customers, those that there are."""
        if not sale_line_ids:
            return []
        return self._kept({"saleLineID": _one_of(sale_line_ids)})

    def lines_kept_for(self, customer_id: int) -> list[records.SaleLine]:
        """The last hundred lines that were kept for this customer, the latest first; those that
        went into a sale have its id."""
        return self._kept({"customerID": str(customer_id)})

    def lines_kept_in(self, shop_id: int) -> list[records.SaleLine]:
        """What is on layaway or on special order in this shop and in no sale: the last hundred of
        each."""
        return [
            line
            for kind in ("isLayaway", "isSpecialOrder")
            for line in self._kept({"shopID": str(shop_id), "saleID": "0", kind: "true"})
        ]

    def _kept(self, filters: dict[str, str]) -> list[records.SaleLine]:
        listing = self._list(
            records.SaleLine, {**filters, "sort": "-saleLineID"}, relations=["InventorySales"]
        )
        return next(listing.pages()).records

    def keep_line(self, sale_line_id: int, body: Mapping[str, Any]) -> records.SaleLine:
        """Takes a line out of its open sale and keeps its goods for a customer. Done twice it is
        done once: only after an OutcomeUnknown it is not known whether it is done."""
        resource = f"SaleLine/{sale_line_id}"
        return self._write("PUT", resource, body, records.SaleLine, _sale_line_id, sale_line_id)

    def cancel_line(self, sale_line_id: int) -> None:
        """Of goods that are kept: they are free again. Rejected where they are on order already."""
        resource = f"SaleLine/{sale_line_id}"
        patient_until = self._now() + self._patience
        cost = request_cost("DELETE", resource)
        self._send("DELETE", self._url(resource, {}), cost, patient_until)

    def sales_by_reference(self, reference: str, source: str = SOURCE) -> list[records.Sale]:
        """All sales with exactly this reference, archived and voided ones too, as `sale` reads
        them."""
        filters = {"referenceNumber": reference, "archived": "true"}
        return [
            _whole(sale)
            for sale in self._list(
                records.Sale, filters, relations=SALE_RELATIONS, most_pages=REFERENCE_PAGES
            )
            if (sale.reference_number, sale.reference_number_source) == (reference, source)
        ]

    def sales_changed(
        self, since: datetime, source: str = SOURCE, *, most_pages: int | None = None
    ) -> Listing[records.Sale]:
        """Sales with this source that changed from then on, in the order of their changes; archived
        and voided ones too. 1.8 drips for each hundred.

        Lists have been seen to lag, and to lack lines or payments: before anything is made of a
        sale, `sale` has to read it.
        """
        filters = {"referenceNumberSource": source, **_changed(since)}
        return self._list(records.Sale, filters, relations=SALE_RELATIONS, most_pages=most_pages)

    def sold(self, since: datetime, *, resume_at: str = "") -> Listing[records.Sale]:
        """Completed sales that changed from then on, whoever made them, in the order of their
        changes; with lines and without payments. Voided ones come too. 1.4 drips a hundred.

        Lists have been seen to lack lines: a sale without any that comes to something is not known.
        """
        filters = {"completed": "true", **_changed(since)}
        return self._list(records.Sale, filters, relations=["SaleLines"], resume_at=resume_at)

    def sales_completed(
        self, since: datetime, until: datetime, *, most_pages: int | None = None
    ) -> Listing[records.Sale]:
        """Sales completed between these moments, both included, whoever made them; with payments
        and without lines. Voided ones come too. 1.4 drips for each hundred."""
        filters = {
            "completed": "true",
            "completeTime": f"><,{_moment(since)},{_moment(until)}",
            "sort": "completeTime",
            "archived": "true",
        }
        return self._list(
            records.Sale,
            filters,
            relations=["SalePayments"],
            most_pages=most_pages,
            check=_with_payments,
        )

    def payments_since(self, payment_id: int, prefix: str) -> Listing[records.SalePayment]:
        """Payments made after this one whose remote reference begins so. 1 drip a hundred."""
        filters = {
            "salePaymentID": f">,{payment_id}",
            "remoteReference": f"~,{prefix}%",
            "sort": "salePaymentID",
        }
        return self._list(records.SalePayment, filters)

    def create_sale(self, body: Mapping[str, Any]) -> records.Sale:
        """`body` as `drafts.SaleDraft` makes it. After an OutcomeUnknown the sale may exist."""
        return self._write_sale("POST", "Sale", body)

    def update_sale(self, sale_id: int, body: Mapping[str, Any]) -> records.Sale:
        """Changes the fields in `body`; lines and payments in it without an id are added.

        After an OutcomeUnknown, OutOfBalance among them, they may have been added.
        """
        return self._write_sale("PUT", f"Sale/{sale_id}", body, sale_id=sale_id)

    def archive_sale(self, sale_id: int) -> records.Sale:
        """Only open sales can be. `archived` of the answer tells whether it worked."""
        return self._write_sale("DELETE", f"Sale/{sale_id}", sale_id=sale_id)

    # --- Quotes ------------------------------------------------------------------------

    def quotes_with_ids(self, quote_ids: Collection[int]) -> list[records.Quote]:
        """Of at most a hundred, archived ones too, those that there are. The sale of a quote is
        another one after every edit in Lightspeed."""
        if not quote_ids:
            return []
        filters = {"quoteID": _one_of(quote_ids), "archived": "true"}
        return next(self._list(records.Quote, filters).pages()).records

    def create_quote(self, body: Mapping[str, Any]) -> records.Quote:
        """Of the open sale named in it. After an OutcomeUnknown the sale may have one."""
        return self._write("POST", "Quote", body, records.Quote, _quote_id)

    def archive_quote(self, quote_id: int) -> records.Quote:
        """Its sale stays as it is."""
        resource = f"Quote/{quote_id}"
        return self._write("DELETE", resource, None, records.Quote, _quote_id, quote_id)

    def email_receipt(self, sale_id: int, address: str) -> None:
        """Has Lightspeed send a sale's receipt; the address need not be the customer's. 5 drips.

        After an OutcomeUnknown it may have been sent.
        """
        resource, body = f"Sale/{sale_id}/EmailReceipt", {"emailAddress": address}
        cost = request_cost("POST", resource, body=body)
        patient_until = self._now() + self._patience
        answer = self._send("POST", self._url(resource, {}), cost, patient_until, body=body)
        _parsed(answer, _check_message)

    def _write_sale(
        self,
        method: str,
        resource: str,
        body: Mapping[str, Any] | None = None,
        *,
        sale_id: int | None = None,
    ) -> records.Sale:
        """Lines and payments come with the answer unasked, and asking for them would cost drips."""
        cost = request_cost(method, resource, body=body)
        patient_until = self._now() + self._patience
        answer = self._send(method, self._url(resource, {}), cost, patient_until, body=body)
        sale = _parsed(answer, lambda body: _one(body, records.Sale, _sale_id, sale_id))
        if _is_whole(sale):
            return sale
        try:
            return self.sale(sale.sale_id)
        except errors.LightspeedError as error:
            # Whatever became of the reading: the write has been done.
            raise errors.GarbledAnswer("written, but it could not be read back") from error

    # --- Reading -----------------------------------------------------------------------

    def _list(
        self,
        entity: type[T],
        filters: Mapping[str, str] | None = None,
        *,
        relations: Sequence[str] = (),
        resume_at: str = "",
        most_pages: int | None = None,
        check: Callable[[T], T] | None = None,
    ) -> Listing[T]:
        """`check` raises for a record that cannot be taken as it came; the page fails with it."""
        resource = entity.__name__
        first_url = self._url(
            resource, _with_relations({"limit": "100", **(filters or {})}, relations)
        )

        def next_url(body: object) -> str:
            found = _attributes(body).get("next")
            return self._checked_page(str(found), first_url, relations) if found else ""

        def fetch(url: str) -> Page[T]:
            page = self._read(
                resource,
                lambda body: Page(records.many(body, entity), next_url(body)),
                url=url,
                relations=relations,
            )
            return Page([check(each) for each in page.records], page.next_url) if check else page

        if resume_at:
            resume_at = self._checked_page(resume_at, first_url, relations)
        return Listing(fetch, resume_at or first_url, most_pages=most_pages)

    def _get(
        self, entity: type[T], key: int, id_of: Callable[[T], int], *, relations: Sequence[str]
    ) -> T:
        resource = f"{entity.__name__}/{key}"
        return self._read(
            resource,
            lambda body: _one(body, entity, id_of, key),
            params=_with_relations({}, relations),
            relations=relations,
        )

    def _read(
        self,
        resource: str,
        parse: Callable[[object], T],
        *,
        url: str = "",
        params: Mapping[str, str] | None = None,
        relations: Sequence[str] = (),
        counting: bool = False,
    ) -> T:
        url = url or self._url(resource, params or {})
        cost = request_cost("GET", resource, relations=relations, counting=counting)
        patient_until = self._now() + self._patience
        for attempt in range(1, TRIES + 1):
            try:
                return _parsed(self._send("GET", url, cost, patient_until), parse)
            except errors.LightspeedError as error:
                wait = _back_off(attempt, error.retry_after)
                is_last = attempt == TRIES or wait > self._seconds_until(patient_until)
                if is_last or not error.can_read_again:
                    raise
                self._sleep(wait)
        raise AssertionError("the last try either returns or raises")

    # --- One request -------------------------------------------------------------------

    def _send(
        self,
        method: str,
        url: str,
        cost: float,
        patient_until: datetime,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The answer to a request that was taken. A 401 has had no effect, so anything is sent once
        more with a new token."""
        token = self._tokens.access_token()
        answer = self._in_turn(method, url, body, token, cost, patient_until)
        if answer.status == 401:
            token = self._tokens.replace(token)
            answer = self._in_turn(method, url, body, token, cost, patient_until)
        if answer.status != 200:
            raise errors.from_answer(answer.status, answer.headers, answer.body, secrets=[token])
        return answer

    def _in_turn(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None,
        token: str,
        cost: float,
        patient_until: datetime,
    ) -> Answer:
        waited_seconds = self._wait_for_turn(cost, patient_until)
        figures: dict[str, Any] = {"right": self._right, "waited_seconds": waited_seconds}
        settle = partial(self._pacer.answered, cost, {}, **figures)
        try:
            self._make_sure()
            answer = self._exchange(method, url, body=body, token=token)
            over = self._pacer.refused if answer.status == 429 else self._pacer.answered
            settle = partial(over, cost, answer.headers, **figures)
        except errors.NotSent:
            settle = partial(self._pacer.not_sent, cost)
            raise
        finally:
            self._settle(settle)
        # Recorded refusals name account 0: they were made before anybody looked whose it was.
        if (owner := answer.headers.get("X-LS-Acct-Id", "").strip()) not in ("", "0"):
            self._check_account(owner)
        return answer

    def _wait_for_turn(self, cost: float, patient_until: datetime) -> float:
        """The seconds that it took."""
        waited_seconds = 0.0
        while wait := self._reserve(cost):
            if wait > self._seconds_until(patient_until):
                raise errors.RateLimited("the account's budget is spent", retry_after=wait)
            wait += random.uniform(0.0, 0.1)  # noqa: S311 (so that not all come at once)
            self._sleep(wait)
            waited_seconds += wait
        return waited_seconds

    def _reserve(self, cost: float) -> float:
        try:
            return self._pacer.reserve(cost, self._right, self._now())
        except Exception as error:  # whatever the store is made of
            raise errors.NotSent(f"no turn to be had: {type(error).__name__}") from error

    def _settle(self, settle: Callable[..., None]) -> None:
        try:
            settle(now=self._now())
        except Exception:
            # What was answered matters more, and what was reserved leaks away by itself.
            log.exception("A call to Lightspeed could not be told to the account's bucket")

    def _seconds_until(self, moment: datetime) -> float:
        return (moment - self._now()).total_seconds()

    # --- Addresses ---------------------------------------------------------------------

    def _account(self) -> int:
        if self.account_id is None:
            raise ValueError("this call needs an account")
        return self.account_id

    def _url(self, resource: str, params: Mapping[str, str]) -> str:
        if resource == "Session":  # documented without a version and an account
            return f"{self._base_url}/API/Session.json"
        query = f"?{urlencode(params)}" if params else ""
        return f"{self._base_url}/API/V3/Account/{self._account()}/{resource}.json{query}"

    def _checked_page(self, url: str, first_url: str, relations: Sequence[str]) -> str:
        """`url` if it leads to the same list, since our token goes there too.

        Some answers' links have lost `load_relations`; they get it back.
        """
        here = urlsplit(first_url)
        try:
            there = urlsplit(url)
        except ValueError:
            raise errors.GarbledAnswer("paging leads to what is no address") from None
        if (there.scheme, there.netloc, there.path) != (here.scheme, here.netloc, here.path):
            raise errors.GarbledAnswer("paging leads elsewhere")
        query = there.query
        if relations and "load_relations" not in parse_qs(query):
            query += "&" + urlencode(_with_relations({}, relations))
        return urlunsplit((*there[:3], query, ""))

    def _check_account(self, account_id: int | str) -> None:
        if self.account_id is not None and str(account_id) != str(self.account_id):
            told = str(account_id)[:20]
            raise errors.WrongAccount(f"account {told} answered for {self.account_id}")


def _parsed(answer: Answer, parse: Callable[[object], T]) -> T:
    try:
        if answer.body is None:
            raise ValueError("no whole JSON in the answer")
        return parse(answer.body)
    except ValueError as error:
        request_id = errors.request_id(answer.headers)
        raise errors.GarbledAnswer(
            str(error), status=answer.status, request_id=request_id
        ) from None


def _attributes(body: object) -> Mapping[str, object]:
    """ValueError for a body without them: it is no list, and no empty one either."""
    attributes = body.get("@attributes") if isinstance(body, Mapping) else None
    if not isinstance(attributes, Mapping):
        raise ValueError("an answer without its @attributes")
    return attributes


def _check_message(body: object) -> None:
    """ValueError for anything but the few words that Lightspeed has for what is done."""
    if not isinstance(body, Mapping) or "message" not in body:
        raise ValueError("an answer without its message")


def _one(body: object, entity: type[T], id_of: Callable[[T], int], key: int | None) -> T:
    """ValueError if another record of its kind was answered; None: any will do."""
    record = records.one(body, entity)
    if key is not None and id_of(record) != key:
        raise ValueError("another record than the one asked for")
    return record


def _sale_id(sale: records.Sale) -> int:
    return sale.sale_id


def _sale_line_id(line: records.SaleLine) -> int:
    return line.sale_line_id


def _quote_id(quote: records.Quote) -> int:
    return quote.quote_id


def _customer_id(customer: records.Customer) -> int:
    return customer.customer_id


def _credit_account_id(account: records.CreditAccount) -> int:
    return account.credit_account_id


def _is_code(shown: str, code: str) -> bool:
    """Whether a card's number, perhaps masked but for its end (`********3123`), is this one."""
    end = shown.lstrip("*")
    return shown == code or (end != shown and code.endswith(end))


def _is_whole(sale: records.Sale) -> bool:
    """Whether it has lines and payments if its sums say so: they have been seen to go missing."""
    return bool(sale.sale_lines or not sale.calc_subtotal) and _has_payments(sale)


def _has_payments(sale: records.Sale) -> bool:
    return bool(sale.live_payments or not sale.calc_payments)


def _with_payments(sale: records.Sale) -> records.Sale:
    if not _has_payments(sale):
        raise errors.GarbledAnswer("the sale came without its payments")
    return sale


def _whole(sale: records.Sale) -> records.Sale:
    if not _is_whole(sale):
        raise errors.GarbledAnswer("the sale came without its lines or its payments")
    return sale


def _changed(since: datetime | None) -> dict[str, str]:
    if since is None:
        return {}
    return {"timeStamp": f">=,{_moment(since)}", "sort": "timeStamp", "archived": "true"}


def _all_by(key: str) -> dict[str, str]:
    return {"sort": key, "archived": "true"}


def _one_of(ids: Collection[int]) -> str:
    return f"IN,[{','.join(map(str, sorted(ids)))}]"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _with_relations(params: dict[str, str], relations: Sequence[str]) -> dict[str, str]:
    if relations:
        params["load_relations"] = json.dumps(list(relations), separators=(",", ":"))
    return params


def _back_off(attempt: int, retry_after: float | None) -> float:
    """Seconds before the next try: as told, or 0.5, 1, 2 … with half of it by chance."""
    usual = 0.5 * 2.0 ** (attempt - 1)
    return (retry_after or usual / 2) + random.uniform(0.0, usual / 2)  # noqa: S311
