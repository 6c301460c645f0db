"""What each page of the site is given to show."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

import booking
from booking_site.flow import Flow
from booking_site.forms.code import CodeForm
from booking_site.forms.details import DetailsForm
from booking_site.forms.request import RequestForm
from booking_site.presenters.code import CodePage
from booking_site.presenters.day import DayPage
from booking_site.presenters.days import DaysPage
from booking_site.presenters.details import DetailsPage
from booking_site.presenters.home import OfferPage
from booking_site.presenters.links import Links
from booking_site.presenters.month import Cell, weeks_from
from booking_site.presenters.move import MovePage
from booking_site.presenters.refusal import Refusal
from booking_site.presenters.request import RequestPage
from booking_site.presenters.times import TimesPage
from booking_site.presenters.visit import VisitPage
from booking_site.queries import catalogue
from booking_site.queries.catalogue import Offer
from booking_site.queries.moves import asked_slot
from foundation.text import phones
from patients.demandable import Demandable
from patients.instructions import VisitInstructions
from scheduling.choices import CancelReason
from scheduling.errors import SlotTaken
from scheduling.models import Appointment, Slot
from tests import factories


def test_the_offer_is_what_can_be_booked_on_the_site(service, shift):
    other = factories.doctor(factories.service(on_site=False))
    assert other.services.get().specialty != service.specialty
    page = OfferPage.of()
    assert (list(page.specialties), list(page.doctors)) == ([service.specialty], [shift.doctor])


def test_a_request_names_its_specialty(service):
    form = RequestForm(specialty=service.specialty)
    assert RequestPage.of(form) == RequestPage(form=form, specialty=service.specialty)


def test_of_a_refusal_the_sentence_alone_may_be_known():
    assert Refusal("Why.") == Refusal(error="Why.", typed=False, service=None, times=())


@pytest.fixture
def offer(service, shift):
    (shown,) = catalogue.services_of_specialty(service.specialty.slug)
    return Offer(services=[shown], service=shown)


@pytest.mark.parametrize(("doctor", "query"), [("", ""), ("anna-orlova", "&doctor=anna-orlova")])
def test_links_lead_to_pages_of_the_service_and_the_doctor(offer, doctor, query):
    specialty, service = f"/book/{offer.service.specialty.slug}/", f"?service={offer.service.pk}{query}"
    assert Links.of(offer.service, doctor) == Links(
        day=f"{specialty}day/{service}",
        days=f"{specialty}days/{service}",
        request=f"{specialty}request/{service}",
        specialty=specialty,
    )


def test_the_three_nearest_times_are_of_all_doctors(offer, slots):
    page = TimesPage.of(offer, own_hold=None)
    assert [slot.pk for slot in page.times] == [slot.pk for slot in slots[:3]]
    assert (page.specialty, page.doctor, page.service) == (offer.service.specialty, None, offer.service)
    assert (page.services, page.links) == (offer.services, Links.of(offer.service))


def test_on_the_page_of_a_doctor_they_are_of_this_one(offer, service, slots):
    other = factories.doctor(service, last_name="Громов")
    others = factories.slots_of(factories.shift(other, days=3))
    shown = catalogue.doctor(other.slug)
    page = TimesPage.of(Offer(services=offer.services, service=offer.service, doctor=shown), own_hold=None)
    assert [slot.pk for slot in page.times] == [slot.pk for slot in others[:3]]
    assert (page.doctor, page.links) == (shown, Links.of(offer.service, other.slug))


MONDAY = date(2026, 11, 30)


def test_five_weeks_are_five_rows_that_name_the_months():
    weeks = weeks_from(MONDAY, {date(2026, 12, 2): 3})
    assert [len(week) for week in weeks] == [7] * 5
    assert weeks[0][:3] == [
        Cell(date="2026-11-30", day="30", month="ноя", free="", label=""),
        Cell(date="2026-12-01", day="1", month="дек", free="", label=""),
        Cell(date="2026-12-02", day="2", month="", free="3", label="2 декабря, свободных времён: 3"),
    ]
    months = {cell.date: cell.month for week in weeks for cell in week if cell.month}
    assert months == {"2026-11-30": "ноя", "2026-12-01": "дек", "2027-01-01": "янв"}


def test_days_begin_on_a_monday_and_count_what_is_free(offer, shift, slots):
    first = shift.date
    page = DaysPage.of(offer.service, doctor="", first=first, own_hold=None)
    assert date.fromisoformat(page.weeks[0][0].date) == first - timedelta(days=first.weekday())
    free = {cell.date: cell.free for week in page.weeks for cell in week if cell.free}
    assert free == {first.isoformat(): str(len(slots))}
    assert (page.next_free, page.nothing_free, len(page.weekdays)) == (None, False, 7)
    assert page.later == date.fromisoformat(page.weeks[-1][-1].date) + timedelta(days=1)


def test_days_of_one_doctor_lead_to_the_next_free_time(offer, service, slots):
    other = factories.doctor(service, last_name="Громов")
    far = factories.slots_of(factories.shift(other, days=50))
    today = timezone.localdate()
    page = DaysPage.of(offer.service, doctor=other.slug, first=today, own_hold=None)
    assert (page.doctor, page.links) == (other.slug, Links.of(offer.service, other.slug))
    assert (page.next_free.pk, page.nothing_free) == (far[0].pk, False)
    somebody = DaysPage.of(offer.service, doctor="nobody", first=today, own_hold=None)
    assert (somebody.doctor, somebody.links, somebody.next_free) == ("", Links.of(offer.service), None)


def test_earlier_days_end_today(offer):
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday + timedelta(weeks=weeks) for weeks in (0, 1, 10)]
    pages = [DaysPage.of(offer.service, doctor="", first=first, own_hold=None) for first in firsts]
    assert [page.earlier for page in pages] == [None, today, monday + timedelta(weeks=5)]


def test_where_no_day_is_free_nothing_is(offer, slots):
    factories.close(*slots)
    page = DaysPage.of(offer.service, doctor="", first=timezone.localdate(), own_hold=None)
    assert (page.next_free, page.nothing_free) == (None, True)


def test_a_day_shows_its_times_and_the_days_beside_it(offer, shift, slots):
    page = DayPage.of(offer.service, doctor="", day=shift.date, own_hold=None)
    ((doctor, starts),) = page.doctors
    assert (doctor.pk, [start.slot for start in starts]) == (shift.doctor_id, [slot.pk for slot in slots])
    assert (page.day, page.next_free, page.links) == (shift.date, None, Links.of(offer.service))
    assert (page.earlier, page.later) == (shift.date - timedelta(days=1), shift.date + timedelta(days=1))


def test_a_day_without_times_leads_to_the_next_free_one(offer, slots):
    today = timezone.localdate()
    page = DayPage.of(offer.service, doctor="", day=today, own_hold=None)
    assert (page.doctors, page.next_free.pk, page.earlier) == ([], slots[0].pk, None)
    nobody = DayPage.of(offer.service, doctor="nobody", day=today, own_hold=None)
    assert (nobody.doctors, nobody.next_free, nobody.links) == ([], None, Links.of(offer.service, "nobody"))


@pytest.fixture
def flow(client, take, slots):
    take(slots[0])
    return Flow(client.session)


def test_the_details_are_typed_for_a_time_that_is_kept(flow, slots, service):
    form = DetailsForm(slot=flow.slot_still_there())
    page = DetailsPage.of(flow, form)
    assert (page.form, page.slot.pk, page.service.pk) == (form, slots[0].pk, service.pk)
    assert page.held_until == Slot.objects.get(pk=slots[0].pk).held_until


def test_the_code_is_typed_for_the_phone_it_was_sent_to(flow, slots, service):
    form = CodeForm()
    page = CodePage.of(flow, form, phone="+79210001122", by=factories.TEST)
    assert (page.form, page.slot.pk, page.service.pk) == (form, slots[0].pk, service.pk)
    assert page.held_until == Slot.objects.get(pk=slots[0].pk).held_until
    assert page.phone == phones.shown("+79210001122")


def test_a_time_whose_hold_is_over_is_not_kept(flow, slots):
    Slot.objects.filter(pk=slots[0].pk).update(held_until=factories.moment(-1))
    assert DetailsPage.of(flow, DetailsForm(slot=flow.slot_still_there())).held_until is None
    assert CodePage.of(flow, CodeForm(), phone="+79210001122", by=factories.TEST).held_until is None


def test_for_a_time_that_is_gone_no_code_is_asked(flow, slots):
    Slot.objects.filter(pk=slots[0].pk).delete()
    with pytest.raises(SlotTaken):
        CodePage.of(flow, CodeForm(), phone="+79210001122", by=factories.TEST)


@pytest.fixture
def visit(slots):
    return factories.appointment(slots[0])


def test_a_visit_says_what_to_bring_and_that_it_can_be_changed(visit):
    assert VisitPage.of(visit, "token") == VisitPage(
        visit=visit, token="token", cancelled=False, changeable=True, told=VisitInstructions((Demandable.IDENTITY,), "")
    )


def test_for_a_child_the_representative_brings_two_papers(slots):
    visit = factories.appointment(slots[0], of=factories.child())
    assert VisitPage.of(visit, "token").told.bring == (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE)


def test_a_child_that_seemed_grown_up_comes_with_a_representative(visit):
    visit.patient.birth_date = factories.born(10, on=timezone.localdate())
    assert VisitPage.of(visit, "token").told.bring == (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE)


def test_a_cancelled_visit_cannot_be_changed(visit):
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=factories.TEST)
    page = VisitPage.of(Appointment.objects.get(), "token")
    assert (page.cancelled, page.changeable) == (True, False)


def test_a_visit_that_has_begun_cannot_be_changed(visit):
    visit.starts_at = timezone.now() - timedelta(minutes=1)
    page = VisitPage.of(visit, "token")
    assert (page.cancelled, page.changeable) == (False, False)


def test_a_visit_is_moved_to_six_times_of_its_doctor_or_three_of_colleagues(visit, slots, service):
    other = factories.doctor(service)
    others = factories.slots_of(factories.shift(other, days=3))
    today = timezone.localdate()
    page = MovePage.of(visit, "token", first=today, error=SlotTaken())
    assert [slot.pk for slot in page.same] == [slot.pk for slot in slots[1:7]]
    assert [slot.pk for slot in page.others] == [slot.pk for slot in others[:3]]
    assert (page.visit, page.token, page.error) == (visit, "token", str(SlotTaken()))
    assert page.later == today + timedelta(days=4)


def test_where_nothing_is_free_a_visit_stays(visit, slots):
    page = MovePage.of(visit, "token", first=timezone.localdate() + timedelta(days=30))
    assert page == MovePage(visit=visit, token="token", error="", same=[], others=[], later=None)


@pytest.mark.parametrize("asked", [None, "", "1", "7f7c1f5e-0000-7000-8000-000000000000"])
def test_no_slot_is_asked_for(visit, asked):
    assert asked_slot(asked, visit=visit) is None


def test_a_slot_is_asked_for_of_a_doctor_who_gives_the_service(visit, slots):
    foreign = factories.slots_of(factories.shift(factories.doctor()))[0]
    assert asked_slot(str(slots[3].pk), visit=visit) == slots[3]
    assert asked_slot(str(foreign.pk), visit=visit) is None
