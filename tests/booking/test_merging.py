"""Two records of one person become one with all that hangs on them, and two again (R9, K04)."""

from datetime import date, timedelta
from itertools import permutations

import pytest
import time_machine
from django.utils import timezone

import booking
from booking import merge_rows
from booking.merge_conflicts import conflicts_of
from booking.merge_rows import MOVED
from booking.merging import UNDO_DAYS
from foundation.audit.models import AuditEvent
from foundation.changes import Changes, digest
from patients.actions import papers, register
from patients.choices import Applicant, Channel, DocumentKind
from patients.data import Seen
from patients.demandable import Demandable
from patients.errors import MergedMeanwhile, MergeHasConflicts, MergeNotPossible, MergeTooOld, RecordsChanged
from patients.models import (
    DataConsent,
    IdentityDocument,
    Patient,
    PatientMerge,
    PersonSearch,
    RegistryEntry,
    Representation,
)
from patients.queries import doubles, known, people
from scheduling.models import Appointment
from scheduling.queries.find_people import find
from tests import factories as make
from waitlist.models import UnmetWish, WaitlistEntry, WaitlistRequest
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db
STAY = {
    (DataConsent, "patient"): "append-only: the consent was given for that record",
    (RegistryEntry, "patient"): "append-only: the card reads those of its parts as well",
    (UnmetWish, "patient"): "append-only: the wish was said of that record",
    (PatientMerge, "kept"): "tells of the merge itself",
    (PatientMerge, "merged"): "tells of the merge itself",
    (PersonSearch, "patient"): "written by the trigger",
    (PersonSearch, "record"): "written by the trigger",
}
BORN = date(1990, 5, 17)


@pytest.fixture
def kept():
    return make.patient(last_name="Иванов", first_name="Пётр", birth_date=BORN, phone="+79215550101")


@pytest.fixture
def double():
    return make.patient(last_name="Ивонов", first_name="Пётр", birth_date=BORN, phone="+79215550202")


def merge(kept, double, *chosen):
    return booking.merge_patients(kept=kept, merged=double, chosen=chosen, by=make.TEST).merge


def undo(merge):
    booking.undo_merge(merge=merge.pk, by=make.TEST)


def read(patient):
    return Patient.objects.get(pk=patient.pk)


def test_every_column_that_names_a_patient_moves_or_has_a_reason_to_stay():
    related = (each for each in Patient._meta.get_fields(include_hidden=True) if each.auto_created and each.is_relation)
    named = {(each.related_model, each.field.name) for each in related}
    assert named == set(MOVED) | STAY.keys()


def test_all_that_hangs_on_a_record_hangs_on_the_one_that_stays(kept, double):
    visit, entry = make.appointment(of=double), make.entry(make.specialty("Хирургия"), who=double)
    entries, acting = list(RegistryEntry.objects.filter(patient=double)), make.parent_of(double)
    merge(kept, double)
    assert Appointment.objects.get(pk=visit.pk).patient == kept
    assert WaitlistEntry.objects.get(pk=entry.pk).patient == kept
    assert Representation.objects.get(pk=acting.pk).patient == kept
    assert list(people.registry_entries(kept)) == entries
    assert read(double).merged_into == kept


def test_the_chosen_columns_are_taken_and_the_others_stay(kept, double):
    make.entry(make.specialty("Хирургия"), who=kept)
    Patient.objects.filter(pk=double.pk).update(birth_date=date(1991, 5, 17), note="без лифта")
    merge(kept, double, "birth_date", "phone")
    after = read(kept)
    assert (after.last_name, after.birth_date, after.phone.as_e164) == ("Иванов", date(1991, 5, 17), "+79215550202")
    assert (after.note, WaitlistEntry.objects.get().birth_date) == ("", date(1991, 5, 17))


def test_the_trail_keeps_what_stood_there_and_what_was_written(kept, double):
    undo(merge(kept, double, "phone", "patronymic"))
    numbers = ["+79215550101", "+79215550202"]
    told = AuditEvent.objects.filter(action__startswith="patient.merge").order_by("id")
    assert [(event.action, event.details["changed"]) for event in told] == [
        ("patient.merged", {"phone": numbers}),
        ("patient.merge_undone", {"phone": numbers[::-1]}),
    ]


def test_both_names_and_numbers_find_the_record_that_stays(kept, double):
    merge(kept, double)
    for typed in ("иванов петр", "ивонов петр", "0101", "0202", double.card_number):
        assert [each.patient for each in find(typed).people] == [kept], typed
    assert people.callers("+79215550202") == [kept]
    assert people.one(double.pk) == kept
    assert people.with_representatives(double.pk)[0] == kept


def test_the_site_books_for_the_record_that_stays(kept, double):
    merge(kept, double)
    typed = {"last_name": "Ивонов", "first_name": "Пётр", "birth_date": BORN, "phone": "+79215550202"}
    assert known.by_phone(make.person(**typed)).patient == kept
    assert register.find_or_add(person=make.person(**typed), by=make.TEST) == kept


def test_a_merge_and_its_undo_leave_everything_as_it_was(kept, double):
    make.appointment(of=double)
    make.entry(make.specialty("Хирургия"), who=double)
    make.parent_of(double)
    before = rows()
    undo(merge(kept, double, "phone", "last_name"))
    assert rows() == before
    assert [each.patient for each in find("ивонов петр").people] == [double]
    assert [each.patient for each in find("0202").people] == [double]


def rows():
    tables = {model for model, _column in MOVED} | {Patient}
    return {model: list(model.objects.order_by("pk").values()) for model in tables}


def test_what_others_have_changed_since_then_stays(kept, double):
    first = make.appointment(of=double)
    made = merge(kept, double, "phone")
    Patient.objects.filter(pk=kept.pk).update(phone="+79215550303", note="звонить вечером")
    later = make.appointment(make.slots_of(make.shift(make.doctor(), days=9))[0], of=kept)
    booking.cancel(appointment=first.pk, reason="patient", by=make.TEST)
    undo(made)
    after = read(kept)
    assert (after.phone.as_e164, after.note) == ("+79215550303", "звонить вечером")
    assert Appointment.objects.get(pk=later.pk).patient == kept
    parted = Appointment.objects.get(pk=first.pk)
    assert (parted.patient, parted.status) == (double, "cancelled")


def test_a_follow_up_goes_with_the_visit_it_follows(kept, double):
    first = make.seen(make.appointment(of=double))
    made = merge(kept, double)
    later = make.slots_of(make.shift(first.doctor, days=9))[0]
    follow_up = make.follow_up(later, of=Appointment.objects.get(pk=first.pk))
    undo(made)
    assert Appointment.objects.get(pk=follow_up.pk).patient == double


def asked(of, wishes):
    """A request of this record that nobody has entered yet."""
    person = make.person(last_name="Ивонов", first_name="Пётр", birth_date=BORN)
    row = booking.hand_over(person=person, wishes=wishes, channel=Channel.REGISTRY, by=make.TEST)
    WaitlistRequest.objects.filter(pk=row.pk).update(patient=of)
    return row


def test_what_was_made_about_rows_that_go_back_goes_with_them(kept, double):
    """An offer and its task about a wish, the visit booked of it, and the wish that was made of a request."""
    entry, free = make.entry(make.specialty("Хирургия"), who=double), make.slots_of(make.shift(make.doctor(), days=9))
    handed = asked(double, make.wishes(make.specialty("Неврология")))
    made = merge(kept, double)
    offer = make.offer(WaitlistEntry.objects.get(pk=entry.pk), free[0])
    visit = make.appointment(free[1], of=read(kept))
    WaitlistEntry.objects.filter(pk=entry.pk).update(
        state="booked", appointment=visit, closed_at=timezone.now(), closed_by="x"
    )
    entered, own = booking.enter_request(request=handed.pk, by=make.TEST), make.appointment(free[2], of=read(kept))
    undo(made)
    for row in (entry, offer, offer.task, visit, entered):
        row.refresh_from_db()
        assert row.patient == double, row
    own.refresh_from_db()
    assert own.patient == kept


def test_what_came_since_and_stays_is_counted_before_the_records_are_parted(kept, double):
    handed, before = asked(double, make.wishes(make.specialty("Неврология"))), make.appointment(of=kept)
    made = merge(kept, double)
    assert merge_rows.staying(made) == {}
    booking.enter_request(request=handed.pk, by=make.TEST)
    free = make.slots_of(make.shift(before.doctor, days=9))
    for slot in free[:2]:
        make.appointment(slot, of=read(kept))
    make.parent_of(read(kept))
    assert merge_rows.staying(made) == {Appointment: 2, Representation: 1, RegistryEntry: 2}
    undo(made)
    assert Appointment.objects.filter(patient=kept).count() == 3


def test_a_wish_that_was_there_before_does_not_go_with_a_request_for_the_same(kept, double):
    specialty = make.specialty("Хирургия")
    own = make.entry(specialty, who=kept)
    handed = asked(double, make.wishes(specialty))
    made = merge(kept, double)
    assert booking.enter_request(request=handed.pk, by=make.TEST) == own
    undo(made)
    own.refresh_from_db()
    assert own.patient == kept


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_merges_are_undone_in_any_order(kept, order):
    others = [
        make.patient(last_name="Ивонов", first_name="Пётр", birth_date=BORN, phone=f"+7921555020{number}")
        for number in range(3)
    ]
    before = rows()
    merges = [merge(kept, other, "phone", "last_name") for other in others]
    for number in order:
        undo(merges[number])
    assert rows() == before


def test_a_value_that_somebody_has_typed_between_two_merges_is_nobodys_before(kept, double):
    third = make.patient(last_name="Ивонов", first_name="Пётр", birth_date=BORN, phone="+79215550303")
    first = merge(kept, double, "phone")
    Patient.objects.filter(pk=kept.pk).update(phone="+79215550404")
    second = merge(kept, third, "phone")
    undo(first)
    undo(second)
    assert read(kept).phone.as_e164 == "+79215550404"


def test_visits_at_one_time_and_wishes_for_one_specialty_come_first(kept, double):
    specialty = make.specialty("Хирургия")
    entries = [make.entry(specialty, who=who) for who in (kept, double)]
    visits = [make.appointment(make.slots_of(make.shift(make.doctor(), days=9))[0], of=who) for who in (kept, double)]
    found = conflicts_of(kept, double)
    assert (found.visits, found.entries) == ([visits[1]], [entries[1]])
    with pytest.raises(MergeHasConflicts):
        merge(kept, double)
    assert read(double).merged_into is None


def test_a_paper_of_a_kind_that_was_seen_for_both_stays_where_it_was(kept, double):
    now = timezone.now()
    seen = {"kind": "rf_passport", "seen_as": "original", "seen_at": now, "seen_by": "staff:1"}
    for who in (kept, double):
        IdentityDocument.objects.create(patient=who, **seen)
    merge(kept, double)
    assert sorted(IdentityDocument.objects.values_list("patient", flat=True)) == sorted([kept.pk, double.pk])


@pytest.mark.parametrize("pair", [("kept", "kept"), ("kept", "part"), ("part", "kept"), ("other", "part")])
def test_what_cannot_be_merged(kept, double, pair):
    merge(kept, double)
    records = {"kept": kept, "part": double, "other": make.patient(last_name="Петров")}
    with pytest.raises(MergeNotPossible):
        merge(*(records[name] for name in pair))


def test_a_merge_is_undone_once_and_within_its_term(kept, double):
    made = merge(kept, double)
    with time_machine.travel(timezone.now() + timedelta(days=UNDO_DAYS, minutes=1)), pytest.raises(MergeTooOld):
        undo(made)
    undo(made)
    undo(made)
    assert (read(double).merged_into, PatientMerge.objects.count()) == (None, 1)
    merge(kept, double)


def test_a_record_with_parts_becomes_a_part_with_them(kept, double):
    first = make.patient(last_name="Ивановский", first_name="Пётр", birth_date=BORN, phone="+79215550303")
    visit = make.appointment(of=first)
    inner = merge(double, first)
    outer = merge(kept, double)
    assert {read(first).merged_into, read(double).merged_into} == {kept}
    assert [each.patient for each in find("ивановский петр").people] == [kept]
    assert (people.one(first.pk), list(people.registry_entries(kept))) == (kept, list(RegistryEntry.objects.all()))
    with pytest.raises(MergeNotPossible):
        undo(inner)
    undo(outer)
    assert (read(first).merged_into, [each.patient for each in find("ивановский петр").people]) == (double, [double])
    undo(inner)
    assert (read(first).merged_into, Appointment.objects.get(pk=visit.pk).patient) == (None, first)


def test_who_acts_for_a_parted_record_comes_no_more_with_the_other(db):
    kept, other = make.child(last_name="Орлов"), make.child(last_name="Соколов")
    stranger = make.parent_of(other, last_name="Соколова", phone="+79215550404")
    made = merge(kept, other)
    later = make.slots_of(make.shift(make.doctor(), days=9))[0]
    visit = make.appointment(later, of=read(kept), representative=Representation.objects.get(pk=stranger.pk))
    undo(made)
    visit.refresh_from_db()
    assert (visit.patient, visit.representation) == (kept, None)
    assert Representation.objects.get(pk=stranger.pk).patient == other
    assert Task.objects.get(kind=TaskKind.REBOOK, state="open").subject == visit.pk


def test_a_name_or_a_paper_of_a_part_leads_to_the_whole(kept, double):
    papers.record(
        patient=double,
        applicant=Applicant.PATIENT,
        channel=Channel.REGISTRY,
        seen=[Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number="4015 123456")],
        by=make.TEST,
    )
    IdentityDocument.objects.create(
        patient=kept, kind="rf_passport", seen_as="original", seen_at=timezone.now(), seen_by="staff:1"
    )
    merge(kept, double)
    assert [each.patient for each in find("4015 123456").people] == [kept]
    Patient.objects.filter(pk=kept.pk).update(last_name="Сидоров", search_name="сидоров петр ивановна")
    person = make.person(last_name="Ивонов", first_name="Пётр", birth_date=BORN, phone="")
    assert doubles.of(person) == [kept]


def test_a_part_is_not_corrected(kept, double):
    merge(kept, double)
    with pytest.raises(MergedMeanwhile):
        booking.correct_patient(patient=double, changes=Changes({"note": "без лифта"}), by=make.TEST)


def test_what_was_booked_over_is_no_conflict(kept, double):
    visit = make.appointment(make.slots_of(make.shift(make.doctor(), days=9))[0], of=kept)
    make.overbooked(visit, patient=double)
    assert not conflicts_of(kept, double)
    merge(kept, double)


def test_what_was_corrected_between_the_page_and_the_lock_is_not_merged(kept, double):
    seen = {name: digest(value) for name, value in doubles.recorded_in_both(kept, double).items()}
    booking.correct_patient(patient=kept, changes=Changes({"phone": "+79215550505"}), by=make.TEST)
    with pytest.raises(RecordsChanged) as refused:
        booking.merge_patients(kept=kept, merged=double, chosen=["phone"], seen=seen, by=make.TEST)
    assert (refused.value.columns, read(double).merged_into) == ({"kept.phone"}, None)
