"""The staff see that a visitor keeps a time without having proved a phone, and may free it (T110)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.errors import NoStrangersHold
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from tests.booking_site.conftest import ADULT

pytestmark = pytest.mark.django_db


@pytest.fixture
def free():
    return make.slots_of(make.shift(make.doctor(), slots=4))


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.REGISTRAR)


def hold(slot, *, proved=False, who="anna"):
    by = site_visitor(session=who)
    return booking.hold_on_site(slot=slot.pk, service=slot.doctor.services.get(), by=by, proved=proved)


def page(slot):
    return reverse("office:hold_free", args=[slot.pk])


def tokens(*of):
    return list(
        Slot.objects.filter(pk__in=[s.pk for s in of]).order_by("starts_at").values_list("hold_token", flat=True)
    )


def test_the_grid_tells_who_keeps_a_time_and_opens_that_of_a_stranger(desk, free):
    hold(free[0])
    hold(free[1], proved=True, who="boris")
    day = f"{free[0].local_start:%Y-%m-%d}"
    cells = desk.get(reverse("office:day"), {"date": day}).context["grid"].cells
    assert [(cell.text, cell.href) for cell in cells[:2]] == [
        ("сайт, без кода", f"book/{free[0].pk}/free/"),
        ("сайт", ""),
    ]


def test_whoever_books_frees_it_and_goes_on_to_book(desk, free):
    token = hold(free[0])
    shown = desk.get(page(free[0]))
    assert (shown.status_code, shown.context["token"]) == (200, token)
    assert desk.post(page(free[0]), {"token": token}).url == reverse("office:book", args=[free[0].pk])
    assert (tokens(free[0]), SlotRelease.objects.count()) == ([None], 0)
    row = AuditEvent.objects.get(action="hold.freed")
    assert (row.object_ref, row.details["slots"], row.details["held_by"]) == (
        str(token),
        [str(free[0].pk)],
        "site:anna",
    )


def test_a_hold_that_is_another_one_by_now_is_left_alone(desk, free):
    former = hold(free[0])
    booking.drop_hold(token=former, by=make.TEST)
    mine = hold(free[0], who="boris")
    answer = desk.post(page(free[0]), {"token": former})
    assert (answer.status_code, answer.context["token"], tokens(free[0])) == (409, mine, [mine])
    assert str(NoStrangersHold.message) in answer.content.decode()
    assert not AuditEvent.objects.filter(action="hold.freed").exists()


def test_a_hold_that_was_proved_meanwhile_is_left_alone(desk, free):
    token = hold(free[0])
    booking.hold_on_site(
        slot=free[0].pk,
        service=free[0].doctor.services.get(),
        by=site_visitor(session="anna"),
        proved=True,
        token=token,
    )
    answer = desk.post(page(free[0]), {"token": token})
    assert (answer.status_code, answer.context["token"], tokens(free[0])) == (409, None, [token])


def test_a_hold_that_lapsed_is_nobodys(desk, free):
    token = hold(free[0])
    Slot.objects.filter(pk=free[0].pk).update(held_until=timezone.now() - timedelta(seconds=1))
    assert desk.get(page(free[0])).context["token"] is None
    assert desk.post(page(free[0]), {"token": token}).status_code == 409


def test_a_token_that_is_none(desk, free):
    assert desk.post(page(free[0]), {"token": "x"}).status_code == 404


def test_the_visitor_is_offered_other_times_and_has_typed_nothing_in_vain(desk, free):
    visitor, service = Client(), free[0].doctor.services.get()
    visitor.post(reverse("site:take"), {"slot": free[0].pk, "service": service.pk})
    visitor.post(reverse("site:extend"), ADULT)
    desk.post(page(free[0]), {"token": tokens(free[0])[0]})
    assert visitor.get(reverse("site:details")).context["held_until"] is None
    desk.post(reverse("office:hold"), {"slot": free[0].pk, "service": service.pk})
    answer = visitor.post(reverse("site:details"), ADULT)
    assert (answer.status_code, [slot.pk for slot in answer.context["times"]]) == (409, [slot.pk for slot in free[1:]])
    assert visitor.get(reverse("site:details")).context["form"]["last_name"].value() == "Орлова"
