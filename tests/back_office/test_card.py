"""The card of a caller: times that differ, chips, follow-ups, a visit moved or cancelled without leaving it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

import booking
from back_office.presenters import known
from back_office.presenters.known import REMEMBERED
from foundation.clock import day_start
from scheduling.choices import AppointmentStatus, CancelReason, VisitKind
from scheduling.models import Appointment
from tests import factories as make
from waitlist.models import UnmetWish, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in, operator):
    return sign_in(operator)


@pytest.fixture
def doctor():
    return make.doctor(make.service())


@pytest.fixture
def patient():
    return make.patient()


def card(patient, **query):
    return reverse("office:caller_wishes", args=[patient.pk], query=query or None)


def steps(page):
    return {step.label: step for banner in page.context["known"] for step in banner.steps}


def opened(client, patient, step):
    return client.get(f"{card(patient)}?{step.query}")


def was_here(patient, doctor, *, days=20):
    """Makes a visit of so many days ago that took place."""
    visit = make.appointment(make.slots_of(make.shift(doctor, days=30 + days, slots=1))[0], of=patient)
    start = day_start(timezone.localdate())
    Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=30))
    booking.check_in(appointment=visit.pk, by=make.TEST)
    booking.finish(appointment=visit.pk, by=make.TEST)
    start -= timedelta(days=days)
    Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=30))
    return Appointment.objects.get(pk=visit.pk)


def test_three_times_that_differ_come_first_and_the_others_after_them(client, doctor, patient):
    days = [make.slots_of(make.shift(doctor, days=days, slots=2)) for days in (2, 3, 4)]
    asked = {"specialty": doctor.specialties.get().pk}
    first = client.get(card(patient, **asked))
    assert [time.slot.pk for time, _key in first.context["times"]] == [day[0].pk for day in days]
    more = client.get(card(patient, **asked, skip=first.context["more"]))
    assert [time.slot.pk for time, _key in more.context["times"]] == [day[1].pk for day in days]
    (column,) = first.context["by_doctor"]
    assert [time.slot.pk for time, _key in column.times] == [slot.pk for day in days for slot in day]


def test_the_price_stands_beside_the_time_before_the_yes(client, doctor, patient):
    make.shift(doctor, days=2)
    page = client.get(card(patient, specialty=doctor.specialties.get().pk)).content.decode()
    assert f"<b>{doctor.services.get().price:,.0f}".replace(",", "\xa0") in page
    assert "Возьмите с собой" in page


def test_each_wish_is_a_chip_that_leads_to_the_page_without_it(client, doctor, patient):
    specialty = doctor.specialties.get()
    asked = {"specialty": specialty.pk, "doctors": doctor.pk, "weekdays": ["1", "2"], "time_from": "17:00"}
    chips = client.get(card(patient, **asked)).context["chips"]
    assert [chip.label for chip in chips] == [specialty.name, doctor.short_name, "пн", "вт", "после 17:00"]
    without = client.get(f"{card(patient)}?{chips[2].without}").context["form"]
    assert without["weekdays"].value() == ["2"]
    assert without["time_from"].value() == "17:00"


def test_what_is_typed_next_is_said_beside_what_was_said(client, doctor, patient):
    page = client.get(card(patient, specialty=doctor.specialties.get().pk, time_from="17:00", skip="3"))
    assert dict(page.context["kept"]) == {"specialty": str(doctor.specialties.get().pk), "time_from": "17:00"}


def test_w24_a_follow_up_is_found_and_booked_after_the_last_visit_to_that_doctor(client, doctor, patient):
    last = was_here(patient, doctor)
    make.shift(doctor, days=2)
    page = opened(client, patient, steps(client.get(card(patient)))["Повторный приём"])
    time, key = page.context["times"][0]
    assert (page.context["visits"].followed_up, time.slot.doctor_id) == (last, doctor.pk)
    to = reverse("office:caller_book", args=[patient.pk], query={"follow_up": last.pk})
    client.post(to, {"slot": time.slot.pk, "service": time.service.pk, "key": key})
    made = Appointment.objects.exclude(pk=last.pk).get()
    assert (made.visit_kind, made.follow_up_of) == (VisitKind.FOLLOW_UP, last)


def test_a_visit_of_somebody_else_is_followed_up_by_nobody(client, doctor, patient):
    other = was_here(make.patient(), doctor)
    assert client.get(card(patient, follow_up=other.pk)).context["visits"].followed_up is None


def test_a_visit_is_moved_from_the_card_and_its_new_time_read_out_there(client, doctor, patient):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2, slots=1))[0], of=patient)
    free = make.slots_of(make.shift(doctor, days=3, slots=1))[0]
    page = opened(client, patient, steps(client.get(card(patient)))["Перенести"])
    assert [time.slot.pk for time, _key in page.context["times"]] == [free.pk]
    back = card(patient, told=visit.pk)
    answer = client.post(reverse("office:appointment_move", args=[visit.pk]), {"to": free.pk, "back": back})
    assert answer.url == back
    told = client.get(back).context["told_of"]
    assert (told.visit, told.visit.starts_at, told.informed) == (visit, free.starts_at, False)
    informed = client.post(reverse("office:appointment_informed", args=[visit.pk]), {"back": card(patient)})
    assert informed.url == card(patient)
    assert client.get(back).context["told_of"].informed


@pytest.mark.parametrize("step", ["Перенести", "Отменить запись"])
def test_what_is_refused_leads_back_to_the_card_as_it_was(client, doctor, patient, step):
    """Somebody else has cancelled the visit meanwhile; the search and the call stay where they are."""
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2, slots=1))[0], of=patient)
    make.shift(doctor, days=3, slots=1)
    page = opened(client, patient, steps(client.get(card(patient)))[step])
    here = page.wsgi_request.get_full_path()
    assert f'name="refused" value="{escape(here)}"' in page.content.decode()
    to = page.context["times"][0][0].slot.pk if page.context["times"] else ""
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    name = "office:appointment_move" if step == "Перенести" else "office:appointment_cancel"
    sent = {"to": to, "reason": CancelReason.CLINIC, "back": card(patient), "refused": here}
    answer = client.post(reverse(name, args=[visit.pk]), sent)
    assert answer.url == here
    (told,) = client.get(here).context["messages"]
    assert told.level_tag == "danger"


def test_a_time_taken_meanwhile_is_refused_on_the_card_with_the_others(client, doctor, patient):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2, slots=1))[0], of=patient)
    taken, free = make.slots_of(make.shift(doctor, days=3, slots=2))
    here = opened(client, patient, steps(client.get(card(patient)))["Перенести"]).wsgi_request.get_full_path()
    make.appointment(taken)
    sent = {"to": taken.pk, "back": card(patient), "refused": here}
    page = client.post(reverse("office:appointment_move", args=[visit.pk]), sent, follow=True)
    assert page.redirect_chain[-1][0] == here
    assert page.context["visits"].moved == visit
    assert [time.slot.pk for time, _key in page.context["times"]] == [free.pk]


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/office/", ""])
def test_a_refusal_leads_to_no_other_place(client, doctor, patient, elsewhere):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2, slots=1))[0], of=patient)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    sent = {"reason": CancelReason.CLINIC, "refused": elsewhere}
    assert client.post(reverse("office:appointment_cancel", args=[visit.pk]), sent).status_code == 409


def test_a_visit_is_cancelled_from_the_card_with_its_reason(client, doctor, patient):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2))[0], of=patient)
    page = opened(client, patient, steps(client.get(card(patient)))["Отменить запись"])
    assert page.context["visits"].cancelled == visit
    sent = {"reason": page.context["cancel_reasons"][0][0], "back": card(patient)}
    assert client.post(reverse("office:appointment_cancel", args=[visit.pk]), sent).url == card(patient)
    assert Appointment.objects.get().status == AppointmentStatus.CANCELLED
    assert steps(client.get(card(patient))) == {}


def test_t85_the_four_facts_are_read_out_on_the_card_of_who_was_booked(client, doctor, patient):
    slot = make.slots_of(make.shift(doctor, days=2))[0]
    sent = {"slot": slot.pk, "service": doctor.services.get().pk, "key": uuid4()}
    page = client.post(reverse("office:caller_book", args=[patient.pk]), sent, follow=True)
    told = page.context["told_of"]
    place = slot.shift.room.location.address
    for fact in (doctor.full_name, place, told.day_words, f'facts__time">{told.time_words}'):
        assert fact in page.content.decode()


def test_steps_of_all_visits_are_one_list_of_digits(client, doctor, patient):
    for days in (2, 3):
        make.appointment(make.slots_of(make.shift(doctor, days=days, slots=1))[0], of=patient)
    known = client.get(card(patient)).context["known"]
    assert [step.key for banner in known for step in banner.steps] == ["1", "2", "3", "4"]


def test_a_note_typed_on_the_card_stands_in_the_history_of_the_visit(client, doctor, patient):
    slot = make.slots_of(make.shift(doctor, days=2, slots=1))[0]
    time = {"slot": slot.pk, "service": doctor.services.get().pk, "key": uuid4()}
    note = "придёт с внуком\x00" + "!" * 400
    client.post(reverse("office:caller_book", args=[patient.pk]), time | {"note": note})
    visit = Appointment.objects.get()
    kept = note.replace("\x00", "")[:300]
    assert visit.events.get().reason == kept
    assert kept in client.get(reverse("office:appointment", args=[visit.pk])).content.decode()


def test_a_note_is_there_again_where_the_time_was_taken_meanwhile(client, doctor, patient):
    slot = make.slots_of(make.shift(doctor, days=2, slots=2))[0]
    make.appointment(slot)
    at = reverse("office:caller_book", args=[patient.pk], query={"specialty": doctor.specialties.get().pk})
    time = {"slot": slot.pk, "service": doctor.services.get().pk, "key": uuid4(), "note": "придёт с внуком"}
    again = client.post(at, time)
    assert (again.status_code, again.context["note"]) == (409, "придёт с внуком")


def asked(doctor, **wishes):
    return {"specialty": doctor.specialties.get().pk} | wishes


def leaves(client, patient, doctor, **said):
    at = reverse("office:caller_unmet", args=[patient.pk], query=asked(doctor, weekdays="3", time_from="16:00"))
    return client.post(at, {"reason": "expensive", "note": "подумает", "notice": "2880"} | said)


def test_nothing_suits_is_written_down_and_the_wishes_stay_on_the_card(client, doctor, patient):
    make.shift(doctor, days=2)
    answer = client.get(leaves(client, patient, doctor).url)
    wish = UnmetWish.objects.get()
    assert (wish.patient, wish.reason, wish.note, wish.weekdays) == (patient, "expensive", "подумает", [3])
    context, page = answer.context, answer.content.decode()
    assert (context["left"], context["note"], context["form"]["notice"].value()) == (wish, "подумает", "2880")
    assert context["form"].wishes().time_from == wish.time_from
    assert "Записано: дорого" in page
    (banner,) = context["known"]
    assert banner.title.startswith("Ничего не подошло")
    assert banner.words.startswith("дорого, ")


def test_who_changes_their_mind_is_on_the_list_with_all_they_have_said(client, doctor, patient):
    written = leaves(client, patient, doctor, urgent_reason="просит хирург").url
    page = client.get(written)
    sent = {name: page.context["form"][name].value() for name in ("note", "notice", "urgent_reason")}
    client.post(f"{reverse('office:caller_join', args=[patient.pk])}?{page.context['query']}", sent)
    entry = WaitlistEntry.objects.get()
    assert (entry.note, entry.notice_minutes, entry.urgent_reason) == ("подумает", 2880, "просит хирург")
    assert (entry.weekdays, entry.time_from.hour) == ([3], 16)


def test_what_can_never_fit_is_written_down_too(client, doctor, patient):
    child = make.child()
    doctor.min_age = 18
    doctor.save()
    page = client.get(card(child, **asked(doctor)))
    assert page.context["never"]
    assert 'data-list="F8"' in page.content.decode()
    assert leaves(client, child, doctor).status_code == 302


@pytest.mark.parametrize("reason", ["", "perhaps"])
def test_a_reason_that_is_none_is_refused_and_nothing_is_lost(client, doctor, patient, reason):
    again = leaves(client, patient, doctor, reason=reason)
    assert (again.status_code, again.context["note"], UnmetWish.objects.count()) == (422, "подумает", 0)


def test_a_wish_of_somebody_else_is_not_shown(client, doctor, patient):
    wish = make.unmet_wish(doctor.specialties.get(), who=make.patient(), note="тайна")
    page = client.get(card(patient, **asked(doctor), unmet=wish.pk))
    assert page.context["left"] is None
    assert "тайна" not in page.content.decode()


def test_the_next_search_says_no_more_what_was_written_down(client, doctor, patient):
    page = client.get(leaves(client, patient, doctor).url)
    assert "unmet" not in dict(page.context["kept"])
    assert all("unmet" not in chip.without for chip in page.context["chips"])


@pytest.mark.parametrize(("ago", "shown"), [(REMEMBERED - timedelta(hours=1), 1), (REMEMBERED + timedelta(hours=1), 0)])
def test_the_card_remembers_for_a_while_that_nothing_suited(client, doctor, patient, monkeypatch, ago, shown):
    make.unmet_wish(doctor.specialties.get(), who=patient)
    monkeypatch.setattr(known, "REMEMBERED", REMEMBERED - ago)
    assert [banner.title[:17] for banner in client.get(card(patient)).context["known"]] == ["Ничего не подошло"] * shown
