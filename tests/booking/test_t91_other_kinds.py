"""T91: correcting is done and lists, ending is never refused, receiving blocks until somebody signs."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from booking import gate, holding
from booking.verbs import Kind
from foundation.accounts.choices import Role
from foundation.changes import Changes
from patients.choices import Channel, EndReason
from patients.data import PersonData
from patients.errors import PapersNotShown
from scheduling.choices import AbsenceKind, CancelReason
from scheduling.data import AbsenceData
from scheduling.models import Absence, Appointment, Doctor, Location, Service, Slot
from scheduling.models.absence import Whose
from tests import factories as make
from tests.booking.t91.kinds import verbs_of
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    """A visit of a small child that breaks every rule a booked visit has to keep but that of the power of attorney."""
    booked = make.appointment(make.slots_of(make.shift(make.doctor(), days=5))[0], of=make.child())
    Doctor.objects.filter(pk=booked.doctor_id).update(min_age=50, active=False)
    Service.objects.filter(pk=booked.service_id).update(active=False, minutes=60)
    booking.end_representation(
        representation=booked.representation,
        last_day=timezone.localdate(),
        reason=EndReason.RIGHTS_ENDED,
        by=make.TEST,
    )
    Task.objects.all().delete()
    return Appointment.objects.get()


def test_the_visit_breaks_what_it_can(visit):
    (broken,) = holding.broken(Appointment.objects.all())
    rules = [check for check in gate.HOLDING if check != gate.power_is_in_force]
    assert len(broken.refusals) == len(rules)


# Correcting


def person_of(visit, **changed):
    columns = {name: getattr(visit.patient, name) for name in PersonData.__slots__}
    return replace(PersonData(**columns | {"phone": visit.patient.phone.as_e164}), **changed)


def correct_patient(visit):
    younger = visit.patient.birth_date + timedelta(days=1)
    return booking.correct_patient(patient=visit.patient, changes=Changes({"birth_date": younger}), by=make.TEST)


def represent(visit):
    return booking.represent(patient=visit.patient, who=make.representative(), by=make.TEST).broken


def correct_representative(visit):
    who = make.parent_of(visit.patient, last_name="Цой")
    renamed = Changes({"last_name": "Цай"})
    return booking.correct_representative(representation=who, changes=renamed, by=make.TEST)


def end_representation(visit):
    who = make.parent_of(visit.patient, last_name="Цой")
    return booking.end_representation(
        representation=who, last_day=timezone.localdate(), reason=EndReason.MISTAKE, by=make.TEST
    )


def merge_patients(visit):
    double = make.child(years=40)
    return booking.merge_patients(kept=visit.patient, merged=double, chosen=[], by=make.TEST)


def add_absence(visit):
    span = {"starts_at": visit.starts_at, "ends_at": visit.ends_at}
    return booking.add_absence(data=AbsenceData(whose=Whose(visit.doctor), kind=AbsenceKind.SICK, **span), by=make.TEST)


def remove_absence(visit):
    booking.remove_absence(absence=add_absence(visit), by=make.TEST)
    return Absence.objects.get()


def free(visit):
    return Slot.objects.filter(appointment=None).first()


def take_back(visit):
    with time_machine.travel(visit.starts_at):
        booking.check_in(appointment=visit.pk, signed_off="дело срочное", by=make.actor(Role.HEAD))
        return booking.take_back(appointment=visit.pk, status="arrived", reason="ошибка", by=make.TEST)


def undo(visit):
    by = make.actor()
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=by)
    return booking.undo(appointment=visit.pk, step="cancelled", by=by)


LISTING = {
    "change_reference": lambda visit: booking.change_reference(
        row=visit.doctor, changes=Changes({"min_age": 99}), by=make.TEST
    ),
    "correct_patient": correct_patient,
    "correct_representative": correct_representative,
    "end_representation": end_representation,
    "merge_patients": lambda visit: merge_patients(visit).broken,
    "recheck_doctor": lambda visit: booking.recheck_doctor(doctor=visit.doctor, by=make.TEST),
    "recheck_service": lambda visit: booking.recheck_service(service=visit.service, by=make.TEST),
    "undo_merge": lambda visit: booking.undo_merge(merge=merge_patients(visit).merge.pk, by=make.TEST).broken,
}
"""These change by what a visit holds."""
PLACE = {"name": "Второй филиал", "address": "ул. Звёздная, д. 1", "timezone": "Europe/Moscow"}
CORRECTING = {
    "add_absence": add_absence,
    "add_reference": lambda visit: booking.add_reference(model=Location, values=PLACE, by=make.TEST),
    "change_organization": lambda visit: booking.change_organization(changes=Changes({"name": "Луна"}), by=make.TEST),
    "block": lambda visit: booking.block(slots=[free(visit).pk], reason="обучение", by=make.TEST),
    "link_representative": lambda visit: booking.link_representative(
        representation=make.parent_of(visit.patient, last_name="Цой"), person=make.patient(), by=make.TEST
    ),
    "name_representative": lambda visit: booking.name_representative(
        appointment=visit.pk, representation=make.parent_of(visit.patient, last_name="Цой"), by=make.TEST
    ),
    "reconcile_openness": lambda visit: booking.reconcile_openness(),
    "remove_absence": lambda visit: booking.remove_absence(absence=add_absence(visit), by=make.TEST),
    "represent": represent,
    "send_again": lambda visit: booking.send_again(appointment=visit.pk, by=make.TEST),
    "unblock": lambda visit: booking.unblock(slots=[free(visit).pk], by=make.TEST),
    "take_back": take_back,
    "undo": undo,
    "withdraw": lambda visit: booking.withdraw(shift=make.shift(visit.doctor, days=9), by=make.TEST),
}
"""These do not: times, and who else may act."""


def test_every_verb_that_corrects_is_here():
    assert verbs_of(Kind.CORRECT) == sorted(LISTING | CORRECTING)


@pytest.mark.parametrize("correct", LISTING)
def test_a_correction_is_done_and_lists_what_no_longer_holds(visit, correct):
    assert [each.visit for each in LISTING[correct](visit)] == [visit]
    assert Task.objects.get(kind=TaskKind.REBOOK, state="open").subject == visit.pk


@pytest.mark.parametrize("correct", CORRECTING)
def test_what_touches_no_rule_of_a_visit_is_done(visit, correct, settings):
    settings.UNDO_SECONDS = 10
    CORRECTING[correct](visit)
    visit.refresh_from_db()
    assert visit.status == "booked"


# Ending


def here(visit):
    now = timezone.now()
    Appointment.objects.filter(pk=visit.pk).update(status="arrived", arrived_at=now, arrived_by=make.TEST.ref)


def finish(visit):
    here(visit)
    with time_machine.travel(visit.starts_at):
        return booking.finish(appointment=visit.pk, by=make.TEST).status


def mark_noshow(visit):
    with time_machine.travel(visit.starts_at + timedelta(minutes=5)):
        return booking.mark_noshow(appointment=visit.pk, by=make.TEST).status


def cancel(visit):
    return booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST).status


def enter_in_error(visit):
    return booking.enter_in_error(appointment=visit.pk, note="не тот", by=make.TEST).status


def close_request(visit):
    wishes, person = make.wishes(make.specialty()), person_of(visit)
    request = booking.hand_over(
        person=person, patient=visit.patient, wishes=wishes, channel=Channel.REGISTRY, by=make.TEST
    )
    booking.close_request(request=request.pk, by=make.actor(Role.OPERATOR))
    request.refresh_from_db()
    return request.state


def remove_entry(visit):
    entry = make.entry(make.specialty(), who=visit.patient)
    booking.remove_entry(entry=entry.pk, reason="передумала", by=make.actor(Role.OPERATOR))
    entry.refresh_from_db()
    return entry.state


ENDING = {
    "cancel": (cancel, "cancelled"),
    "close_request": (close_request, "closed"),
    "enter_in_error": (enter_in_error, "entered-in-error"),
    "finish": (finish, "fulfilled"),
    "mark_noshow": (mark_noshow, "noshow"),
    "remove_entry": (remove_entry, "removed"),
}


def test_every_verb_that_ends_is_here():
    assert verbs_of(Kind.END) == sorted(ENDING)


@pytest.mark.parametrize("end", ENDING)
def test_ending_is_never_refused(visit, end):
    ends, state = ENDING[end]
    assert ends(visit) == state


# Receiving


RECEIVING = {
    "check_in": lambda visit, **signed: booking.check_in(appointment=visit.pk, **{"by": make.TEST, **signed}),
    "start": lambda visit: booking.start(appointment=visit.pk, by=make.TEST),
}


def test_every_verb_that_receives_is_here():
    assert verbs_of(Kind.RECEIVE) == sorted(RECEIVING)


@pytest.mark.parametrize("receive", RECEIVING)
def test_receiving_blocks_until_somebody_who_may_signs(visit, receive):
    with time_machine.travel(visit.starts_at):
        with pytest.raises(PapersNotShown):
            RECEIVING[receive](visit)
        signed = {"by": make.actor(Role.HEAD), "signed_off": "мать в дороге, документы покажет"}
        assert RECEIVING["check_in"](visit, **signed).status == "arrived"
        assert RECEIVING["start"](visit).status == "checked-in"
    assert visit.events.get(kind="arrived").reason == signed["signed_off"]
