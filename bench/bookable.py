"""Free times and patients for them, each given out once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from patients.models import Patient
from scheduling.models import Appointment, Service, Slot
from standalone.speech import Refusal

AGES = (20, 60)
FIRST_LOOKED_AT = 200_000


class Free(NamedTuple):
    """A free slot."""

    pk: UUID
    shift_id: UUID
    doctor_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Chance:
    """One start that one patient can have for one service."""

    slot: UUID
    service: Service
    patient: UUID


class Chances:
    """Starts in mixed order, so that lanes do not meet at one doctor, and patients who have nothing else ahead."""

    def __init__(self, *, seed: int = 317) -> None:
        self._starts = _starts(random.Random(seed))
        self._patients = idle_patients()

    def take(self, count: int) -> list[Chance]:
        starts = islice(self._starts, count)
        taken = [Chance(*start, patient) for start, patient in zip(starts, self._patients, strict=False)]
        if len(taken) < count:
            raise Refusal("Свободных времён или пациентов в базе меньше, чем нужно. Возьмите базу больше: --slots 1m")
        return taken


def _starts(rng: random.Random) -> Iterator[tuple[UUID, Service]]:
    """Returns starts whose runs do not share a slot."""
    fitting = _services()
    now = timezone.now()
    free = Slot.objects.free(now).filter(starts_at__gt=now + timedelta(days=1), doctor__in=list(fitting))
    rows = free.order_by("shift", "starts_at").values(*Free._fields)[:FIRST_LOOKED_AT]
    found: list[tuple[UUID, Service]] = []
    for _shift, group in groupby((Free(**row) for row in rows), key=attrgetter("shift_id")):
        found += _runs(list(group), fitting)
    rng.shuffle(found)
    yield from found


def _runs(slots: list[Free], fitting: dict[UUID, list[Service]]) -> Iterator[tuple[UUID, Service]]:
    """Returns runs of one shift's free slots, each as long as the first service it is long enough for."""
    first = 0
    while first < len(slots):
        start = slots[first]
        service = fitting[start.doctor_id][0]
        until, end = start.starts_at, start.starts_at + timedelta(minutes=service.minutes)
        last = first
        while last < len(slots) and slots[last].starts_at == until and until < end:
            until = slots[last].ends_at
            last += 1
        if until >= end:
            yield start.pk, service
        first = last


def _services() -> dict[UUID, list[Service]]:
    """Returns the site's services of each doctor who sees people of AGES."""
    offered = Service.doctors.through.objects.filter(
        doctor__active=True,
        doctor__min_age__lte=AGES[0] - 1,
        doctor__max_age__gte=AGES[1] + 1,
        service__active=True,
        service__on_site=True,
    )
    found: dict[UUID, list[Service]] = {}
    for row in offered.select_related("service").order_by("service__minutes"):
        found.setdefault(row.doctor_id, []).append(row.service)
    return found


def idle_patients() -> Iterator[UUID]:
    """Returns adults with a phone and with nothing ahead."""
    today = timezone.localdate()
    oldest, youngest = today - timedelta(days=AGES[1] * 365), today - timedelta(days=AGES[0] * 366)
    ahead = Appointment.objects.filter(patient=OuterRef("pk"), starts_at__gt=timezone.now())
    idle = Patient.objects.filter(~Exists(ahead), birth_date__range=(oldest, youngest)).exclude(phone="")
    yield from idle.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)
