"""Closures of a room, a location and the whole clinic, from the form to the times they close."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.choices import AbsenceKind
from scheduling.models import Absence, Location, Slot
from tests import factories as make
from worklist.models import Task

pytestmark = pytest.mark.django_db
ADD = reverse("office:closure_add")


@pytest.fixture
def keeper(sign_in):
    return sign_in(Role.SCHEDULE_ADMIN)


@pytest.fixture
def doctor():
    return make.doctor()


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def typed(what, **changes):
    days = {"first_day": str(tomorrow()), "last_day": str(tomorrow())}
    return {"what": what, "kind": AbsenceKind.REPAIR, **days} | changes


def closed():
    return set(Slot.objects.exclude(absence=None).values_list("doctor", flat=True))


@pytest.mark.parametrize("what", ["room", "location", "all"])
def test_a_room_a_location_or_the_clinic_is_closed(keeper, doctor, what):
    other = make.doctor(room=make.room("Прививочный"))
    for each in (doctor, other):
        make.shift(each)
    key = {"room": f"room-{doctor.room.pk}", "location": f"location-{doctor.room.location.pk}", "all": "all"}[what]
    answer = keeper.post(ADD, typed(key, note="покраска"))
    assert (answer.status_code, answer.url) == (302, reverse("office:closures"))
    assert closed() == ({doctor.pk} if what == "room" else {doctor.pk, other.pk})
    made = Absence.objects.get()
    whose = {"room": (None, doctor.room, None), "location": (None, None, doctor.room.location)}
    assert made.whose == whose.get(what, (None, None, None))
    assert (made.kind, made.note) == ("repair", "покраска")


def test_visits_are_shown_before_they_lose_their_room(sign_in, doctor):
    keeper = sign_in(Role.HEAD)
    visit = make.appointment(make.slots_of(make.shift(doctor))[0])
    what = f"room-{doctor.room.pk}"
    page = keeper.post(ADD, typed(what))
    assert page.status_code == 200
    assert reverse("office:appointment", args=[visit.pk]) in page.content.decode()
    assert not Absence.objects.exists()
    assert AuditEvent.objects.filter(action="patient.shown", patient=visit.patient_id).exists()
    answer = keeper.post(ADD, typed(what, seen="1"))
    made = Absence.objects.get()
    assert answer.url == reverse("office:absence", args=[made.pk])
    assert Task.objects.get().subject == visit.pk
    text = keeper.get(answer.url).content.decode()
    assert f"{doctor.room.location}, {doctor.room}: ремонт" in text
    assert "Перезаписано 0 из 1." in text


def test_the_reasons_are_offered_for_what_is_closed(keeper):
    kinds = [(str(group), [value for value, _label in kinds]) for group, kinds in reasons(keeper)]
    assert kinds == [("Для клиники или адреса", ["closed"]), ("И для кабинета тоже", ["repair", "training"])]


def reasons(keeper):
    return keeper.get(ADD).context["form"].fields["kind"].choices


@pytest.mark.parametrize(("what", "errors"), [("room", ["kind"]), ("location", []), ("all", [])])
def test_of_a_room_nobody_says_that_the_clinic_is_closed(keeper, doctor, what, errors):
    key = {"room": f"room-{doctor.room.pk}", "location": f"location-{doctor.room.location.pk}", "all": "all"}[what]
    page = keeper.post(ADD, typed(key, kind=AbsenceKind.CLOSED))
    assert (list(page.context["form"].errors) if errors else []) == errors
    assert Absence.objects.exists() == (not errors)


def test_hours_are_those_on_the_wall_of_the_place(keeper):
    there = Location.objects.create(name="Урал", address="Екатеринбург", timezone="Asia/Yekaterinburg")
    keeper.post(ADD, typed(f"location-{there.pk}", from_hour="09:00", until_hour="10:30"))
    made = Absence.objects.get()
    nine = datetime.combine(tomorrow(), datetime.min.time(), UTC) + timedelta(hours=4)
    assert (made.starts_at, made.ends_at) == (nine, nine + timedelta(minutes=90))
    assert f"{tomorrow():%d.%m.%Y} 09:00–10:30" in keeper.get(reverse("office:closures")).content.decode()


def test_a_closure_is_listed_until_it_is_over_and_taken_back(keeper, doctor):
    make.shift(doctor)
    assert "Закрытий впереди нет" in keeper.get(reverse("office:closures")).content.decode()
    make.away(doctor, 1, 1)
    made = make.away(None, 2, 2, kind=AbsenceKind.CLOSED)
    over = Absence.objects.create(kind="closed", starts_at=make.moment(-2), ends_at=make.moment(-1))
    shown = keeper.get(reverse("office:closures")).context["closures"]
    assert [each.pk for each in shown] == [made.pk]
    answer = keeper.post(reverse("office:absence_remove", args=[made.pk]))
    assert answer.url == reverse("office:closures")
    assert set(Absence.objects.filter(doctor=None)) == {over}


def test_who_looks_at_a_doctors_schedule_sees_what_else_closes_it(keeper, doctor):
    make.away(None, 1, 1, kind=AbsenceKind.REPAIR, room=doctor.room)
    make.away(None, 1, 1, kind=AbsenceKind.REPAIR, room=make.room("Прививочный"))
    text = keeper.get(reverse("office:doctor_schedule", args=[doctor.pk])).content.decode()
    assert f"{doctor.room.location}, {doctor.room}: ремонт" in text
    assert "Прививочный" not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": "room-nothing"}, "what"),
        ({"kind": "leave"}, "kind"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "31.12.9998"}, "last_day"),
        ({"from_hour": "12:00", "until_hour": "11:00"}, "until_hour"),
    ],
)
def test_a_slip_is_told_beside_its_field(keeper, changes, field):
    page = keeper.post(ADD, typed("all") | changes)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert not Absence.objects.exists()


def test_a_time_closed_by_hand_has_no_page_of_its_own(keeper, doctor):
    make.close(make.slots_of(make.shift(doctor))[0])
    assert keeper.get(reverse("office:absence", args=[Absence.objects.get().pk])).status_code == 404
