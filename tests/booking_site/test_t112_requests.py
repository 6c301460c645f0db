"""T112: strangers leave so many requests and no more, and hide nobody's among theirs (P18)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as clinic
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from foundation.guard import by_hand
from foundation.guard.errors import LimitReached, NotByHand
from foundation.idempotency.once import FIELD
from patients.choices import Channel
from scheduling import links
from tests import factories as make
from tests.booking_site.conftest import ADULT
from waitlist.models import WaitlistRequest
from waitlist.queries import entries

HOME, CAFE = "203.0.113.9", "198.51.100.20"


@pytest.fixture
def leave(service):
    """Leaves a request with the site's form."""

    def leave(number=0, *, address=HOME, by=None, **more):
        typed = ADULT | {"phone": f"8 921 000-{number // 100:02}-{number % 100:02}", FIELD: f"key{number}"}
        return (by or Client()).post(page(service), typed | more, REMOTE_ADDR=address)

    return leave


def page(service):
    return reverse("site:request", args=[service.specialty.slug])


def told(answer):
    assert answer.status_code == 422
    words = answer.content.decode()
    assert (clinic.CLINIC["phone"] in words, answer.context["form"]["last_name"].value()) == (True, "Орлова")
    return answer.context["form"].non_field_errors()


def test_a_network_leaves_six_an_hour(leave):
    for number in range(6):
        assert leave(number).url.startswith("/r/")
    assert told(leave(6)) == [str(LimitReached.message)]
    assert WaitlistRequest.objects.count() == 6
    assert leave(6, address=CAFE).status_code == 302


def test_a_browser_and_a_phone_have_limits_of_their_own(leave, settings):
    settings.REQUESTS_PER_BROWSER, settings.REQUESTS_PER_PHONE = (2, 9), (1, 9)
    one = Client()
    for number in range(2):
        assert leave(number, by=one, address=f"192.0.2.{number}").status_code == 302
    told(leave(2, by=one, address="192.0.2.2"))
    told(leave(1, address="192.0.2.3", **{FIELD: "another"}))
    assert leave(3, address="192.0.2.3").status_code == 302


def test_so_many_are_taken_of_all(leave, settings):
    settings.REQUESTS_OF_ALL_PER_HOUR = 2
    for number in range(2):
        leave(number, address=f"192.0.2.{number}")
    told(leave(2, address=CAFE))


def test_what_was_refused_is_taken_later(leave, settings):
    settings.REQUESTS_PER_NETWORK = (1, 9)
    leave(0)
    told(leave(1))
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert leave(1).status_code == 302


def test_the_desk_hands_over_as_many_as_it_likes(db, settings):
    settings.REQUESTS_PER_NETWORK = settings.REQUESTS_PER_BROWSER = (1, 1)
    specialty, by = make.specialty(), make.actor()
    for number in range(3):
        person = make.person(phone=f"+7921000000{number}")
        booking.hand_over(person=person, wishes=make.wishes(specialty), channel=Channel.REGISTRY, by=by)
    assert WaitlistRequest.objects.count() == 3


def test_many_of_a_network_hide_nobodys(leave, service):
    """The control: without the order of networks the stranger's six would all stand before it."""
    for number in range(6):
        leave(number)
    leave(6, address=CAFE)
    booking.hand_over(
        person=make.person(phone="+79210000777"),
        wishes=make.wishes(service.specialty),
        channel=Channel.REGISTRY,
        by=make.actor(),
    )
    phones = [row.phone.as_e164[-3:] for row in entries.requests_waiting()]
    assert phones == ["000", "001", "006", "777", "002", "003", "004", "005"]
    in_order = WaitlistRequest.objects.order_by("created_at")
    assert [row.phone.as_e164[-3:] for row in in_order] == ["000", "001", "002", "003", "004", "005", "006", "777"]


def test_addresses_of_one_customer_are_one_network(leave):
    for number in range(4):
        leave(number, address=f"2001:db8:1:2::{number + 1}")
    assert [row.nth for row in entries.requests_waiting()] == [1, 2, 3, 4]


# By hand ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def drawn(settings):
    settings.FORM_SECONDS = 3
    return by_hand.drawn_now()


def test_a_form_filled_in_at_once_is_asked_for_again(leave, drawn):
    assert told(leave(opened=drawn)) == [str(NotByHand.message)]
    assert not WaitlistRequest.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=4)):
        assert leave(opened=drawn).status_code == 302


@pytest.mark.parametrize("sent", [{}, {"opened": "1:x"}, {"opened": "x"}])
def test_a_form_that_nobody_drew(leave, drawn, sent):
    told(leave(**sent))


def test_a_field_that_nobody_sees(leave, drawn):
    with time_machine.travel(timezone.now() + timedelta(seconds=4)):
        told(leave(opened=drawn, website="https://example.org"))
        assert leave(opened=drawn, website="").status_code == 302


def test_the_page_draws_both(client, service, drawn):
    words = client.get(page(service)).content.decode()
    assert ('name="opened"' in words, 'name="website" tabindex="-1"' in words) == (True, True)


# By a visit's link ---------------------------------------------------------------------------------------------------


def test_a_link_moves_its_visit_so_often_a_day(client, slots, settings):
    settings.MOVES_BY_LINK_PER_DAY = 2
    visit = make.appointment(slots[0])
    at = reverse("site:visit_move", args=[links.token_for(visit.pk)])
    for slot in slots[1:3]:
        assert client.post(at, {"slot": slot.pk}).status_code == 302
    answer = client.post(at, {"slot": slots[3].pk})
    visit.refresh_from_db()
    assert (answer.status_code, visit.starts_at) == (422, slots[2].starts_at)
    assert str(LimitReached.message) in answer.content.decode()
    booking.move(appointment=visit.pk, to_slot=slots[3].pk, by=make.actor())


def test_a_handed_over_time_is_a_request_too(slots, settings):
    settings.REQUESTS_PER_NETWORK = (1, 1)
    by = site_visitor(session="anna", ip=HOME)
    booking.hand_over(
        person=make.person(), wishes=make.wishes(slots[0].doctor.specialties.get()), channel=Channel.SITE, by=by
    )
    with pytest.raises(LimitReached):
        booking.hand_over_time(
            slot=slots[0].pk,
            service=slots[0].doctor.services.get(),
            hold=slots[0].pk,
            person=make.person(),
            consent_text="да",
            by=by,
        )
