"""Tables of the steps of a visit: what may follow what, and which step is taken back how."""

from scheduling.choices import AppointmentStatus as Status

STEPS: dict[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset(
        {Status.ARRIVED, Status.CHECKED_IN, Status.NOSHOW, Status.CANCELLED, Status.ENTERED_IN_ERROR}
    ),
    Status.ARRIVED: frozenset({Status.CHECKED_IN, Status.CANCELLED, Status.ENTERED_IN_ERROR}),
    Status.CHECKED_IN: frozenset({Status.FULFILLED}),
    Status.FULFILLED: frozenset(),
    Status.NOSHOW: frozenset({Status.ARRIVED, Status.ENTERED_IN_ERROR}),
    Status.CANCELLED: frozenset(),
    Status.ENTERED_IN_ERROR: frozenset(),
}
"""Allowed transitions, but for steps back. A patient marked as no-show who comes late after all can still arrive."""

BACK: dict[Status, tuple[Status, str]] = {
    Status.ARRIVED: (Status.BOOKED, "arrived"),
    Status.CHECKED_IN: (Status.ARRIVED, "started"),
    Status.FULFILLED: (Status.CHECKED_IN, "finished"),
    Status.NOSHOW: (Status.BOOKED, ""),
}
"""The step back from each status, and the mark that it removes. A cancelled visit is booked again instead, if its time
is free; one entered in error stays so."""
