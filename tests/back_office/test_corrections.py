"""Who corrects something at the desk is told which visits no longer hold, and where they are."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.wording import spoken_time
from patients.models import Representation
from scheduling.models import Appointment
from tests import factories as make
from tests.opened import as_opened
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, registrar):
    return sign_in(registrar)


@pytest.fixture
def booked_child():
    """A visit of a child with the mother, who has acted since yesterday."""
    visit = make.appointment(make.slots_of(make.shift(make.doctor(), days=4))[0], of=make.child())
    Representation.objects.update(valid_from=timezone.localdate() - timedelta(days=1))
    return visit


def told(page):
    return [str(message) for message in page.context["messages"]]


def end_of(visit):
    return reverse("office:representative_end", args=[visit.patient_id, visit.representation_id])


def test_who_no_longer_acts_is_ended_on_the_patients_page(desk, booked_child):
    visit = booked_child
    card = desk.get(reverse("office:patient", args=[visit.patient_id])).content.decode()
    assert f'href="{end_of(visit)}"' in card
    asked = desk.get(end_of(visit))
    assert ([each.pk for each in asked.context["upcoming"]], asked.context["form"].initial["since"]) == (
        [visit.pk],
        timezone.localdate(),
    )
    typed = {"since": f"{timezone.localdate():%d.%m.%Y}", "reason": "rights_ended"}
    page = desk.post(end_of(visit), typed, follow=True)
    name = visit.representation.full_name
    time = spoken_time(Appointment.objects.get().local_start)
    assert told(page) == [
        f"{name} больше не представляет пациента.",
        "Больше не по правилам 1 будущий визит. "
        f'<a href="/office/appointments/{visit.pk}/">{time}, Белова А.С.</a>: '
        "в этот день ребёнка никто не представляет. "
        '<a href="/office/calls/">К списку на перезапись</a>',
    ]
    assert name not in page.content.decode().split("<h2>")[3]
    assert Representation.objects.get().valid_until == timezone.localdate() - timedelta(days=1)
    assert Task.objects.get().subject == visit.pk
    assert desk.post(end_of(visit), typed).status_code == 302, "a second press"


@pytest.mark.parametrize(
    ("days", "field"), [(1, "since"), (-2, "since"), (None, "since")], ids=["ahead", "before", "nothing"]
)
def test_the_day_is_one_on_which_the_person_acted(desk, booked_child, days, field):
    day = "" if days is None else f"{timezone.localdate() + timedelta(days=days):%d.%m.%Y}"
    answer = desk.post(end_of(booked_child), {"since": day, "reason": "other"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Representation.objects.get().valid_until is None


def test_whoever_was_recorded_today_acts_until_its_end(desk, booked_child):
    Representation.objects.update(valid_from=timezone.localdate())
    desk.post(end_of(booked_child), {"since": f"{timezone.localdate():%d.%m.%Y}", "reason": "mistake"})
    assert Representation.objects.get().valid_until == timezone.localdate()


def test_nobody_is_ended_through_another_patient(desk, booked_child):
    elsewhere = reverse("office:representative_end", args=[make.patient().pk, booked_child.representation_id])
    assert desk.get(elsewhere).status_code == 404


def test_who_corrects_a_birth_date_is_told_which_visits_no_longer_hold(desk):
    doctor = make.doctor(min_age=18)
    patient = make.patient(phone="+79210001177")
    visit = make.appointment(make.slots_of(make.shift(doctor, days=4))[0], of=patient)
    form = {"last_name": "Орлова", "first_name": "Мария", "patronymic": "Ивановна", "phone": "+79210001177"}
    edit = reverse("office:patient_edit", args=[patient.pk])
    young = f"{timezone.localdate() - timedelta(days=16 * 365):%d.%m.%Y}"
    page = desk.post(edit, as_opened(desk, edit) | form | {"birth_date": young}, follow=True)
    assert "врач не принимает пациентов этого возраста" in told(page)[1]
    assert f'href="/office/appointments/{visit.pk}/"' in page.content.decode()
    page = desk.post(edit, as_opened(desk, edit) | form | {"birth_date": "17.05.1990"}, follow=True)
    assert told(page) == ["Данные исправлены."]
    assert Task.objects.get().state == "dropped"


def test_d11_a_representative_is_named_before_the_visit_goes_to_an_earlier_day(desk):
    young = make.patient(birth_date=make.born(14, on=make.moment(10).date()))
    doctor = make.doctor()
    visit = make.appointment(make.slots_of(make.shift(doctor, days=20))[0], of=young)
    mother = make.parent_of(young)
    earlier = make.slots_of(make.shift(doctor, days=3))[0]
    move, page = (reverse(f"office:{name}", args=[visit.pk]) for name in ("appointment_move", "appointment"))
    assert desk.post(move, {"to": earlier.pk}).status_code == 422
    assert desk.get(page).context["may_come"] == [mother]
    named = reverse("office:appointment_representative", args=[visit.pk])
    assert desk.post(named, {"who": mother.pk}).url == page
    assert desk.get(page).context["may_come"] == []
    assert desk.post(move, {"to": earlier.pk}).status_code == 302
    moved = Appointment.objects.get()
    assert (moved.starts_at, moved.representation) == (earlier.starts_at, mother)


def test_only_who_acts_for_the_child_comes_with_it(desk, booked_child):
    named = reverse("office:appointment_representative", args=[booked_child.pk])
    stranger = make.parent_of(make.child(first_name="Ян"))
    assert [desk.post(named, {"who": who}).status_code for who in (stranger.pk, "", "x")] == [409, 404, 404]
    assert Appointment.objects.get().representation == booked_child.representation
