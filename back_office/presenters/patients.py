from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from back_office.forms.patients import EndForm, PersonForm, PowerForm, RepresentativeForm
from back_office.going import NOWHERE, Going
from back_office.presenters.doubles import Double
from back_office.presenters.found import FoundPatient
from back_office.presenters.last_message import LastMessage, sent_elsewhere
from back_office.presenters.merge import Part, parts_of
from back_office.presenters.registry import EntryLine
from patients.models import IdentityDocument, Patient, PowerOfAttorney, Representation
from patients.queries import families, people
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, EmergencyCase
from scheduling.queries import emergencies
from scheduling.queries.day import history_of
from waitlist.choices import OPEN, RequestState
from waitlist.models import WaitlistEntry, WaitlistRequest

LISTED = 50
ENTRIES = 20


@dataclass(frozen=True, slots=True)
class PatientsPage:
    asked: str
    read_as: str
    """How the text was understood, when it was typed in the other layout."""
    guessed: bool
    """Nobody is called so; found are those with nearly that name."""
    found: list[FoundPatient]
    again: Going


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The page is the form of a new record or of `patient`; `doubles` are whom the register may know already."""

    form: PersonForm
    again: Going = NOWHERE
    patient: Patient | None = None
    doubles: list[Double] = field(default_factory=list)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class RepresentativePage:
    """The page is the form of who acts for the patient from now on, or of `acting`, who does already."""

    patient: Patient
    form: RepresentativeForm
    power: PowerForm
    acting: Representation | None = None


@dataclass(frozen=True, slots=True)
class EndPage:
    """The page asks since when somebody no longer acts, and shows the visits ahead at which they were to come."""

    patient: Patient
    representation: Representation
    form: EndForm
    upcoming: list[Appointment]

    @classmethod
    def of(cls, representation: Representation, form: EndForm) -> "EndPage":
        ahead = history_of(representation.patient_id).filter(
            representation=representation, status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now()
        )
        return cls(representation.patient, representation, form, list(ahead.order_by("starts_at")))


@dataclass(frozen=True, slots=True)
class ActingPerson:
    """The line says who acts for the patient, and which of their documents were seen."""

    pk: UUID
    full_name: str
    relation: str
    phone: str
    verified_at: datetime | None
    power: PowerOfAttorney | None
    documents: list[str]
    own: Patient | None
    """Their own record in the register, when it is known."""
    may_be: list[Patient]
    """Records that may be theirs, while none is."""


@dataclass(frozen=True, slots=True)
class CardPage:
    patient: Patient
    representatives: list[ActingPerson]
    acts_for: list[Representation]
    """Whom the person of this record represents."""
    documents: Iterable[IdentityDocument]
    entries: Sequence[EntryLine]
    upcoming: list[Appointment]
    elsewhere: list[LastMessage]
    """The messages about these visits that went to a number of before."""
    past: list[Appointment]
    waiting: Sequence[WaitlistEntry]
    requests: Sequence[WaitlistRequest]
    parts: list[Part]
    emergencies: list[EmergencyCase]

    @property
    def shows(self) -> list[UUID]:
        """The patient, those for whom they act, and whose records those who act for them have or may have."""
        own = [record for person in self.representatives for record in (person.own, *person.may_be) if record]
        return [self.patient.pk, *(row.patient_id for row in self.acts_for), *(record.pk for record in own)]

    @classmethod
    def of(cls, patient: Patient) -> "CardPage":
        visits, now = list(history_of(patient.pk)[:LISTED]), timezone.now()
        upcoming = [visit for visit in visits if visit.is_upcoming and visit.ends_at > now]
        waiting = WaitlistEntry.objects.filter(patient=patient, state__in=OPEN).select_related("specialty")
        requests = WaitlistRequest.objects.filter(patient=patient, state=RequestState.HANDED_OVER)
        return cls(
            patient=patient,
            representatives=acting_for(patient),
            acts_for=list(families.acts_for(patient)),
            documents=people.documents(patient),
            entries=[EntryLine.of(each) for each in people.registry_entries(patient)[:ENTRIES]],
            upcoming=upcoming[::-1],
            elsewhere=sent_elsewhere(upcoming[::-1]),
            past=[visit for visit in visits if visit not in upcoming],
            waiting=list(waiting),
            requests=list(requests.select_related("specialty")),
            parts=parts_of(patient),
            emergencies=list(emergencies.of_patient(patient.pk)[:LISTED]),
        )


def acting_for(patient: Patient) -> list[ActingPerson]:
    """Reads the documents of all of them in one query; numbers are left unread."""
    acting = list(people.representatives(patient).select_related("power_of_attorney", "person"))
    own = families.own_records(acting)
    current = IdentityDocument.objects.filter(representation__in=acting, replaced_at=None).defer("number")
    documents: dict[UUID | None, list[str]] = {}
    for document in current:
        documents.setdefault(document.representation_id, []).append(str(document))
    return [_acting(person, documents.get(person.pk, []), own.get(person.pk, [])) for person in acting]


def _acting(person: Representation, documents: list[str], may_be: list[Patient]) -> ActingPerson:
    return ActingPerson(
        pk=person.pk,
        full_name=person.full_name,
        relation=person.get_relation_display(),
        phone=person.phone.as_international if person.phone else "",
        verified_at=person.verified_at,
        power=person.power_of_attorney,
        documents=documents,
        own=person.person,
        may_be=may_be,
    )
