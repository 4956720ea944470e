"""One shop asks another to look on its shelf, and both see what came of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog.models import Item
from salesfloor.shelf.models import ANSWERED_WITHIN, TOLD_FOR, Question
from salesfloor.shelf.tasks import look_after_questions
from salesfloor.staff.models import Account, Rep, Shop
from tests.shelf.conftest import Open, make_rep_in, make_shop

QUESTIONS = reverse("shelf:questions")
STATUS = reverse("sales:status")


def ask(screen: Client, item: Item, shop: Shop) -> Any:
    return screen.post(reverse("shelf:ask", args=[item.pk, shop.pk]))


def answer(screen: Client, said: str, **form: str) -> Any:
    url = reverse("shelf:answer", args=[Question.everywhere.latest("pk").pk])
    return screen.post(url, {"answer": said} | form)


def end(screen: Client) -> Any:
    return screen.post(reverse("shelf:end", args=[Question.everywhere.latest("pk").pk]))


def seen(screen: Client) -> str:
    """What the top bar of a selling screen shows of questions."""
    return text_of(screen.get(QUESTIONS))


def text_of(response: Any) -> str:
    words = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words)


def version_of(screen: Client) -> str:
    found = re.search(r'name="shelf" value="([^"]*)"', screen.get(QUESTIONS).content.decode())
    assert found
    return found[1]


def let_pass(span: timedelta) -> None:
    """As if all that was asked and answered had been so much longer ago."""
    for question in Question.everywhere.all():
        question.asked_at -= span
        question.ends_at -= span
        question.save()


@pytest.fixture
def asked(maya: Rep, ana: Rep, sock: Item, mill: Shop, screen: Open) -> tuple[Client, Client]:
    """The screens of Maya at Harbour Street, who asked for a sock, and of Ana at Mill Lane."""
    at_harbour, at_mill = screen(maya), screen(ana)
    assert ask(at_harbour, sock, mill).status_code == 200
    return at_harbour, at_mill


def test_question_is_on_the_screens_of_both_shops(asked: tuple[Client, Client]) -> None:
    at_harbour, at_mill = asked
    assert "Wool sock M SOCK-M Mill Lane is asked to look. Maya R. · now" in seen(at_harbour)
    there = seen(at_mill)
    assert "Harbour Street asks whether it is here. Maya R. · now" in there
    assert "1 question" in there
    for act in ("Held until", "Not found", "One moment"):
        assert act in there
        assert act not in seen(at_harbour)


def test_screens_of_a_third_shop_show_nothing(
    asked: tuple[Client, Client], account: Account, screen: Open
) -> None:
    elsewhere = screen(make_rep_in(make_shop(account, 3, "Station Square"), 10, "Sophie Tran"))
    assert "sock" not in seen(elsewhere)
    assert answer(elsewhere, "not_found").status_code == 404
    assert end(elsewhere).status_code == 404


def test_selling_screen_hears_of_changes_by_the_status_spot(
    maya: Rep, ana: Rep, sock: Item, mill: Shop, screen: Open
) -> None:
    at_harbour, at_mill = screen(maya), screen(ana)
    before = version_of(at_mill)
    assert "HX-Trigger" not in at_mill.get(STATUS, {"shelf": before})
    ask(at_harbour, sock, mill)
    assert "shelf" in at_mill.get(STATUS, {"shelf": before})["HX-Trigger"]
    assert "HX-Trigger" not in at_mill.get(STATUS, {"shelf": version_of(at_mill)})
    at_harbour_before = version_of(at_harbour)
    answer(at_mill, "moment")
    assert "shelf" in at_harbour.get(STATUS, {"shelf": at_harbour_before})["HX-Trigger"]


def test_status_spot_of_a_page_without_questions_asks_for_none(
    asked: tuple[Client, Client],
) -> None:
    assert "HX-Trigger" not in asked[1].get(STATUS)


def test_looking_for_changes_costs_one_query(asked: tuple[Client, Client]) -> None:
    spent = []
    for query in ({}, {"shelf": version_of(asked[1])}):
        with CaptureQueriesContext(connection) as captured:
            asked[1].get(STATUS, query)
        spent.append(sum("clock_timestamp" not in each["sql"] for each in captured))
    assert spent[1] == spent[0] + 1


def test_age_of_a_question_makes_a_screen_old(asked: tuple[Client, Client]) -> None:
    before = version_of(asked[0])
    let_pass(timedelta(minutes=2))
    assert "shelf" in asked[0].get(STATUS, {"shelf": before})["HX-Trigger"]
    assert "Maya R. · 2 min" in seen(asked[0])


def test_held_until_an_hour_is_seen_by_both(asked: tuple[Client, Client]) -> None:
    at_harbour, at_mill = asked
    until = timezone.now() + timedelta(hours=3)
    answer(at_mill, "held", until=f"{until:%H}:00")
    assert f"Ana D. at Mill Lane holds it until {until:%H}:00." in seen(at_harbour)
    assert f"Ana D. holds it for Harbour Street until {until:%H}:00." in seen(at_mill)
    assert "Not found" not in seen(at_mill)


def test_hour_offered_first_is_two_hours_ahead(asked: tuple[Client, Client]) -> None:
    page = asked[1].get(QUESTIONS).content.decode()
    offered = re.findall(r"<option ?(selected)?>(\d\d):00</option>", page)
    now = timezone.now()
    hours = [(now + timedelta(hours=count)).hour for count in range(1, 11)]
    assert [int(hour) for _, hour in offered] == hours
    assert [int(hour) for selected, hour in offered if selected] == [hours[2]]


def test_hours_are_those_of_the_wall_of_each_shop(
    asked: tuple[Client, Client], harbour: Shop
) -> None:
    at_harbour, at_mill = asked
    harbour.time_zone = "Asia/Tokyo"
    harbour.save()
    until = timezone.now() + timedelta(hours=3)
    answer(at_mill, "held", until=f"{until:%H}:00")
    there = until + timedelta(hours=9)
    assert f"holds it until {there:%H}:00." in seen(at_harbour)


@pytest.mark.parametrize("until", ["", "25:00", "x", "17:00+02:00", "2026-01-01", "\0"])
def test_time_that_is_none_is_refused_and_nothing_is_answered(
    asked: tuple[Client, Client], until: str
) -> None:
    refused = answer(asked[1], "held", until=until)
    assert refused.status_code == 422
    assert "Say until when it is held" in text_of(refused)
    assert 'id="shelf"' in refused.content.decode()
    assert "is asked to look" in seen(asked[0])


def test_not_found_is_told_with_who_looked(asked: tuple[Client, Client]) -> None:
    at_harbour, at_mill = asked
    answer(at_mill, "not_found")
    assert "Ana D. at Mill Lane did not find it." in seen(at_harbour)
    assert 'data-told="Wool sock M: Ana D. at Mill Lane did not find it."' in (
        at_harbour.get(QUESTIONS).content.decode()
    )


def test_only_who_asked_is_told_of_the_answer_and_everybody_there_of_the_question(
    asked: tuple[Client, Client], harbour: Shop, jonas: Rep, screen: Open
) -> None:
    assert "data-told" not in asked[0].get(QUESTIONS).content.decode()
    assert "data-told" in screen(jonas).get(QUESTIONS).content.decode()
    answer(asked[1], "moment")
    colleague = screen(make_rep_in_again(harbour))
    assert "data-told" in asked[0].get(QUESTIONS).content.decode()
    assert "data-told" not in colleague.get(QUESTIONS).content.decode()
    assert "Ana D. at Mill Lane is looking." in seen(colleague)


def see_answers(screen: Client) -> Any:
    """Open the list of the top bar."""
    page = screen.get(QUESTIONS).content.decode()
    shown = re.findall(r'name="question" value="(\d+)"', page)
    return screen.post(reverse("shelf:see_answers"), {"question": shown})


def test_answer_is_counted_to_who_asked_until_they_open_the_list(
    asked: tuple[Client, Client], harbour: Shop, screen: Open
) -> None:
    at_harbour, at_mill = asked
    assert "Between shops" in seen(at_harbour)
    answer(at_mill, "not_found")
    assert "1 answer" in seen(at_harbour)
    before = version_of(at_harbour)
    assert see_answers(at_harbour).status_code == 204
    assert "1 answer" not in seen(at_harbour)
    assert "did not find it" in seen(at_harbour)
    assert "shelf" in at_harbour.get(STATUS, {"shelf": before})["HX-Trigger"]


def test_who_did_not_ask_neither_is_told_of_an_answer_nor_can_see_it_for_another(
    asked: tuple[Client, Client], harbour: Shop, screen: Open
) -> None:
    at_harbour, at_mill = asked
    answer(at_mill, "held", until=f"{timezone.now() + timedelta(hours=1):%H:%M}")
    colleague = screen(make_rep_in_again(harbour))
    for other in (colleague, at_mill):
        assert "1 answer" not in seen(other)
        question = Question.everywhere.get().pk
        looked = other.post(
            reverse("shelf:see_answers"), {"question": [question, "x", "²", "9" * 30]}
        )
        assert looked.status_code == 204
    assert "1 answer" in seen(at_harbour)


def test_that_somebody_looks_is_no_answer_yet(asked: tuple[Client, Client]) -> None:
    answer(asked[1], "moment")
    assert "1 answer" not in seen(asked[0])
    answer(asked[1], "not_found")
    assert "1 answer" in seen(asked[0])


def test_page_of_questions_shows_answers_as_seen_too(
    asked: tuple[Client, Client], maya: Rep, screen: Open
) -> None:
    answer(asked[1], "not_found")
    page = screen(maya, plain=True).get(QUESTIONS).content.decode()
    assert re.search(r'hx-post="/shelf/seen/"\s+hx-trigger="load"', page)


def make_rep_in_again(shop: Shop) -> Rep:
    return make_rep_in(shop, 20, "Tomás Leclerc")


def test_one_moment_is_seen_and_a_colleague_may_still_answer(
    asked: tuple[Client, Client], jonas: Rep, screen: Open
) -> None:
    at_harbour, at_mill = asked
    answer(at_mill, "moment")
    assert "Ana D. at Mill Lane is looking." in seen(at_harbour)
    assert "Ana D. is looking, for Harbour Street." in seen(at_mill)
    assert "One moment" not in seen(at_mill)
    answer(screen(jonas), "not_found")
    assert "Jonas W. at Mill Lane did not find it." in seen(at_harbour)


def test_first_answer_wins_and_the_other_is_told_what_it_was(
    asked: tuple[Client, Client], jonas: Rep, screen: Open
) -> None:
    at_harbour, at_mill = asked
    until = timezone.now() + timedelta(hours=2)
    answer(at_mill, "held", until=f"{until:%H:%M}")
    late = answer(screen(jonas), "not_found")
    assert late.status_code == 409
    assert "Too late, so nothing was changed. Ana D. holds it for Harbour Street" in text_of(late)
    assert "Ana D. at Mill Lane holds it" in seen(at_harbour)


def test_same_answer_twice_is_no_refusal(asked: tuple[Client, Client]) -> None:
    assert [answer(asked[1], "moment").status_code for _ in range(2)] == [200, 200]
    assert [answer(asked[1], "not_found").status_code for _ in range(2)] == [200, 200]


def test_shop_that_asks_cannot_answer_itself(asked: tuple[Client, Client]) -> None:
    refused = answer(asked[0], "not_found")
    assert refused.status_code == 403
    assert "Only Mill Lane can answer that." in text_of(refused)
    assert "is asked to look" in seen(asked[0])


def test_answer_that_is_none_changes_nothing(asked: tuple[Client, Client]) -> None:
    assert answer(asked[1], "sold").status_code == 422
    assert "is asked to look" in seen(asked[0])


# --- Ends -------------------------------------------------------------------------------


def test_question_ends_unanswered_after_half_an_hour(asked: tuple[Client, Client]) -> None:
    at_harbour, at_mill = asked
    let_pass(ANSWERED_WITHIN)
    assert "Nobody at Mill Lane answered in half an hour." in seen(at_harbour)
    assert "Nobody here answered Harbour Street in half an hour." in seen(at_mill)
    assert answer(at_mill, "moment").status_code == 409
    let_pass(TOLD_FOR)
    assert "sock" not in seen(at_harbour)
    assert "sock" not in seen(at_mill)


def test_hold_ends_after_its_time_and_the_goods_go_back(asked: tuple[Client, Client]) -> None:
    at_harbour, at_mill = asked
    answer(at_mill, "held", until=f"{timezone.now() + timedelta(minutes=90):%H:%M}")
    let_pass(timedelta(hours=1))
    assert "holds it" in seen(at_harbour)
    let_pass(timedelta(minutes=31))
    assert "Mill Lane held it until" in seen(at_harbour)
    assert "put it back" in seen(at_mill)
    assert "data-told" in at_mill.get(QUESTIONS).content.decode()


def test_question_that_is_taken_back_is_gone_from_both_once_put_away(
    asked: tuple[Client, Client],
) -> None:
    at_harbour, at_mill = asked
    end(at_harbour)
    assert "The question to Mill Lane was taken back." in seen(at_harbour)
    assert "Harbour Street took the question back." in seen(at_mill)
    end(at_harbour)
    assert "sock" not in seen(at_harbour)
    assert "sock" not in seen(at_mill)


def test_shop_that_is_asked_cannot_take_the_question_back(asked: tuple[Client, Client]) -> None:
    refused = end(asked[1])
    assert refused.status_code == 422
    assert "Only the shop that asks can take a question back." in text_of(refused)
    assert "is asked to look" in seen(asked[0])


@pytest.mark.parametrize("by", [0, 1])
def test_either_shop_may_end_a_hold(asked: tuple[Client, Client], by: int) -> None:
    answer(asked[1], "held", until=f"{timezone.now() + timedelta(hours=1):%H:%M}")
    end(asked[by])
    assert "Mill Lane no longer holds it." in seen(asked[0])
    assert "No longer held for Harbour Street: put it back." in seen(asked[1])


def test_worker_writes_down_what_has_ended_and_forgets_it_after_a_month(
    asked: tuple[Client, Client],
) -> None:
    let_pass(ANSWERED_WITHIN)
    look_after_questions.call_local()
    assert Question.everywhere.get().state == Question.State.UNANSWERED
    assert "Nobody at Mill Lane answered" in seen(asked[0])
    let_pass(timedelta(days=31))
    look_after_questions.call_local()
    assert not Question.everywhere.exists()


# --- Limits -----------------------------------------------------------------------------


def test_asking_again_shows_the_question_that_is_open(
    asked: tuple[Client, Client], sock: Item, mill: Shop
) -> None:
    page = text_of(ask(asked[0], sock, mill))
    assert "Mill Lane is asked to look." in page
    assert Question.everywhere.count() == 1


def test_may_be_asked_anew_once_it_has_ended(
    asked: tuple[Client, Client], sock: Item, mill: Shop
) -> None:
    let_pass(ANSWERED_WITHIN)
    ask(asked[0], sock, mill)
    assert "is asked to look" in seen(asked[0])
    answer(asked[1], "not_found")
    assert "Ask Mill Lane again" in text_of(asked[0].get(reverse("shelf:of_item", args=[sock.pk])))
    ask(asked[0], sock, mill)
    assert Question.everywhere.count() == 3


def test_flood_of_questions_is_refused(
    asked: tuple[Client, Client], account: Account, sock: Item, mill: Shop
) -> None:
    for number in range(11):
        cap = account.items.create(lightspeed_id=100 + number, description=f"Cap {number}")
        assert ask(asked[0], cap, mill).status_code == 200
    cap = account.items.create(lightspeed_id=200, description="One cap more")
    refused = ask(asked[0], cap, mill)
    assert refused.status_code == 422
    assert "Mill Lane was asked 12 times in the last minutes." in text_of(refused)
    assert f'id="ask-{cap.pk}-{mill.pk}"' in refused.content.decode()
    let_pass(timedelta(minutes=11))
    assert ask(asked[0], cap, mill).status_code == 200


def test_own_shop_archived_shop_and_services_cannot_be_asked_for(
    maya: Rep, sock: Item, harbour: Shop, mill: Shop, account: Account, screen: Open
) -> None:
    service = account.items.create(
        lightspeed_id=40, description="Boot fitting", item_type="non_inventory"
    )
    assert ask(screen(maya), sock, harbour).status_code == 422
    assert ask(screen(maya), service, mill).status_code == 422
    mill.archived = True
    mill.save()
    assert ask(screen(maya), sock, mill).status_code == 404
    assert not Question.everywhere.exists()


def test_two_shops_may_hold_questions_for_the_same_item_at_once(
    asked: tuple[Client, Client], account: Account, sock: Item, mill: Shop, screen: Open
) -> None:
    third = screen(make_rep_in(make_shop(account, 3, "Station Square"), 10, "Sophie Tran"))
    ask(third, sock, mill)
    assert "2 questions" in seen(asked[1])


# --- Others' ----------------------------------------------------------------------------


@pytest.fixture
def stranger(screen: Open) -> Client:
    other = Account.objects.create(lightspeed_id=2, name="Other", connected_at=timezone.now())
    return screen(make_rep_in(make_shop(other, 1, "Far Away"), 1, "Stran Ger"))


def test_another_account_neither_sees_nor_asks_nor_answers(
    asked: tuple[Client, Client], stranger: Client, sock: Item, mill: Shop
) -> None:
    assert "sock" not in seen(stranger)
    assert ask(stranger, sock, mill).status_code == 404
    assert answer(stranger, "not_found").status_code == 404
    assert end(stranger).status_code == 404
    assert stranger.get(reverse("shelf:of_item", args=[sock.pk])).status_code == 404
    assert "is asked to look" in seen(asked[0])


def test_own_item_cannot_be_asked_for_in_another_accounts_shop(
    maya: Rep, sock: Item, stranger: Client, screen: Open
) -> None:
    far_away = Shop.everywhere.get(name="Far Away")
    assert ask(screen(maya), sock, far_away).status_code == 404


# --- Without htmx -----------------------------------------------------------------------


def test_everything_works_as_plain_pages(
    maya: Rep, ana: Rep, sock: Item, mill: Shop, screen: Open
) -> None:
    at_harbour, at_mill = screen(maya, plain=True), screen(ana, plain=True)
    page = text_of(at_harbour.get(reverse("shelf:of_item", args=[sock.pk])))
    assert "Wool sock M 0 here · 5 elsewhere Mill Lane 5 there · now Ask Mill Lane" in page
    assert ask(at_harbour, sock, mill)["Location"] == QUESTIONS
    page = text_of(at_mill.get(QUESTIONS))
    assert "Harbour Street asks whether it is here." in page
    assert answer(at_mill, "held", until="")["Location"] == QUESTIONS
    assert "Say until when it is held" in text_of(at_mill.get(QUESTIONS))
    assert answer(at_mill, "not_found")["Location"] == QUESTIONS
    assert end(at_harbour)["Location"] == QUESTIONS
    assert "No shop asks another for anything." in text_of(at_harbour.get(QUESTIONS))


def test_item_that_no_other_shop_has_says_so(ana: Rep, sock: Item, screen: Open) -> None:
    page = text_of(screen(ana).get(reverse("shelf:of_item", args=[sock.pk])))
    assert "No other shop has it, by Lightspeed's count." in page
    assert "Ask" not in page


def test_selling_screen_shows_what_waits(asked: tuple[Client, Client]) -> None:
    page = asked[1].get(reverse("sales:sell")).content.decode()
    assert 'id="shelf"' in page
    assert "Wool sock M" in page
    assert 'hx-include="#shelf-seen"' in page
