"""The one gate: it makes the checks that a verb's kind demands before the verb writes a visit.

After a correction it judges the visits that are booked already by the same checks. A check is a function of a `Case`
that raises its own error; a new one is a new line in `CHECKS`, and in `HOLDING` if a correction can break it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking.verbs import Kind, running_kind
from foundation.clock import today_on
from foundation.errors import DomainError
from patients.actions import arrivals, papers
from patients.choices import Applicant, Channel, Relation
from patients.data import Seen
from patients.demandable import applicant_for
from patients.models import Patient, Representation
from scheduling import eligibility
from scheduling.actions.appointments.make import Time
from scheduling.choices import VisitKind
from scheduling.errors import NotToday, PatientBusy, ServiceNotOffered, VisitTooShort
from scheduling.models import Appointment, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A visit about to be written, or judged again: who comes to whom, when, for what, through which channel."""

    time: Time
    """The doctor, the room and the hour; its slots are locked."""
    service: Service
    patient: Patient
    representation: Representation | None = None
    for_other: bool = False
    """True when an adult books for another adult."""
    channel: Channel
    follow_up_of: Appointment | None = None
    seen: Sequence[Seen] = ()
    """The papers that the applicant has shown."""
    moves: bool = False
    """True when a booked visit goes to another time: its papers are not shown again."""
    lasts: timedelta | None = None
    """The length of a booked visit; a new one lasts as long as its service."""

    @property
    def visit_kind(self) -> VisitKind:
        return VisitKind.FOLLOW_UP if self.follow_up_of else VisitKind.FIRST

    @property
    def day(self) -> date:
        """The day of the visit on the wall of its location, on which ages and papers count."""
        return self.time.day

    @property
    def applicant(self) -> Applicant:
        """The applicant's case in the document matrix. Raises RepresentativeNeeded, NotForAdult."""
        relation = Relation(self.representation.relation) if self.representation else None
        return applicant_for(
            birth_date=self.patient.birth_date, day=self.day, relation=relation, for_other=self.for_other
        )


Check = Callable[[Case], None]


def check(*cases: Case, skip: Collection[Check] = ()) -> None:
    """Makes the checks of the running verb's kind for each visit, except those in `skip`. Raises the first refusal."""
    for rule in CHECKS[running_kind()]:
        for case in cases:
            if rule not in skip:
                rule(case)


def refusals(case: Case, skip: Collection[Check] = ()) -> list[DomainError]:
    """Returns what refuses a booked visit today, in the order of `HOLDING`; a visit with nothing of it holds."""
    return [refusal for rule in HOLDING if rule not in skip and (refusal := _refusal(rule, case))]


def _refusal(rule: Check, case: Case) -> DomainError | None:
    try:
        rule(case)
    except DomainError as refusal:
        return refusal
    return None


def channel_allows(case: Case) -> None:
    """Checks that this kind of visit may be booked through the channel (R18)."""
    eligibility.check_channel(case.channel, case.visit_kind)


def doctor_gives_service(case: Case) -> None:
    """Checks that the doctor works here and gives the service, and the clinic too. Raises ServiceNotOffered."""
    if not (case.time.given and case.service.active):
        raise ServiceNotOffered


def doctor_sees_the_age(case: Case) -> None:
    """Checks that the doctor sees patients of this age on the day of the visit. Raises AgeNotServed."""
    eligibility.check_doctors_ages(birth_date=case.patient.birth_date, doctor=case.time.doctor, day=case.day)


def earlier_visit_is_completed(case: Case) -> None:
    """Checks that a follow-up names an earlier completed visit. Raises NoEarlierVisit."""
    eligibility.check_follow_up(
        case.visit_kind, case.follow_up_of, patient=case.patient, service=case.service, starts_at=case.time.starts_at
    )


def patient_is_free(case: Case) -> None:
    """Checks that the patient has no other visit at this time. Raises PatientBusy."""
    if case.time.patient_busy:
        raise PatientBusy


def old_enough_for_the_site(case: Case) -> None:
    """Checks that a person who books for themselves on the site is old enough. Raises TooYoungForSite."""
    if case.channel == Channel.SITE:
        eligibility.check_age_for_site(
            birth_date=case.patient.birth_date,
            day=case.day,
            represented=case.representation is not None,
        )


def somebody_may_act(case: Case) -> None:
    """Checks that a child under 14 has a representative and an adult has none.

    Raises RepresentativeNeeded, NotForAdult.
    """
    _ = case.applicant


def papers_were_shown(case: Case) -> None:
    """Checks that exactly the papers of the matrix were shown: at the desk, and nowhere else (R3–R7, R16).

    A move asks for none again, but a power of attorney has to be in force on the new day. Raises what `papers.check`
    raises.
    """
    if case.moves:
        power_is_in_force(case)
        return
    papers.check(
        applicant=case.applicant,
        channel=case.channel,
        seen=case.seen,
        representation=case.representation,
        day=case.day,
    )


def power_is_in_force(case: Case) -> None:
    """Checks that a power of attorney that was shown is in force on the day. Raises PowerOfAttorneyInvalid."""
    papers.check_power(case.representation, case.day)


def it_lasts_long_enough(case: Case) -> None:
    """Checks that a booked visit lasts as long as its service does now. Raises VisitTooShort."""
    if case.lasts is not None and case.lasts < timedelta(minutes=case.service.minutes):
        raise VisitTooShort


def it_is_the_day(case: Case) -> None:
    """Checks that the patient comes on the day of the visit, as the calendar at its place shows. Raises NotToday."""
    if case.day != today_on(case.time.local_start, now=case.time.now):
        raise NotToday


def papers_are_in_order(case: Case) -> None:
    """Checks that the papers of the matrix have been seen, now or before, and are in force. Raises PapersNotShown."""
    arrivals.check(case.day, patient=case.patient, representation=case.representation, seen=case.seen)


CHECKS: dict[Kind, tuple[Check, ...]] = {
    Kind.MAKE: (
        channel_allows,
        doctor_gives_service,
        doctor_sees_the_age,
        earlier_visit_is_completed,
        patient_is_free,
        old_enough_for_the_site,
        somebody_may_act,
        papers_were_shown,
    ),
    Kind.CORRECT: (),
    Kind.END: (),
    Kind.RECEIVE: (it_is_the_day, papers_are_in_order),
}
"""The checks that each kind of verb makes, in the order in which a refusal is told."""

HOLDING: tuple[Check, ...] = (
    doctor_gives_service,
    doctor_sees_the_age,
    somebody_may_act,
    power_is_in_force,
    it_lasts_long_enough,
)
"""The checks that a booked visit has to pass to hold after a correction, in the order in which a refusal is told.

Left out is what a correction does not change, and what was asked once: the channel, the papers shown while booking.
"""

SKIPPED_FOR_FOLLOW_UPS = frozenset({somebody_may_act, papers_were_shown})
"""Checks that a follow-up from the visit skips: the doctor has the patient in the room and shows no papers.

Whoever acted at the earlier visit acts again, unless they no longer act on the new day.
"""
SKIPPED_WHEN_SIGNED_OFF = frozenset({papers_are_in_order})
"""The check that is skipped when somebody who may do so signs for a patient without papers."""
SKIPPED_FOR_MOVES = frozenset({channel_allows})
"""Checks that a move skips: a visit stays what it was booked as, and patients move their own follow-ups too."""
