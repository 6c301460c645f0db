"""Papers that were seen the last time are not asked for blank (K19)."""

import pytest
import time_machine
from django.urls import reverse

import booking
from foundation.accounts.choices import Role
from patients.actions import papers
from patients.choices import Applicant, Channel, DocumentKind, SeenAs
from patients.data import Seen
from patients.demandable import Demandable
from tests import factories as make

pytestmark = pytest.mark.django_db
THAT_DAY = "2026-11-27 12:00+03:00"


@pytest.fixture
def slot():
    with time_machine.travel(THAT_DAY):
        return make.slots_of(make.shift(make.doctor(), days=3))[0]


@pytest.fixture(autouse=True)
def _next_day():
    with time_machine.travel("2026-11-28 09:00+03:00"):
        yield


def shown(document, kind, *, of, by=None, number="", seen_as=SeenAs.ORIGINAL):
    seen = [Seen(document=document, kind=kind, number=number, seen_as=seen_as)]
    with time_machine.travel(THAT_DAY):
        papers.keep(
            patient=of,
            applicant=Applicant.PATIENT,
            channel=Channel.REGISTRY,
            seen=seen,
            by=make.TEST,
            representation=by,
            verified=False,
        )


def forms(client, slot, patient, **sent):
    page = reverse("office:book", args=[slot.pk])
    answer = (
        client.post(page, {"patient": patient.pk, "refresh": "1"} | sent)
        if sent
        else client.get(page, {"patient": patient.pk})
    )
    return {form.document: form for form in answer.context["panel"].papers}


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.REGISTRAR)


def test_k19_the_panel_tells_when_it_was_seen_and_how_its_number_ends(desk, slot):
    patient = make.patient()
    shown(Demandable.IDENTITY, DocumentKind.MILITARY_ID, of=patient, number="АБ 1234556", seen_as=SeenAs.CERTIFIED_COPY)
    form = forms(desk, slot, patient)[Demandable.IDENTITY]
    assert form.seen_before == "видели 27.11.2026, номер •• 56"
    filled = [form[name].value() for name in ("kind", "seen_as", "number", "seen")]
    assert filled == [DocumentKind.MILITARY_ID, SeenAs.CERTIFIED_COPY, None, None]


def test_a_document_without_a_number_is_told_of_by_its_day(desk, slot):
    patient = make.patient()
    shown(Demandable.IDENTITY, DocumentKind.RF_PASSPORT, of=patient)
    assert forms(desk, slot, patient)[Demandable.IDENTITY].seen_before == "видели 27.11.2026"


def test_who_was_never_seen_is_asked_blank(desk, slot):
    form = forms(desk, slot, make.patient())[Demandable.IDENTITY]
    assert (form.seen_before, form["seen_as"].value()) == ("", SeenAs.ORIGINAL)


def test_k19_for_a_child_the_passport_is_that_of_who_comes(desk, slot):
    child = make.child()
    mother, father = make.parent_of(child), make.parent_of(child, first_name="Пётр", last_name="Орлов")
    shown(Demandable.IDENTITY, DocumentKind.RF_PASSPORT, of=child, by=mother, number="4015 123456")
    shown(Demandable.BIRTH_CERTIFICATE, DocumentKind.BIRTH_CERTIFICATE, of=child, number="II-АК 123477")
    told = [
        {document: form.seen_before for document, form in forms(desk, slot, child, applicant=who).items()}
        for who in (str(mother.pk), str(father.pk), "new")
    ]
    certificate = "видели 27.11.2026, номер •• 77"
    assert told == [
        {Demandable.IDENTITY: "видели 27.11.2026, номер •• 56", Demandable.BIRTH_CERTIFICATE: certificate},
        {Demandable.IDENTITY: "", Demandable.BIRTH_CERTIFICATE: certificate},
        {Demandable.IDENTITY: "", Demandable.BIRTH_CERTIFICATE: certificate},
    ]


def test_what_was_typed_stays_when_another_applicant_is_chosen(desk, slot):
    patient = make.patient()
    shown(Demandable.IDENTITY, DocumentKind.MILITARY_ID, of=patient)
    typed = {"applicant": "self", "identity-kind": "rf_passport"}
    assert forms(desk, slot, patient, **typed)[Demandable.IDENTITY]["kind"].value() == "rf_passport"


def test_k19_an_arrival_tells_what_was_seen_before(sign_in, slot):
    child = make.child()
    mother = make.parent_of(child)
    shown(Demandable.BIRTH_CERTIFICATE, DocumentKind.BIRTH_CERTIFICATE, of=child, number="II-АК 123477")
    service = slot.doctor.services.get()
    visit = booking.by_phone(slot=slot.pk, service=service, patient=child, representative=mother, by=make.TEST)
    with time_machine.travel(slot.starts_at):
        answer = sign_in(Role.REGISTRAR).post(reverse("office:appointment_arrive", args=[visit.pk]))
    assert answer.context["there"] == ["Свидетельство о рождении ребёнка, видели 27.11.2026, номер •• 77"]
