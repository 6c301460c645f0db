"""The registry entry and the documents behind it: kept once, replaced in order, never in clear (R3–R8, T71)."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from foundation.audit.models import AuditEvent
from patients.actions import papers
from patients.choices import Applicant, Channel, DocumentKind, Relation, SeenAs
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import DocumentNotDemandable, DocumentsMissing, PowerOfAttorneyInvalid
from patients.fields import blind_index
from patients.models import IdentityDocument, RegistryEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

FIRST, SECOND = "4015 123456", "4020 654321"


def passport(number="", seen_as=SeenAs.ORIGINAL):
    return Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number=number, seen_as=seen_as)


def birth_certificate(number=""):
    return Seen(document=Demandable.BIRTH_CERTIFICATE, kind=DocumentKind.BIRTH_CERTIFICATE, number=number)


def show(patient, *seen, by=make.TEST, acting=None, **case):
    applicant = Applicant.LEGAL_REPRESENTATIVE if acting else Applicant.PATIENT
    case = {"applicant": applicant, "channel": Channel.REGISTRY} | case
    return papers.record(patient=patient, seen=seen, by=by, representation=acting, **case)


def documents(**which):
    """Oldest first: the number, and whether another one took its place."""
    kept = IdentityDocument.objects.filter(**which).order_by("pk")
    return [(document.number, document.replaced_at is not None) for document in kept]


def test_the_entry_tells_who_showed_what_to_whom():
    child, by = make.child(), make.actor()
    mother = make.parent_of(child)
    entry = show(child, passport(FIRST, SeenAs.CERTIFIED_COPY), birth_certificate(), acting=mother, by=by)
    written = RegistryEntry.objects.get()
    assert entry == written
    assert (written.patient, written.representation, written.applicant) == (child, mother, "legal_representative")
    assert (written.channel, written.by, written.by_name) == (Channel.REGISTRY, by.ref, by.name)
    assert written.documents_seen == [
        {"document": "identity", "kind": "rf_passport", "seen_as": "certified_copy", "ends": "56"},
        {"document": "birth_certificate", "kind": "birth_certificate", "seen_as": "original"},
    ]
    event = AuditEvent.objects.get(action="registry_entry.made")
    assert (event.actor, event.patient, event.object_ref) == (by.ref, child.pk, str(entry.pk))


def test_by_phone_the_entry_has_no_papers():
    patient = make.patient()
    assert show(patient, channel=Channel.PHONE).documents_seen == []
    assert documents() == []


def test_the_same_number_again_is_the_same_document_seen_by_another():
    patient, other = make.patient(), make.actor()
    show(patient, passport(FIRST, SeenAs.CERTIFIED_COPY))
    first_seen = IdentityDocument.objects.get().seen_at
    show(patient, passport(FIRST), by=other)
    document = IdentityDocument.objects.get()
    assert (document.number, document.seen_as, document.seen_by) == (FIRST, SeenAs.ORIGINAL, other.ref)
    assert document.seen_at > first_seen
    assert document.replaced_at is None


def test_another_number_takes_the_place_of_the_one_before():
    patient = make.patient()
    for number in (FIRST, SECOND, FIRST):
        show(patient, passport(number))
    assert documents() == [(FIRST, True), (SECOND, True), (FIRST, False)]


def test_a_document_without_a_number_is_one_row_however_often_it_is_seen():
    patient, other = make.patient(), make.actor()
    show(patient, passport())
    show(patient, passport(seen_as=SeenAs.CERTIFIED_COPY), by=other)
    document = IdentityDocument.objects.get()
    assert (document.seen_as, document.seen_by, document.number_index) == ("certified_copy", other.ref, "")


def test_a_number_once_typed_is_not_lost_when_it_is_left_out():
    patient = make.patient()
    show(patient, passport(FIRST))
    show(patient, passport())
    assert documents() == [(FIRST, False)]


def test_the_passport_is_whose_hand_it_was_in_and_the_certificate_the_childs():
    child = make.child()
    mother = make.parent_of(child)
    show(child, passport(FIRST), birth_certificate("IV-АИ 654321"), acting=mother)
    assert documents(representation=mother, patient=None) == [(FIRST, False)]
    assert documents(patient=child, representation=None) == [("IV-АИ 654321", False)]


def test_documents_of_two_people_do_not_meet():
    one, other = make.patient(), make.patient()
    show(one, passport(FIRST))
    show(other, passport(SECOND))
    assert (documents(patient=one), documents(patient=other)) == ([(FIRST, False)], [(SECOND, False)])


def test_two_documents_of_which_one_replaces_another_are_kept_together():
    """The one that is new must not meet the end of the old one in the wrong order."""
    child = make.child()
    mother = make.parent_of(child)
    show(child, passport(FIRST), birth_certificate(), acting=mother)
    show(child, passport(SECOND), birth_certificate("IV-АИ 654321"), acting=mother)
    assert documents(representation=mother) == [(FIRST, True), (SECOND, False)]


def test_a_number_is_found_by_its_index_and_shown_by_its_end():
    show(make.patient(), passport(FIRST))
    document = IdentityDocument.objects.get()
    assert (document.number_index, document.last_digits, document.masked) == (blind_index(FIRST), "3456", "•••• 3456")
    assert FIRST not in document.number_index


def test_no_number_is_in_the_table_in_clear():
    show(make.patient(), passport(FIRST))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(document)::text FROM patients_identitydocument document")
        (row,) = cursor.fetchone()
    assert FIRST not in row
    assert "123456" not in row
    assert '"3456"' in row, "the control: what is kept in clear is found"


@pytest.mark.parametrize(
    ("applicant", "seen", "error", "named"),
    [
        (Applicant.PATIENT, [], DocumentsMissing, (Demandable.IDENTITY,)),
        (
            Applicant.LEGAL_REPRESENTATIVE,
            [],
            DocumentsMissing,
            (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE),
        ),
        (Applicant.LEGAL_REPRESENTATIVE, [passport()], DocumentsMissing, (Demandable.BIRTH_CERTIFICATE,)),
        (Applicant.PATIENT, [birth_certificate()], DocumentNotDemandable, None),
    ],
)
def test_a_refusal_names_what_is_missing_in_the_order_of_the_matrix(applicant, seen, error, named):
    """A paper that must not be asked for is told before a missing one (R7)."""
    with pytest.raises(error) as refused:
        show(make.patient(), *seen, applicant=applicant)
    assert getattr(refused.value, "missing", None) == named
    assert not RegistryEntry.objects.exists()


def test_whoever_acts_is_verified_once_and_by_papers_alone():
    child = make.child()
    mother = make.parent_of(child)
    show(child, acting=mother, channel=Channel.PHONE)
    mother.refresh_from_db()
    assert (mother.verified_at, mother.verified_by) == (None, "")
    first, second = make.actor(), make.actor()
    for by in (first, second):
        show(child, passport(), birth_certificate(), acting=mother, by=by)
        mother.refresh_from_db()
    assert mother.verified_by == first.ref


POWER = PowerData(principal_name="Орлова Мария Ивановна", signed_on=date(2026, 1, 10), valid_until=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2026, 1, 9), False),
        (date(2026, 1, 10), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_t81_a_power_of_attorney_holds_from_the_day_it_was_signed_to_its_last_day(day, in_force):
    child = make.child()
    nanny = make.parent_of(child, Relation.ATTORNEY, POWER, last_name="Ли", first_name="Инна")
    case = {
        "applicant": Applicant.OTHER_PERSON,
        "channel": Channel.REGISTRY,
        "seen": [passport(), birth_certificate(), Seen(document=Demandable.POWER_OF_ATTORNEY)],
        "representation": nanny,
        "day": day,
    }
    if in_force:
        assert papers.check(**case) == tuple(Demandable)
        return
    with pytest.raises(PowerOfAttorneyInvalid):
        papers.check(**case)


def test_a_power_of_attorney_is_named_in_the_entry_and_has_no_row_among_the_documents():
    child = make.child()
    power = replace(POWER, valid_until=date(2036, 12, 31))
    nanny = make.parent_of(child, Relation.ATTORNEY, power, last_name="Ли", first_name="Инна")
    seen = [passport(), birth_certificate(), Seen(document=Demandable.POWER_OF_ATTORNEY)]
    entry = show(child, *seen, acting=nanny, applicant=Applicant.OTHER_PERSON)
    assert entry.documents_seen[2] == {"document": "power_of_attorney", "kind": "", "seen_as": "original"}
    assert IdentityDocument.objects.count() == 2


@pytest.mark.parametrize("known", [False, True])
def test_no_power_of_attorney_is_none_in_force(known):
    child = make.child()
    nanny = make.parent_of(child, Relation.ATTORNEY, last_name="Ли", first_name="Инна") if known else None
    with pytest.raises(PowerOfAttorneyInvalid):
        papers.check(
            applicant=Applicant.OTHER_PERSON,
            channel=Channel.REGISTRY,
            seen=[passport(), birth_certificate(), Seen(document=Demandable.POWER_OF_ATTORNEY)],
            representation=nanny,
            day=date(2026, 6, 1),
        )
