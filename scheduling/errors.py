from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from foundation.wording import spoken_time


class BookingError(DomainError):
    """An appointment cannot be made or changed; the sentence says what to do next."""

    code = "booking_error"
    message = _("The appointment cannot be booked. Choose another time.")


class SlotTaken(BookingError):
    """Another person was faster, or the time is held; `alternatives` are the nearest free starts (at most three)."""

    code = "slot_taken"
    message = _("This time has just been taken. Choose another one.")

    def __init__(self, alternatives: Sequence[Any] = ()) -> None:
        self.alternatives = list(alternatives)


class SlotInPast(BookingError):
    code = "slot_in_past"
    message = _("This time has already begun. Choose a later one.")


class SlotBlocked(BookingError):
    code = "slot_blocked"
    message = _("This time is closed in the schedule. Choose another one.")


class HoldLapsed(SlotTaken):
    """The person's own hold ran out and the slot went to another person (T07)."""

    code = "hold_lapsed"
    message = _("The time kept for you has run out. Choose a time again; what you typed is still here.")


class HoldOver(BookingError):
    """A visitor has had the time long enough; while it is free they may still book it (T110)."""

    code = "hold_over"
    message = _("We cannot keep the time any longer. While it is free, you can still book it: finish the form now.")


class ProofNeeded(BookingError):
    """So much is held without a proved phone that the code is asked before the hold; nobody is refused (T110)."""

    code = "proof_needed"
    message = _("Many times are being kept at the moment. Confirm your phone number first, and the time is yours.")


class NoStrangersHold(BookingError):
    """The hold that a person of the staff wanted to end has ended, was proved meanwhile, or is another one by now."""

    code = "no_strangers_hold"
    message = _("The visitor of the site no longer keeps this time, or has confirmed the phone. Look at the day again.")


class DoesNotFit(BookingError):
    code = "does_not_fit"
    message = _("The service takes longer than the free time here. Choose another start.")


class ServiceNotOffered(BookingError):
    code = "service_not_offered"
    message = _("This doctor does not provide this service. Choose another doctor or service.")


class VisitTooShort(BookingError):
    """The service has been made longer since the visit was booked."""

    code = "visit_too_short"
    message = _("The service takes longer now than this visit lasts. Choose another time.")


class PatientBusy(BookingError):
    code = "patient_busy"
    message = _("The patient already has an appointment at this time. Choose another time.")


class RoomBusy(SlotTaken):
    """The room is taken by a visit outside this slot: only the database saw it."""

    code = "room_busy"
    message = _("The room is taken at this time. Choose another time.")


class DoctorBusy(SlotTaken):
    """Another visit of the doctor reaches into the slot: only the database saw it."""

    code = "doctor_busy"
    message = _("The doctor already has an appointment at this time. Choose another time.")


class AlreadyBooked(BookingError):
    """A question more than a refusal: the patient has a first visit ahead, `visit`, that this one would repeat."""

    code = "already_booked"
    message = _("The patient is already booked for such a visit. Say whether to book once more.")

    def __init__(self, visit: Any) -> None:
        self.visit = visit

    def __str__(self) -> str:
        return gettext("Already booked: %(time)s, %(doctor)s. Book once more?") % {
            "time": spoken_time(self.visit.local_start),
            "doctor": self.visit.doctor.full_name,
        }


class FollowUpNotOnSite(BookingError):
    """Follow-ups are booked only by the registry, the contact centre and the doctor (R18)."""

    code = "follow_up_not_on_site"
    message = _("A follow-up visit is booked by phone, at the desk or by the doctor. Call us, and we will book you.")


class FirstVisitNotByDoctor(BookingError):
    code = "first_visit_not_by_doctor"
    message = _("From a visit only a follow-up can be booked. First visits are booked at the desk or by phone.")


class NoEarlierVisit(BookingError):
    code = "no_earlier_visit"
    message = _("A follow-up needs a completed visit of this patient to the same specialty. Book a first visit.")


class AgeNotServed(BookingError):
    code = "age_not_served"
    message = _("This doctor does not see patients of this age. Choose another doctor.")


class TooYoungForSite(BookingError):
    code = "too_young_for_site"
    message = _("At 15–17 you book by phone or at the desk; for a younger child a representative books.")


class TooManyVisits(BookingError):
    code = "too_many_visits"
    message = _("This phone already has two future visits to this specialty. To book one more, call us.")


class IdempotencyConflict(BookingError):
    """The same form was sent again with other contents."""

    code = "idempotency_conflict"
    message = _("This form was already sent with other data. Open the page again.")


class AlreadyInThatState(BookingError):
    """Another person has made this step already: `by_name`."""

    code = "already_in_that_state"
    message = _("This has already been done by somebody else. Refresh the page.")


class StepNotAllowed(BookingError):
    code = "step_not_allowed"
    message = _("This step is not possible in the present state of the appointment. Refresh the page.")


class NoNumber(StepNotAllowed):
    """Neither the patient nor who acts for them has a number to write to."""

    code = "no_number"
    message = _("There is no phone to write to. Tell the patient now, print the ticket, or add a number to the record.")


class UndoOver(StepNotAllowed):
    """The grace is over, another step has followed, or another person has made it."""

    code = "undo_over"
    message = _("This can no longer be undone. Open the appointment and take the step back with a reason.")


class BackReasonNeeded(BookingError):
    code = "back_reason_needed"
    message = _("Write in a few words why the step is taken back.")


class NotToday(StepNotAllowed):
    code = "not_today"
    message = _("This visit is on another day. A patient is received on the day of the visit.")


class NotReceived(StepNotAllowed):
    code = "not_received"
    message = _("The patient has not been received. Mark the arrival or begin the visit first.")


class StillAhead(StepNotAllowed):
    """The visit would be completed long before its time (D18)."""

    code = "still_ahead"
    message = _("The time of this visit is still ahead. Complete it when the patient has been seen.")


class MistakeReasonNeeded(BookingError):
    code = "mistake_reason_needed"
    message = _("Write why the emergency was opened by mistake.")


class OverbookReasonNeeded(BookingError):
    code = "overbook_reason_needed"
    message = _("Give the reason for booking over a busy time.")


class KeepReasonNeeded(BookingError):
    code = "keep_reason_needed"
    message = _("Write in a few words why the visit stays as it is.")


class TryAgain(BookingError):
    """A lock did not come in time (T06)."""

    code = "try_again"
    message = _("Many people are booking at once. Try again in a few seconds.")


class ScheduleError(DomainError):
    code = "schedule_error"
    message = _("The schedule cannot be published.")


class ShiftConflict(ScheduleError):
    """Shifts would overlap; `conflicts` are sentences."""

    code = "shift_conflict"
    message = _("The schedule was not published: some shifts overlap others.")

    def __init__(self, conflicts: Sequence[str]) -> None:
        self.conflicts = list(conflicts)


class RuleOverlaps(ScheduleError):
    code = "rule_overlaps"
    message = _("The doctor already has hours at this time on this weekday. Change the times or end the other rule.")


class AbsenceOver(ScheduleError):
    code = "absence_over"
    message = _("This absence is over already. Check the dates: it has to end later than now.")


class AbsenceTooLong(ScheduleError):
    code = "absence_too_long"
    message = _("An absence lasts three years at most. Check the year.")


class TimeHasAbsence(ScheduleError):
    """A time that a whole absence closes cannot be opened by itself."""

    code = "time_has_absence"
    message = _("This time is closed by an absence. Take the absence back, or change its hours.")


class ShiftHasVisits(ScheduleError):
    code = "shift_has_visits"
    message = _("The shift has visits, held or offered times. Move the visits, or close its free times instead.")


class AlreadyInUse(ScheduleError):
    """Another row has the same name, or the same login."""

    code = "already_in_use"
    message = _("This name or login belongs to another one already. Choose another.")
