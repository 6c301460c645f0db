"""These presenters hold what the pages of one appointment show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.forms.booking import BackForm, CancelForm, MistakeForm
from back_office.presenters.broken import reasons
from back_office.presenters.last_message import LastMessage, of_visit
from back_office.presenters.statuses import state_of
from foundation.clock import today_on
from foundation.drafts.errors import sentence_of
from foundation.wording import spoken_day, spoken_time
from patients.acting import acting_on
from patients.ages import is_minor
from patients.instructions import VisitInstructions
from patients.models import Patient, Representation
from patients.queries import people
from scheduling.choices import AppointmentStatus as Status
from scheduling.instructions import instructions_of
from scheduling.models import Appointment, AppointmentEvent, Slot
from scheduling.queries import facts, replica_availability
from scheduling.queries.day import coming_visits
from scheduling.queries.read_models import FreeSlot, ShownSlot
from scheduling.steps import BACK
from scheduling.wishes import TimeWishes
from waitlist.choices import OPEN
from waitlist.models import WaitlistEntry
from worklist import queries as worklist
from worklist.choices import TaskKind
from worklist.models import Task

OFFERED = 6


@dataclass(frozen=True, slots=True)
class Can:
    """The flags name the steps the appointment can take in its state; the template asks who may take them."""

    change: bool
    arrive: bool
    back: bool
    """The step that led here can be taken back with a reason."""
    again: bool
    """The cancelled visit can be booked again, if its time is free."""
    noshow: bool
    cancel: bool
    mistake: bool

    @classmethod
    def of(cls, visit: Appointment) -> "Can":
        now, status = timezone.now(), visit.status
        return cls(
            change=visit.can_be_changed(now),
            arrive=status in (Status.BOOKED, Status.NOSHOW),
            back=status in BACK and (status != Status.FULFILLED or _is_today(visit, now)),
            again=status == Status.CANCELLED and visit.starts_at > now,
            noshow=status == Status.BOOKED and visit.starts_at <= now,
            cancel=status in (Status.BOOKED, Status.ARRIVED),
            mistake=status in (Status.BOOKED, Status.ARRIVED, Status.NOSHOW),
        )


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """The page shows the four facts to read out (R13), and every step the appointment can take."""

    visit: Appointment
    patient: Patient
    state: str
    coming: list[Appointment]
    """The other visits that the patient has ahead."""
    day_words: str
    time_words: str
    told: VisitInstructions
    events: Sequence[AppointmentEvent]
    waiting: WaitlistEntry | None
    """That of the patient for the same specialty."""
    may_wait: bool
    """Whether the visit has ended a wish, so that the patient may wait on for an earlier time."""
    rebooking: Task | None
    """The task to phone the patient: the visit cannot stay as it is."""
    rebooking_why: str
    may_come: list[Representation]
    """Those who may come with a minor with whom nobody comes yet."""
    slot: Slot | None
    can: Can
    message: LastMessage
    informed_by: str
    cancel_form: CancelForm
    mistake_form: MistakeForm
    back_form: BackForm
    error: str

    @classmethod
    def of(
        cls,
        visit: Appointment,
        *,
        error: object = None,
        cancel_form: CancelForm | None = None,
        mistake_form: MistakeForm | None = None,
        back_form: BackForm | None = None,
    ) -> "AppointmentPage":
        events = list(visit.events.order_by("id"))
        rebooking = worklist.open_about(kind=TaskKind.REBOOK, subject=visit.pk)
        open_entries = WaitlistEntry.objects.filter(state__in=OPEN, specialty=visit.service.specialty_id)
        waiting = open_entries.filter(patient=visit.patient_id).first()
        return cls(
            visit=visit,
            patient=visit.patient,
            state=state_of(visit),
            coming=list(coming_visits(visit.patient_id, but=visit.pk)),
            day_words=_day_words(visit),
            time_words=_time_words(visit),
            told=instructions_of(visit),
            events=events,
            waiting=waiting,
            may_wait=not waiting and visit.can_be_changed(timezone.now()) and visit.waitlist_entries.exists(),
            rebooking=rebooking,
            rebooking_why=_why(rebooking) if rebooking else "",
            may_come=_may_come(visit),
            slot=visit.slots.order_by("starts_at").first(),
            can=Can.of(visit),
            message=of_visit(visit),
            informed_by=_who(events, "informed") if visit.informed_at else "",
            cancel_form=cancel_form or CancelForm(),
            mistake_form=mistake_form or MistakeForm(prefix="mistake"),
            back_form=back_form or BackForm(prefix="back", initial={"status": visit.status}),
            error=sentence_of(error),
        )


@dataclass(frozen=True, slots=True)
class TicketPage:
    visit: Appointment
    patient: Patient
    time_words: str
    told: VisitInstructions
    roll: bool
    """On a till roll instead of a sheet."""

    @classmethod
    def of(cls, visit: Appointment, *, roll: bool) -> "TicketPage":
        return cls(visit, visit.patient, _time_words(visit), instructions_of(visit), roll)


@dataclass(frozen=True, slots=True)
class MovePage:
    visit: Appointment
    patient: Patient
    day_words: str
    time_words: str
    times: list[tuple[ShownSlot | FreeSlot, str]]
    """Free starts, each with its words; the one chosen in the grid is the first."""
    grid_url: str
    error: str

    @classmethod
    def of(cls, visit: Appointment, chosen: UUID | None, error: object = None) -> "MovePage":
        day = visit.local_start
        return cls(
            visit=visit,
            patient=visit.patient,
            day_words=_day_words(visit),
            time_words=_time_words(visit),
            times=_other_times(visit, chosen),
            grid_url=f"{reverse('office:day')}?move={visit.pk}&date={day:%Y-%m-%d}",
            error=sentence_of(error),
        )


def _is_today(visit: Appointment, now: datetime) -> bool:
    return visit.local_start.date() == today_on(visit.local_start, now=now)


def _other_times(visit: Appointment, chosen: UUID | None) -> list[tuple[ShownSlot | FreeSlot, str]]:
    """Returns the chosen time, then the same doctor's nearest, then anybody's."""
    asked = facts.slot(chosen) if chosen else None
    found: list[ShownSlot | FreeSlot] = [asked] if asked else []
    found += replica_availability.nearest(
        service=visit.service, wishes=TimeWishes(doctor_ids=[visit.doctor_id]), limit=OFFERED
    )
    found += replica_availability.nearest(service=visit.service, limit=OFFERED)
    return [(slot, spoken_time(slot.local_start)) for slot in {slot.pk: slot for slot in found}.values()]


def _may_come(visit: Appointment) -> list[Representation]:
    day, patient = visit.local_start.date(), visit.patient
    if not (is_minor(patient.birth_date, day) and visit.can_be_changed(timezone.now())):
        return []
    acting = acting_on(day, patient=patient, representation=visit.representation)
    return [] if acting else list(people.representatives(patient))


def _why(rebooking: Task) -> str:
    if rebooking.cause is None and (why := reasons([rebooking.subject]).get(rebooking.subject)):
        return _("The rules no longer allow this visit: %(why)s.") % {"why": why}
    return _("The doctor is away at this time: the visit has to be moved.")


def _day_words(visit: Appointment) -> str:
    return spoken_day(visit.local_start.date(), today=today_on(visit.local_start))


def _time_words(visit: Appointment) -> str:
    return f"{visit.local_start:%H:%M}"


def _who(events: Sequence[AppointmentEvent], kind: str) -> str:
    return next((event.actor_name for event in reversed(events) if event.kind == kind), "")
