from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from salesfloor.lightspeed import errors, oauth, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender, completion
from salesfloor.lightspeed.ratelimit import MemoryStore, Pacer, Right
from tests.conftest import REP, SHOE, SOCK, THE_SHOP
from tests.lightspeed.conftest import Keeper
from tests.simulator.running import RunningSimulator

MakeClient = Callable[..., Client]
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def call(simulator: RunningSimulator) -> MakeClient:
    """A client of Maya's."""

    def make(**options: Any) -> Client:
        token = simulator.grant(REP).access_token
        options = {"connect_seconds": 0.5, "call_seconds": 1.5, **options}
        return Client(4711, Keeper(token), base_url=simulator.url, **options)

    return make


def socks_and_shoes(reference: str = "SF-1") -> SaleDraft:
    sold = [(SOCK, "9.99"), (SHOE, "20")]
    return SaleDraft(
        reference_number=reference,
        employee_id=REP,
        shop_id=1,
        register_id=1,
        lines=[
            DraftLine(item_id=item, unit_quantity=1, unit_price=Decimal(price))
            for item, price in sold
        ],
    )


def cash(amount: str, reference: str = "SF-1-1") -> Tender:
    return Tender(payment_type_id=1, amount=Decimal(amount), remote_reference=reference)


# --- Reading ---------------------------------------------------------------------------


def test_a_session_says_who_one_is(call: MakeClient) -> None:
    session = call().session()
    assert (session.first_name, session.last_name) == ("Maya", "Rosen")
    assert "register" in session.rights
    assert "admin" not in session.rights


def test_what_a_sale_refers_to_is_all_there(call: MakeClient) -> None:
    client = call()
    assert client.account().currency
    assert [shop.name for shop in client.shops()][1:] == ["Harbour Street"]
    assert {register.shop_id for register in client.registers()} == {1, 2}
    assert "cash" in [payment_type.type for payment_type in client.payment_types()]
    assert next(iter(client.tax_categories())).rates_for(1) == (Decimal("0.05"), Decimal("0.09975"))


def test_items_come_with_prices_and_stock_by_shop(call: MakeClient) -> None:
    client = call()
    items = {item.item_id: item for item in client.items()}
    stock = {row.shop_id: row.qoh for row in client.stock_of(SOCK)}
    assert items.keys() == {item["itemID"] for item in THE_SHOP["Item"]}
    assert items[SOCK].price() == Decimal("9.99")
    assert stock == {0: 14, 1: 10, 2: 4}


def test_a_walk_over_many_pages_can_be_left_and_resumed(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    names = [f"Peg {number:03}" for number in range(230)]
    simulator.put({"Item": [{"description": name, "taxClassID": 1} for name in names]})
    first = next(call().items().pages())
    rest = call().items(resume_at=first.next_url)
    walked = [item.description for item in [*first.records, *rest]]
    assert len(first.records) == 100
    assert sorted(walked)[1:231] == names  # after the boot fitting
    assert len(walked) == call().count(records.Item) == 233


def test_stock_may_be_listed_without_the_sums_over_shops(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    listed = list(call().stock(THE_BEGINNING, with_sums=False))
    assert {(row.item_id, row.shop_id, row.qoh) for row in listed} == {
        (row["itemID"], row["shopID"], row["qoh"]) for row in THE_SHOP["ItemShop"]
    }


def test_highest_id_tells_for_a_drip_about_how_many_there_are(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    simulator.put({"Item": [{"itemID": 812, "description": "Old tent", "archived": True}]})
    before = simulator.state()["drips"]
    highest = call().highest_id(records.Item, "itemID", lambda item: item.item_id)
    assert (highest, simulator.state()["drips"] - before) == (812, 1)
    assert call().highest_id(records.Quote, "quoteID", lambda quote: quote.quote_id) == 0


def test_all_items_are_listed_by_their_ids_archived_ones_too(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    simulator.put({"Item": [{"itemID": 5, "description": "Old tent", "archived": True}]})
    listed = [item.item_id for item in call().items(archived_too=True)]
    assert listed == sorted(listed)
    assert 5 in listed


def test_changes_are_followed_with_what_was_archived(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    before = datetime.fromisoformat(simulator.state()["now"]).astimezone(UTC)
    simulator.clock(advance=60)
    simulator.put({"Item": [{"description": "Old tent", "taxClassID": 1, "archived": True}]})
    changed = list(call().items(changed_since=before))
    assert ("Old tent", True) in [(item.description, item.archived) for item in changed]


def test_an_item_that_is_not_there_is_not_found(call: MakeClient) -> None:
    with pytest.raises(errors.NotFound) as caught:
        call().item(999)
    assert (caught.value.status, caught.value.error_class) == (404, "Exception")


# --- Selling ---------------------------------------------------------------------------


def test_a_sale_is_priced_completed_and_read_back(call: MakeClient) -> None:
    client = call()
    quoted = client.create_sale(socks_and_shoes().body())
    assert (quoted.completed, quoted.calc_total) == (False, Decimal("34.48"))
    sold = client.update_sale(quoted.sale_id, completion([cash("40")]))
    assert (sold.completed, sold.change, sold.balance) == (True, Decimal("5.52"), 0)
    [found] = client.sales_by_reference("SF-1")
    assert (found.ticket_number, found.live_payments[0].remote_reference) == (
        sold.ticket_number,
        "SF-1-1",
    )


def test_a_draft_can_be_archived_until_it_is_completed(call: MakeClient) -> None:
    client = call()
    draft = client.create_sale(socks_and_shoes().body())
    assert client.archive_sale(draft.sale_id).archived
    sold = client.create_sale(socks_and_shoes("SF-2").body())
    client.update_sale(sold.sale_id, completion([cash("34.48")]))
    with pytest.raises(errors.Rejected):
        client.archive_sale(sold.sale_id)


def test_receipt_is_sent_by_e_mail_to_any_address(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    client = call()
    sold = client.create_sale(socks_and_shoes().body())
    client.update_sale(sold.sale_id, completion([cash("34.48")]))
    client.email_receipt(sold.sale_id, "ann@example.com")
    (mail,) = simulator.control("GET", "mail")["mail"]
    assert (mail["address"], mail["sale_id"]) == ("ann@example.com", sold.sale_id)


def test_receipt_to_what_is_no_address_is_refused(call: MakeClient) -> None:
    client = call()
    sold = client.create_sale(socks_and_shoes().body())
    with pytest.raises(errors.Rejected):
        client.email_receipt(sold.sale_id, "nobody")


def test_too_little_cash_leaves_the_sale_open_with_its_payment(call: MakeClient) -> None:
    client = call()
    draft = client.create_sale(socks_and_shoes().body())
    with pytest.raises(errors.OutOfBalance) as caught:
        client.update_sale(draft.sale_id, completion([cash("5")]))
    left = client.sale(draft.sale_id)
    assert caught.value.sale_id == draft.sale_id
    assert (left.completed, [payment.amount for payment in left.live_payments]) == (False, [5])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", errors.NoAnswer),
        ("reset_after", errors.NoAnswer),
        ("timeout", errors.NoAnswer),
        ("timeout_after", errors.NoAnswer),
        ("cut_body", errors.GarbledAnswer),
        ("slow_drip", errors.GarbledAnswer),
        ("malformed_json", errors.GarbledAnswer),
        ("html_200", errors.GarbledAnswer),
        ("html_200_after", errors.GarbledAnswer),
        ("html_400", errors.Rejected),
        ("html_502_after", errors.ServerError),
        ("500_after", errors.ServerError),
        ("400", errors.Rejected),
        ("409", errors.Conflict),
        ("422", errors.Rejected),
    ],
)
def test_a_completion_in_doubt_is_sent_once_and_found_by_reading(
    call: MakeClient, simulator: RunningSimulator, fault: str, error: type[errors.OutcomeUnknown]
) -> None:
    client = call()
    draft = client.create_sale(socks_and_shoes().body())
    simulator.fault("Sale/{id}", fault, method="PUT", seconds=4)
    with pytest.raises(error) as caught:
        client.update_sale(draft.sale_id, completion([cash("34.48")]))
    [found] = client.sales_by_reference("SF-1")
    assert not caught.value.can_write_again
    assert len(found.live_payments) == (1 if found.completed else 0)
    assert simulator.state()["calls"]["PUT Sale/{id}"] == 1


@pytest.mark.parametrize(
    ("fault", "error"), [("403", errors.Forbidden), ("429", errors.RateLimited)]
)
def test_a_completion_refused_without_effect_left_nothing_behind(
    call: MakeClient, simulator: RunningSimulator, fault: str, error: type[errors.LightspeedError]
) -> None:
    client = call()
    draft = client.create_sale(socks_and_shoes().body())
    simulator.fault("Sale/{id}", fault, method="PUT", seconds=0)
    with pytest.raises(error) as caught:
        client.update_sale(draft.sale_id, completion([cash("34.48")]))
    assert caught.value.can_write_again
    assert call().sale(draft.sale_id).sale_payments == ()


def test_a_completion_goes_through_with_a_new_token_where_the_old_has_ended(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    draft = call().create_sale(socks_and_shoes().body())
    keeper = Keeper("ended", simulator.grant(REP).access_token)
    sold = Client(4711, keeper, base_url=simulator.url).update_sale(
        draft.sale_id, completion([cash("34.48")])
    )
    assert (sold.completed, len(sold.live_payments)) == (True, 1)


# --- Tokens and the budget -------------------------------------------------------------


def test_a_refreshed_token_works_and_a_revoked_one_does_not(simulator: RunningSimulator) -> None:
    client: dict[str, Any] = {"client_id": "salesfloor", "client_secret": "salesfloor-secret"}
    client["login_url"] = simulator.url
    pair = oauth.refresh(simulator.grant(REP).refresh_token, **client)
    assert Client(4711, Keeper(pair.access_token), base_url=simulator.url).session().account_id
    oauth.revoke(pair.refresh_token, **client)
    with pytest.raises(errors.SignInLost):
        Client(4711, Keeper(pair.access_token), base_url=simulator.url).session()
    with pytest.raises(errors.SignInLost):
        oauth.refresh(pair.refresh_token, **client)


def test_an_ordinary_sale_costs_at_most_ten_drips_and_what_we_reckon(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    class Ledger(Pacer):
        reckoned = 0.0

        def answered(self, cost: float, *args: Any, **more: Any) -> None:
            self.reckoned += cost
            super().answered(cost, *args, **more)

    ledger = Ledger(store := MemoryStore())
    client = call(right=Right.COMPLETE, pacer=ledger)
    draft = client.create_sale(socks_and_shoes().body())
    client.update_sale(draft.sale_id, completion([cash("40")]))
    assert ledger.reckoned <= 10
    assert simulator.state()["drips"] == pytest.approx(ledger.reckoned)
    told = store.figures(datetime.now(UTC))[Right.COMPLETE]
    assert (told.calls, told.drips) == (2, pytest.approx(ledger.reckoned))


def test_reading_the_catalogue_is_never_answered_429(
    call: MakeClient, simulator: RunningSimulator
) -> None:
    simulator.put({"Item": [{"description": f"Peg {number}"} for number in range(3000)]})
    simulator.settings(bucket_size=60, drip_rate=30, burst_limit=20)
    walked = list(call(right=Right.CATALOGUE).items())
    assert len(walked) == 3003
    # Every call had one answer that counted: none had to be repeated.
    assert simulator.state()["calls"]["GET Item"] == 31
