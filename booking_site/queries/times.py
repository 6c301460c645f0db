from collections.abc import Sequence
from datetime import date, timedelta

from scheduling.queries import replica_availability
from scheduling.queries.availability import TimeWishes
from scheduling.queries.read_models import FreeSlot, ShownDoctor, ShownService


def next_free_after(day: date, *, service: ShownService, doctors: Sequence[ShownDoctor]) -> FreeSlot | None:
    """Returns the first free time of these doctors on a later day."""
    wishes = TimeWishes(date_from=day + timedelta(days=1))
    return next(iter(replica_availability.nearest_with(service=service, doctors=doctors, wishes=wishes, limit=1)), None)
