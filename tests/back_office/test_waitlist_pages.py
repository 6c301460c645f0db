"""The waitlist: order, wishes in words, work on one entry; the desk only reads."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.models import Appointment, ShiftRule
from tests import factories
from tests.opened import as_opened
from waitlist.actions import entries
from waitlist.choices import EntryState
from waitlist.models import WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator_client(sign_in, operator):
    return sign_in(operator)


@pytest.fixture
def specialty():
    return factories.specialty()


def url(name, entry):
    return reverse(f"office:{name}", args=[entry.pk])


def test_everybody_who_waits_is_listed_in_the_order_of_arrival(operator_client, specialty):
    first, second = factories.entry(specialty), factories.entry(specialty)
    page = operator_client.get(reverse("office:waitlist"))
    assert [row.pk for row in page.context["rows"]] == [first.pk, second.pk]
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:waitlist")
    assert {event.patient for event in shown} == {first.patient_id, second.patient_id}


def test_the_list_is_narrowed_by_specialty_and_state(operator_client, specialty):
    wanted = factories.entry(specialty)
    factories.entry(factories.specialty("Неврология", "невролог"))
    page = operator_client.get(reverse("office:waitlist"), {"specialty": specialty.pk, "state": "waiting"})
    assert [row.pk for row in page.context["rows"]] == [wanted.pk]
    assert not operator_client.get(reverse("office:waitlist"), {"state": "unreachable"}).context["rows"]


def test_who_waits_is_found_by_name_phone_or_card_and_no_address_holds_it(operator_client, specialty):
    sought = factories.entry(specialty, who=factories.patient(last_name="Журавлёва", phone="+79210001122"))
    factories.entry(specialty)
    page = reverse("office:waitlist")
    for text in ("журавлева", "9210001122", sought.patient.card_number):
        answer = operator_client.post(f"{page}?specialty={specialty.pk}&page=2", {"q": text})
        assert answer.url == f"{page}?specialty={specialty.pk}"
        assert [row.pk for row in operator_client.get(answer.url).context["rows"]] == [sought.pk]
    operator_client.post(page, {"q": "Никтоева"})
    assert not operator_client.get(page).context["rows"]
    operator_client.post(page, {"q": ""})
    assert len(operator_client.get(page).context["rows"]) == 2


def test_the_list_is_narrowed_by_what_is_asked_for(operator_client, specialty):
    now = timezone.now()
    doctor = factories.doctor(factories.service(specialty))
    child, named, adult = (
        factories.entry(specialty, who=factories.child(6)),
        factories.entry(specialty, doctor_ids=(doctor.pk,), urgent_reason="просит врач", priority="1urgent"),
        factories.entry(specialty),
    )
    rows = WaitlistEntry.objects.filter
    rows(pk=child.pk).update(arrived_at=now - timedelta(days=40), last_contact_at=now - timedelta(days=20))
    rows(pk=adult.pk).update(waits_until=now.date(), last_contact_at=now - timedelta(days=1))

    def listed(**asked):
        page = operator_client.get(reverse("office:waitlist"), asked)
        return {row.pk for row in page.context["rows"]}

    assert listed() == {child.pk, named.pk, adult.pk}
    assert listed(doctor=doctor.pk) == listed(urgent="on") == {named.pk}
    assert listed(age="4-6") == listed(waits="30") == listed(contact="14") == {child.pk}
    assert listed(age="18-") == {named.pk, adult.pk}
    assert listed(contact="never") == {named.pk}
    assert listed(ends="on") == {adult.pk}
    assert listed(age="7-13") == listed(waits="90") == set()
    assert operator_client.get(reverse("office:waitlist"), {"doctor": "x"}).status_code == 404


def test_w15_those_whom_nothing_can_ever_fit_are_found(operator_client, specialty):
    service = factories.service(specialty)
    doctor = factories.doctor(service)
    today = timezone.localdate()
    ShiftRule.objects.create(
        doctor=doctor, room=doctor.room, weekday=1, starts=time(9), ends=time(15), valid_from=today - timedelta(days=9)
    )
    sundays = factories.entry_of_before(specialty, weekdays=(7,))
    factories.entry(specialty)

    def listed(**asked):
        page = operator_client.get(reverse("office:waitlist"), {"never": "on"} | asked)
        return [row.pk for row in page.context["rows"]]

    assert listed() == listed(specialty=specialty.pk) == [sundays.pk]
    assert listed(urgent="on") == []
    entries.close_removed(sundays, reason="передумали", by=factories.TEST)
    assert listed() == listed(state="closed") == []


def test_those_whose_wait_has_ended_are_listed_with_how(operator_client, specialty):
    doctor = factories.doctor(factories.service(specialty))
    booked, removed, _waits = (factories.entry(specialty) for _ in range(3))
    operator_client.post(url("entry_remove", removed), {"reason": "уже вылечился"})
    factories.shift(doctor, days=2)
    ((time_, key), *_rest) = operator_client.get(url("entry", booked)).context["times"]
    data = {"slot": time_.slot.pk, "service": time_.service.pk, "key": key}
    operator_client.post(url("entry_book", booked), data)
    page = operator_client.get(reverse("office:waitlist"), {"state": "closed"})
    assert [row.pk for row in page.context["rows"]] == [booked.pk, removed.pk]
    words = page.content.decode()
    visit = Appointment.objects.get()
    assert (reverse("office:appointment", args=[visit.pk]) in words, "уже вылечился" in words) == (True, True)
    only = operator_client.get(reverse("office:waitlist"), {"state": "removed"})
    assert [row.pk for row in only.context["rows"]] == [removed.pk]


def test_w27_the_place_is_counted_in_the_specialty(operator_client, specialty):
    other = factories.specialty("Неврология", "невролог")
    elsewhere, first, urgent = (factories.entry(each) for each in (other, specialty, specialty))
    data = as_opened(operator_client, url("entry_change", urgent)) | {"urgent_reason": "просит врач Белова"}
    operator_client.post(url("entry_change", urgent), data)
    rows = operator_client.get(reverse("office:waitlist")).context["rows"]
    assert {row.pk: row.place for row in rows} == {elsewhere.pk: (1, 1), first.pk: (2, 2), urgent.pk: (1, 2)}
    assert operator_client.get(url("entry", first)).context["place"] == (2, 2)
    operator_client.post(url("entry_remove", first), {"reason": "уже вылечился"})
    assert operator_client.get(url("entry", first)).context["place"] is None


def test_w27_a_mark_on_a_visit_leads_to_the_entry(operator_client, specialty):
    entry = factories.entry(specialty)
    page = operator_client.get(reverse("office:patient", args=[entry.patient_id]))
    assert url("entry", entry) in page.content.decode()


def test_wishes_are_told_in_words(operator_client, specialty):
    doctor = factories.doctor(factories.service(specialty))
    entry = factories.entry(specialty, doctor_ids=(doctor.pk,), weekdays=(1, 3), time_from=time(16), notice_minutes=120)
    words = operator_client.get(url("entry", entry)).context["words"]
    assert words == [
        "дерматолог",
        doctor.short_name,
        f"с {entry.date_from:%d.%m}",
        "пн, ср",
        "после 16:00",
        "предупредить за 2 часа",
    ]


def test_doctors_who_are_not_wanted_are_chosen_and_told(operator_client, specialty):
    service = factories.service(specialty)
    unwanted, other = factories.doctor(service), factories.doctor(service)
    entry = factories.entry(specialty)
    data = as_opened(operator_client, url("entry_change", entry)) | {"not_doctors": [str(unwanted.pk)]}
    assert operator_client.post(url("entry_change", entry), data).url == url("entry", entry)
    entry.refresh_from_db()
    assert (entry.doctor_ids, entry.not_doctor_ids) == ([], [unwanted.pk])
    page = operator_client.get(url("entry", entry))
    assert page.context["words"][1] == f"кроме {unwanted.short_name}"
    form = operator_client.get(url("entry_change", entry)).context["form"]
    assert form["not_doctors"].value() == [unwanted.pk]
    free = [factories.slots_of(factories.shift(each, days=3, slots=1))[0] for each in (unwanted, other)]
    page = operator_client.get(url("entry", entry))
    assert [time.slot.pk for time, _key in page.context["times"]] == [free[1].pk]


def test_changed_wishes_keep_the_place(operator_client, specialty):
    entry = factories.entry(specialty, priority="1urgent")
    data = {"specialty": specialty.pk, "weekdays": ["2", "4"], "notice": "60", "note": "только утро"}
    data = as_opened(operator_client, url("entry_change", entry)) | data
    assert operator_client.post(url("entry_change", entry), data).url == url("entry", entry)
    changed = WaitlistEntry.objects.get()
    assert (changed.weekdays, changed.note, changed.priority) == ([2, 4], "только утро", "1urgent")
    assert changed.created_at == entry.created_at


def test_w28_times_for_an_entry_leave_the_notice_that_the_patient_needs(operator_client, specialty):
    """Unless they are on the phone just now: then nobody has to be called first."""
    doctor = factories.doctor(factories.service(specialty))
    soon, later = (factories.slots_of(factories.shift(doctor, days=days, slots=1))[0].pk for days in (1, 9))
    entry = factories.entry(specialty, notice_minutes=5 * 24 * 60)
    page = operator_client.get(url("entry", entry))
    assert [time.slot.pk for time, _key in page.context["times"]] == [later]
    on_phone = f"{url('entry', entry)}?on_phone=1"
    assert on_phone in page.content.decode()
    page = operator_client.get(on_phone)
    assert [time.slot.pk for time, _key in page.context["times"]] == [soon, later]


def test_urgency_is_set_with_a_reason_and_shown_with_it(operator_client, specialty):
    entry = factories.entry(specialty)
    data = as_opened(operator_client, url("entry_change", entry)) | {"urgent_reason": "просит врач Белова"}
    operator_client.post(url("entry_change", entry), data)
    entry.refresh_from_db()
    assert (entry.priority, bool(entry.urgent_by_name), bool(entry.urgent_at)) == ("1urgent", True, True)
    for page in (reverse("office:waitlist"), url("entry", entry)):
        words = operator_client.get(page).content.decode()
        assert ("просит врач Белова" in words, entry.urgent_by_name in words) == (True, True)


def test_the_form_of_wishes_is_filled_with_them(operator_client, specialty):
    entry = factories.entry(specialty, weekdays=(2,), time_from=time(16), note="позвонить дочери")
    form = operator_client.get(url("entry_change", entry)).context["form"]
    assert (form["weekdays"].value(), form["time_from"].value(), form["note"].value()) == (
        [2],
        time(16),
        "позвонить дочери",
    )


def test_wrong_wishes_stay_typed(operator_client, specialty):
    entry = factories.entry(specialty)
    data = {"specialty": specialty.pk, "time_from": "18:00", "time_until": "09:00", "note": "заметка"}
    answer = operator_client.post(url("entry_change", entry), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["time_until"])
    assert "заметка" in answer.content.decode()


def test_who_could_not_be_reached_waits_again(operator_client, specialty):
    entry = factories.entry(specialty)
    WaitlistEntry.objects.update(state=EntryState.UNREACHABLE, attempts=3)
    operator_client.post(url("entry_again", entry))
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (EntryState.WAITING, 0)


def test_removal_needs_a_reason(operator_client, specialty):
    entry = factories.entry(specialty)
    assert operator_client.post(url("entry_remove", entry), {"reason": ""}).status_code == 422
    operator_client.post(url("entry_remove", entry), {"reason": "уже вылечился"})
    entry.refresh_from_db()
    assert (entry.state, entry.close_reason) == (EntryState.REMOVED, "уже вылечился")
    assert operator_client.post(url("entry_remove", entry), {"reason": "ещё раз"}).status_code == 409


def test_a_fitting_time_is_booked_and_closes_the_entry_with_a_link(operator_client, specialty):
    doctor = factories.doctor(factories.service(specialty))
    entry = factories.entry(specialty)
    factories.shift(doctor, days=2)
    ((time_, key), *_rest) = operator_client.get(url("entry", entry)).context["times"]
    data = {"slot": time_.slot.pk, "service": time_.service.pk, "key": key}
    first, second = (operator_client.post(url("entry_book", entry), data) for _ in range(2))
    appointment = Appointment.objects.get()
    link = reverse("office:appointment", args=[appointment.pk])
    assert first.url == second.url == link
    assert link in operator_client.get(url("entry", entry)).content.decode()


def test_the_desk_only_reads(sign_in, specialty):
    entry = factories.entry(specialty)
    factories.shift(factories.doctor(factories.service(specialty)), days=2)
    client = sign_in(Role.REGISTRAR)
    assert client.get(reverse("office:waitlist")).status_code == 200
    page = client.get(url("entry", entry))
    assert (page.status_code, page.context["works"], page.context["times"]) == (200, False, [])
    names = ["entry_change", "entry_again", "entry_remove", "entry_book"]
    assert {client.post(url(name, entry)).status_code for name in names} == {403}


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SCHEDULE_ADMIN])
def test_others_do_not_see_the_list(sign_in, role):
    assert sign_in(role).get(reverse("office:waitlist")).status_code == 403


def test_unknown_ids_are_not_found(operator_client):
    gets = [reverse("office:entry", args=[uuid4()]), reverse("office:waitlist") + "?specialty=x"]
    gets += [reverse("office:waitlist_join") + f"?patient={uuid4()}", reverse("office:waitlist_join")]
    names = ["entry_change", "entry_again", "entry_remove", "entry_book"]
    assert {operator_client.get(address).status_code for address in gets} == {404}
    assert {operator_client.post(reverse(f"office:{name}", args=[uuid4()])).status_code for name in names} == {404}


def test_joining_from_a_patients_page_begins_with_the_free_times(operator_client):
    patient = factories.patient()
    answer = operator_client.get(reverse("office:waitlist_join"), {"patient": patient.pk})
    assert answer.url == reverse("office:caller_wishes", args=[patient.pk])


def test_the_list_costs_the_same_for_one_and_for_thirty(operator_client, specialty, django_assert_num_queries):
    doctor = factories.doctor(factories.service(specialty))
    factories.entry(specialty, doctor_ids=(doctor.pk,))
    operator_client.get(reverse("office:waitlist"))
    with CaptureQueriesContext(connection) as one:
        operator_client.get(reverse("office:waitlist"))
    queries = len(one)
    for _ in range(29):
        factories.entry(specialty, doctor_ids=(doctor.pk,))
    with django_assert_num_queries(queries):
        page = operator_client.get(reverse("office:waitlist"))
    assert len(page.context["rows"]) == 30


def test_an_entry_becomes_urgent_in_one_step_and_ordinary_again(operator_client):
    entry = factories.entry(factories.specialty())
    WaitlistEntry.objects.update(attempts=2, rests_until=timezone.now())
    page = operator_client.get(url("entry", entry)).content.decode()
    assert "Сделать срочной" in page
    assert operator_client.post(url("entry_urgency", entry), {"urgent-reason": ""}).status_code == 422
    operator_client.post(url("entry_urgency", entry), {"urgent-reason": "Направил врач"})
    urgent = WaitlistEntry.objects.get()
    assert (urgent.priority, urgent.urgent_reason, bool(urgent.urgent_by_name)) == ("1urgent", "Направил врач", True)
    assert (urgent.attempts, urgent.rests_until is None) == (2, False), "only the urgency changes"
    assert "Больше не срочная" in operator_client.get(url("entry", entry)).content.decode()
    operator_client.post(url("entry_urgency", entry), {"end": "1"})
    ordinary = WaitlistEntry.objects.get()
    assert (ordinary.urgent_reason, ordinary.urgent_at, ordinary.urgent_by_name) == ("", None, "")
    assert AuditEvent.objects.filter(action="waitlist.urgency").count() == 2


def test_a_closed_entry_cannot_become_urgent(operator_client):
    entry = factories.entry(factories.specialty())
    booking.remove_entry(entry=entry.pk, reason="передумала", by=factories.TEST)
    assert operator_client.post(url("entry_urgency", entry), {"urgent-reason": "Направил врач"}).status_code == 409
