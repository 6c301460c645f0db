"""Faults to be planted into the product: each breaks one invariant, which has to notice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from booking import gate, rebook_tasks
from booking.verbs import Kind
from foundation.audit import trail
from scheduling.actions import history
from scheduling.actions.appointments import leave, make
from scheduling.models import Slot
from scheduling.queries import availability
from waitlist.actions import offers
from waitlist.choices import OfferState
from waitlist.models import WaitlistEntry
from worklist.actions import tasks

Plant = Callable[..., None]


def a_time_is_given_away(monkeypatch) -> None:
    """A visit is confirmed, and its time is cleared without being released."""
    write = history.write

    def careless(appointment, **columns):
        write(appointment, **columns)
        if columns["kind"] == "confirmed":
            Slot.objects.filter(appointment=appointment).update(appointment=None)

    monkeypatch.setattr(history, "write", careless)


def a_time_stays_with_what_is_cancelled(monkeypatch) -> None:
    monkeypatch.setattr(leave.slots, "leave", lambda run, *, reason, by, until: None)


def an_offer_leaves_its_hold(monkeypatch) -> None:
    monkeypatch.setattr(offers.slots, "drop", lambda *, tokens, reason: 0)


def a_patient_is_booked_twice_at_once(monkeypatch) -> None:
    asked = tuple(check for check in gate.CHECKS[Kind.MAKE] if check is not gate.patient_is_free)
    monkeypatch.setitem(gate.CHECKS, Kind.MAKE, asked)


def nobody_phones_about_an_absence(monkeypatch) -> None:
    monkeypatch.setattr(rebook_tasks, "open_for_absences", lambda absence=None: 0)


def a_task_outlives_its_offer(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "_close", lambda rows, *, by, outcome, **columns: 0)


def an_entry_is_offered_a_time_for_ever(monkeypatch) -> None:
    """An offer about which nobody phoned leaves its entry as it is."""
    withdraw = offers.withdraw

    def careless(offer):
        withdraw(offer)
        WaitlistEntry.objects.filter(pk=offer.entry_id).update(state="offered")

    monkeypatch.setattr(offers, "withdraw", careless)


def an_event_is_forgotten(monkeypatch) -> None:
    write = history.write

    def careless(appointment, **columns):
        if columns["kind"] != "moved":
            write(appointment, **columns)

    monkeypatch.setattr(history, "write", careless)


def an_audit_row_is_forgotten(monkeypatch) -> None:
    record = trail.record

    def careless(*, action, **columns):
        if action != "appointment.cancelled":
            record(action=action, **columns)

    monkeypatch.setattr(trail, "record", careless)


def a_removal_is_not_in_the_audit(monkeypatch) -> None:
    record = trail.record

    def careless(*, action, **columns):
        if action != "waitlist.removed":
            record(action=action, **columns)

    monkeypatch.setattr(trail, "record", careless)


def the_next_hour_is_not_shown(monkeypatch) -> None:
    monkeypatch.setattr(availability, "earliest_start", lambda now: now + timedelta(hours=1))


def a_visit_is_written_half_a_day_late(monkeypatch) -> None:
    """What is booked over a busy time has no slot to keep it where it belongs."""
    over = make.over

    def careless(**asked):
        time = over(**asked)
        return replace(time, starts_at=time.starts_at + timedelta(hours=12))

    monkeypatch.setattr(make, "over", careless)


def a_task_ends_in_words_of_its_own(monkeypatch) -> None:
    settle = rebook_tasks.settle
    monkeypatch.setattr(rebook_tasks, "settle", lambda visit, *, outcome, by: settle(visit, outcome="phoned", by=by))


def a_no_counts_as_a_yes(monkeypatch) -> None:
    """An offer that is declined is accepted, and nobody has agreed to anything."""
    end = offers.end

    def careless(offer, *, state):
        end(offer, state=OfferState.ACCEPTED if state == OfferState.DECLINED else state)

    monkeypatch.setattr(offers, "end", careless)


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted fault, the invariant that has to notice it, and the deeds that lead to it."""

    plant: Plant
    noticed_by: str
    deeds: tuple[str, ...]


FAULTS = [
    Fault(a_time_is_given_away, "each_visit_has_the_times_it_lasts", ("at_desk", "confirm")),
    Fault(a_time_stays_with_what_is_cancelled, "each_time_is_free_held_booked_or_closed", ("by_phone", "cancel")),
    Fault(an_offer_leaves_its_hold, "no_hold_is_an_orphan", ("claim_next_task", "give_task_back")),
    Fault(a_patient_is_booked_twice_at_once, "nobody_is_in_two_places", ("overbook", "by_phone")),
    Fault(nobody_phones_about_an_absence, "each_visit_in_an_absence_has_its_task", ("add_absence", "move")),
    Fault(a_task_outlives_its_offer, "each_open_offer_has_its_entry_and_its_task", ("remove_entry",)),
    Fault(an_entry_is_offered_a_time_for_ever, "each_open_offer_has_its_entry_and_its_task", ("lapse",)),
    Fault(the_next_hour_is_not_shown, "what_is_shown_is_what_is_free", ("confirm",)),
    Fault(a_visit_is_written_half_a_day_late, "each_visit_ahead_is_within_published_hours", ("overbook",)),
    Fault(a_task_ends_in_words_of_its_own, "each_closed_task_says_how_and_by_whom", ("move", "cancel")),
    Fault(
        a_no_counts_as_a_yes,
        "nobody_is_booked_from_the_list_without_a_yes",
        ("claim_next_task", "finish_call"),
    ),
    Fault(an_event_is_forgotten, "history", ("move", "cancel")),
    Fault(an_audit_row_is_forgotten, "history", ("move", "cancel")),
    Fault(a_removal_is_not_in_the_audit, "history", ("join_waitlist", "remove_entry")),
]
