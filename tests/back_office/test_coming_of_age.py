"""Whoever is 18 on the day acts for themselves: they are phoned, booked and asked for papers alone (D16)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from patients.models import RegistryEntry
from scheduling import links
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.models import CallAttempt, SlotOffer

pytestmark = pytest.mark.django_db
OWN, MOTHERS = "+79215550011", "+79215554433"


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def slot(specialty):
    """In three days."""
    return make.slots_of(make.shift(make.doctor(make.service(specialty)), days=3, slots=1))[0]


def waiting(specialty, *, birthday):
    """An entry that a mother made for a child who comes of age so many days from today."""
    young = make.patient(phone=OWN, birth_date=make.born(18, on=timezone.localdate() + timedelta(days=birthday)))
    entry = make.entry(specialty, who=young)
    entry.representation = make.parent_of(young, phone=MOTHERS)
    entry.save(update_fields=["representation"])
    return entry


@pytest.fixture
def operator():
    return make.user(Role.OPERATOR)


def call(operator, slot):
    matching.offer_slot(slot=slot.pk)
    return phoning.claim(offer=SlotOffer.objects.get().pk, by=staff(operator))


def test_an_adult_of_an_entry_is_phoned_and_booked_alone(sign_in, operator, specialty, slot):
    entry, desk = waiting(specialty, birthday=-1), sign_in(operator)
    offer = call(operator, slot)
    assert offer.task.phone.as_e164 == OWN
    page = desk.get(reverse("office:call", args=[offer.pk])).content.decode()
    assert (MOTHERS in page, f"tel:{OWN}" in page, 'name="who"' in page) == (False, True, False)
    desk.post(reverse("office:call_book", args=[offer.pk]), {"key": "k1"})
    visit = Appointment.objects.get()
    assert (visit.patient, visit.representation) == (entry.patient, None)
    assert (RegistryEntry.objects.get().applicant, CallAttempt.objects.get().number.as_e164) == ("patient", OWN)


def test_whoever_comes_of_age_before_the_visit_is_booked_without_the_mother_who_answers(
    sign_in, operator, specialty, slot
):
    waiting(specialty, birthday=2)
    desk, offer = sign_in(operator), call(operator, slot)
    assert offer.task.phone.as_e164 == MOTHERS
    desk.post(reverse("office:call_book", args=[offer.pk]), {"key": "k1"})
    assert Appointment.objects.get().representation is None
    assert CallAttempt.objects.get().number.as_e164 == MOTHERS


def test_a_minor_on_the_day_comes_with_whoever_acts(sign_in, operator, specialty, slot):
    entry = waiting(specialty, birthday=4)
    desk, offer = sign_in(operator), call(operator, slot)
    desk.post(reverse("office:call_book", args=[offer.pk]), {"key": "k1"})
    assert Appointment.objects.get().representation == entry.representation


@pytest.mark.parametrize(("birthday", "shown"), [(-1, False), (1, True)])
def test_the_entry_shows_who_acts_today_and_books_a_time(sign_in, specialty, slot, birthday, shown):
    entry, desk = waiting(specialty, birthday=birthday), sign_in(Role.OPERATOR)
    page = reverse("office:entry", args=[entry.pk])
    assert (MOTHERS in desk.get(page).content.decode()) is shown
    time = {"slot": slot.pk, "service": slot.doctor.services.get().pk, "key": "k1"}
    desk.post(reverse("office:entry_book", args=[entry.pk]), time)
    assert Appointment.objects.get().representation is None


def test_the_mother_on_the_phone_books_a_day_on_which_the_child_is_an_adult(sign_in, slot):
    young = make.patient(birth_date=make.born(18, on=timezone.localdate() + timedelta(days=2)))
    mother = make.parent_of(young)
    book = f"{reverse('office:caller_book', args=[young.pk])}?who={mother.pk}"
    sign_in(Role.OPERATOR).post(book, {"slot": slot.pk, "service": slot.doctor.services.get().pk, "key": "k1"})
    assert Appointment.objects.get().representation is None


def test_an_adult_brings_their_own_passport_alone(sign_in, client, slot):
    """The page of the desk and that of the link; the visit names the mother as it was booked when she still acted."""
    young = make.patient(birth_date=make.born(18, on=timezone.localdate() + timedelta(days=4)))
    visit = make.appointment(slot, of=young, representative=make.parent_of(young))
    page = reverse("office:appointment", args=[visit.pk])
    desk = sign_in(Role.REGISTRAR)
    assert desk.get(page).context["told"].bring == ("identity", "birth_certificate")
    young.birth_date = make.born(18, on=timezone.localdate())
    young.save(update_fields=["birth_date"])
    assert desk.get(page).context["told"].bring == ("identity",)
    linked = reverse("site:visit", args=[links.token_for(visit.pk)])
    assert client.get(linked).context["told"].bring == ("identity",)
