"""T80, T81: the documents that may be demanded, by case. The expected matrix is written out, not computed."""

from datetime import date, timedelta

import pytest

from patients.actions import papers
from patients.choices import Applicant, Channel, DocumentKind, Relation, SeenAs
from patients.data import PowerData, Seen
from patients.demandable import Demandable, applicant_for, demandable, to_bring
from patients.errors import (
    DocumentNotDemandable,
    DocumentsMissing,
    NotForAdult,
    PowerOfAttorneyInvalid,
    RepresentativeNeeded,
)
from patients.models import IdentityDocument
from tests import factories as make

ID, BIRTH, POWER = Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE, Demandable.POWER_OF_ATTORNEY
VISIT = date(2026, 11, 23)

CASES = {
    Applicant.PATIENT: (ID,),
    Applicant.LEGAL_REPRESENTATIVE: (ID, BIRTH),
    Applicant.OTHER_PERSON: (ID, BIRTH, POWER),
    Applicant.ADULT_FOR_ADULT: (),
}


@pytest.mark.parametrize(("applicant", "expected"), CASES.items())
def test_at_the_desk_exactly_the_matrix_is_demanded(applicant, expected):
    assert demandable(channel=Channel.REGISTRY, applicant=applicant) == expected


@pytest.mark.parametrize("applicant", Applicant)
@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.SITE, Channel.DOCTOR])
def test_elsewhere_nothing_is_demanded(channel, applicant):
    assert demandable(channel=channel, applicant=applicant) == ()


def test_what_to_bring_is_never_more_than_the_desk_asks():
    assert {applicant: to_bring(applicant) for applicant in Applicant} == CASES | {Applicant.ADULT_FOR_ADULT: (ID,)}


def test_the_list_of_documents_is_closed():
    """R7: СНИЛС, policy and referral are not even in the enumeration."""
    assert set(Demandable.values) == {"identity", "birth_certificate", "power_of_attorney"}


def test_the_registrar_may_say_why_each_is_asked():
    assert [document.reason for document in Demandable] == [
        "того, кто обратился; любой из принимаемых видов",
        "потому что обратившийся действует за несовершеннолетнего",
        "потому что обратившийся — не законный представитель",
    ]


@pytest.mark.parametrize(
    ("birth_date", "relation", "expected"),
    [
        (date(2008, 11, 23), None, Applicant.PATIENT),  # eighteen on the day of the visit
        (date(2008, 11, 24), None, Applicant.PATIENT),  # seventeen, comes with an own passport
        (date(2008, 11, 24), Relation.PARENT, Applicant.LEGAL_REPRESENTATIVE),
        (date(2012, 11, 23), None, Applicant.PATIENT),  # fourteen on the day
        (date(2020, 1, 1), Relation.GUARDIAN, Applicant.LEGAL_REPRESENTATIVE),
        (date(2020, 1, 1), Relation.ATTORNEY, Applicant.OTHER_PERSON),
    ],
)
def test_t81_the_case_is_decided_on_the_day_of_the_visit(birth_date, relation, expected):
    assert applicant_for(birth_date=birth_date, day=VISIT, relation=relation) == expected


def test_t81_a_child_under_fourteen_needs_somebody():
    with pytest.raises(RepresentativeNeeded):
        applicant_for(birth_date=date(2012, 11, 24), day=VISIT, relation=None)


def test_t81_an_adult_needs_nobody():
    with pytest.raises(NotForAdult):
        applicant_for(birth_date=date(2008, 11, 23), day=VISIT, relation=Relation.PARENT)


def seen(*documents):
    kinds = {ID: DocumentKind.RF_PASSPORT, BIRTH: DocumentKind.BIRTH_CERTIFICATE, POWER: None}
    return [Seen(document=document, kind=kinds[document]) for document in documents]


def record(applicant, documents, **case):
    case = {"patient": make.patient(), "channel": Channel.REGISTRY, "by": make.TEST} | case
    return papers.record(applicant=applicant, seen=seen(*documents), **case)


@pytest.mark.django_db
@pytest.mark.parametrize(("applicant", "asked"), [case for case in CASES.items() if POWER not in case[1]])
def test_t80_more_or_less_than_the_matrix_is_refused(applicant, asked):
    assert [shown["document"] for shown in record(applicant, asked).documents_seen] == list(asked)
    for missing in asked:
        with pytest.raises(DocumentsMissing):
            record(applicant, [document for document in asked if document != missing])
    for extra in set(Demandable) - set(asked):
        with pytest.raises(DocumentNotDemandable):
            record(applicant, [*asked, extra])


@pytest.mark.django_db
@pytest.mark.parametrize(("last_day", "in_force"), [(VISIT, True), (VISIT - timedelta(days=1), False)])
def test_t81_a_power_of_attorney_is_in_force_on_the_day_of_the_visit(last_day, in_force):
    child = make.child()
    power = PowerData(principal_name="Орлова Мария Ивановна", signed_on=date(2026, 1, 10), valid_until=last_day)
    nanny = make.parent_of(child, Relation.ATTORNEY, power, last_name="Ли", first_name="Инна")
    case = {"patient": child, "representation": nanny, "visit_day": VISIT}
    if in_force:
        record(Applicant.OTHER_PERSON, [ID, BIRTH, POWER], **case)
        nanny.refresh_from_db()
        assert nanny.verified_by == make.TEST.ref
        return
    with pytest.raises(PowerOfAttorneyInvalid):
        record(Applicant.OTHER_PERSON, [ID, BIRTH, POWER], **case)


@pytest.mark.django_db
def test_documents_belong_to_who_showed_them_and_numbers_are_masked():
    child = make.child()
    mother = make.parent_of(child)
    items = [
        Seen(document=ID, kind=DocumentKind.RF_PASSPORT, number="4015 123456", seen_as=SeenAs.CERTIFIED_COPY),
        Seen(document=BIRTH, kind=DocumentKind.BIRTH_CERTIFICATE),
    ]
    papers.record(
        patient=child,
        applicant=Applicant.LEGAL_REPRESENTATIVE,
        channel=Channel.REGISTRY,
        seen=items,
        by=make.TEST,
        representation=mother,
    )
    passport = IdentityDocument.objects.get(kind=DocumentKind.RF_PASSPORT)
    assert (passport.representation, passport.patient, passport.number) == (mother, None, "4015 123456")
    assert passport.masked == "•••• 3456"
    assert IdentityDocument.objects.get(kind=DocumentKind.BIRTH_CERTIFICATE).patient == child
