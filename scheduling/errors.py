from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _


class BookingError(Exception):
    """Why an appointment cannot be made or changed, in a sentence that says what to do next."""

    message = _("The appointment cannot be booked. Choose another time.")

    def __str__(self) -> str:
        return str(self.message)


class SlotTaken(BookingError):
    """Somebody was faster, or the time is held. `alternatives` are the nearest free starts (at most three)."""

    message = _("This time has just been taken. Choose another one.")

    def __init__(self, alternatives: Sequence[Any] = ()) -> None:
        self.alternatives = list(alternatives)


class SlotInPast(BookingError):
    message = _("This time has already begun. Choose a later one.")


class SlotBlocked(BookingError):
    message = _("This time is closed in the schedule. Choose another one.")


class HoldLapsed(SlotTaken):
    """T07: the person's own hold ran out and the slot went to somebody else."""

    message = _("The time kept for you has run out. Choose a time again; what you typed is still here.")


class DoesNotFit(BookingError):
    message = _("The service takes longer than the free time here. Choose another start.")


class ServiceNotOffered(BookingError):
    message = _("This doctor does not provide this service. Choose another doctor or service.")


class PatientBusy(BookingError):
    message = _("The patient already has an appointment at this time. Choose another time.")


class RoomBusy(SlotTaken):
    """Nobody is in the slot, but the room is: only the database saw it."""

    message = _("The room is taken at this time. Choose another time.")


class DoctorBusy(SlotTaken):
    """Another visit of the doctor reaches into the slot: only the database saw it."""

    message = _("The doctor already has an appointment at this time. Choose another time.")


class FollowUpNotOnSite(BookingError):
    """R18: only the registry, the contact centre and the doctor book follow-ups."""

    message = _("A follow-up visit is booked by phone, at the desk or by the doctor. Call us, and we will book you.")


class FirstVisitNotByDoctor(BookingError):
    message = _("From a visit only a follow-up can be booked. First visits are booked at the desk or by phone.")


class NoEarlierVisit(BookingError):
    message = _("A follow-up needs a completed visit of this patient to the same specialty. Book a first visit.")


class AgeNotServed(BookingError):
    message = _("This doctor does not see patients of this age. Choose another doctor.")


class TooYoungForSite(BookingError):
    message = _("At 15–17 you book by phone or at the desk; for a younger child a representative books.")


class TooManyVisits(BookingError):
    message = _("This phone already has two future visits to this specialty. To book one more, call us.")


class IdempotencyConflict(BookingError):
    """The same form sent again with other contents."""

    message = _("This form was already sent with other data. Open the page again.")


class AlreadyInThatState(BookingError):
    """The step was made by somebody else already. `by_name` made it."""

    message = _("This has already been done by somebody else. Refresh the page.")


class StepNotAllowed(BookingError):
    message = _("This step is not possible in the present state of the appointment. Refresh the page.")


class OverbookReasonNeeded(BookingError):
    message = _("Give the reason for booking over a busy time.")


class TryAgain(BookingError):
    """A lock did not come in time (T06)."""

    message = _("Many people are booking at once. Try again in a few seconds.")


class ScheduleError(Exception):
    message = _("The schedule cannot be published.")

    def __str__(self) -> str:
        return str(self.message)


class ShiftConflict(ScheduleError):
    """Shifts that would overlap. `conflicts` are sentences."""

    message = _("The schedule was not published: some shifts overlap others.")

    def __init__(self, conflicts: Sequence[str]) -> None:
        self.conflicts = list(conflicts)


class RuleOverlaps(ScheduleError):
    message = _("The doctor already has hours at this time on this weekday. Change the times or end the other rule.")


class ShiftHasVisits(ScheduleError):
    message = _("The shift has visits, held or offered times. Move the visits, or close its free times instead.")
