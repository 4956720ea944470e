import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesfloor.customers import search
from salesfloor.staff.models import Account

ANN = {"email": "ann.lee@example.com", "phones": "15145550134 5145550199"}


def names(account, query):
    return [str(customer) for customer in search.find(account, query)]


@pytest.mark.parametrize(
    "query",
    [
        "ann lee",
        "lee ann",
        "le an",
        "ANN LÉE",
        "lee, ann",
        "quay",
        "ann quay",
        "ann.lee@example.com",
        "Ann.Lee@ex",
        "0134",
        "0199",
        "555-0134",
        "514 555 0199",
        "+1 (514) 555-0199",
        "514 555",
    ],
)
def test_customer_is_found_by_words_email_and_digits_in_any_order(retailer, make_customer, query):
    make_customer("Ann Lee", company="Quay Sports", **ANN)
    make_customer("Bo Larsen", company="Harbour", email="bo@other.example", phones="4385550177")
    assert names(retailer, query) == ["Ann Lee"]


@pytest.mark.parametrize("query", ["obrien", "o'brien", "O’Brien", "brien sean", "Seán"])
def test_names_are_found_without_accents_and_apostrophes(retailer, make_customer, query):
    make_customer("Seán O'Brien")
    assert names(retailer, query) == ["Seán O'Brien"]


@pytest.mark.parametrize("query", ["", "a", "7", "ann smith", "0135", "lee@example.com", "@", "'"])
def test_nothing_is_shown_for_too_little_or_for_what_fits_nobody(retailer, make_customer, query):
    make_customer("Ann Lee", **ANN)
    assert names(retailer, query) == []


def test_whole_names_come_before_beginnings_then_by_the_alphabet(retailer, make_customer):
    for name in ("Leeann Park", "Zoe Lee", "Bo Leeds", "Ann Lee"):
        make_customer(name)
    assert names(retailer, "lee") == ["Ann Lee", "Zoe Lee", "Bo Leeds", "Leeann Park"]


def test_changed_customer_is_found_as_now_and_an_archived_one_no_more(retailer, make_customer):
    ann = make_customer("Ann Lee")
    ann.last_name = "Moreau"
    ann.save()
    search.index([ann])
    assert (names(retailer, "moreau"), names(retailer, "lee")) == (["Ann Moreau"], [])
    ann.archived = True
    ann.save()
    search.index([ann])
    assert names(retailer, "moreau") == []


def test_each_account_finds_its_own_customers_only(retailer, make_customer):
    other = Account.objects.create(lightspeed_id=99, name="Elsewhere")
    make_customer("Ann Lee", **ANN)
    make_customer("Ann Far", account=other, **ANN)
    for query in ("ann", "0134", "ann.lee@example.com"):
        assert (names(retailer, query), names(other, query)) == (["Ann Lee"], ["Ann Far"])
    assert [str(one) for one in search.known(other, email=ANN["email"])] == ["Ann Far"]


@pytest.mark.parametrize(
    "given_as", [{"email": "ANN.LEE@example.com"}, {"phone": "+1 514 555-0134"}, ANN | {}]
)
def test_customer_is_known_by_email_or_phone(retailer, make_customer, given_as):
    make_customer("Ann Lee", **ANN)
    make_customer("Bo Larsen", email="ann@example.com", phones="5145550135")
    known = search.known(retailer, email=given_as.get("email", ""), phone=given_as.get("phone", ""))
    assert [str(customer) for customer in known] == ["Ann Lee"]


def test_nobody_is_known_by_nothing(retailer, make_customer):
    make_customer("Ann Lee", **ANN)
    assert search.known(retailer, email="", phone="12") == []


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.text(max_size=30))
def test_nothing_that_can_be_typed_makes_it_fail(retailer, query):
    assert search.find(retailer, f"{query}") == []
    assert search.known(retailer, email=query, phone=query) == []
