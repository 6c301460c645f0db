"""T33: five hundred people at nine o'clock for the forty times of one doctor that have just been published."""

import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as clock

from django.utils import timezone

from bench import overlaps, people, stage
from bench.browser import Browser
from bench.harness import Bench
from bench.report import Row
from bench.rush import crowd, rows
from bench.rush.person import End, Person, Story
from bench.rush.rows import Held
from scheduling import links
from scheduling.models import Appointment, Doctor
from waitlist.models import WaitlistRequest

TITLE = "Девять часов: 500 человек на 40 только что открытых времён"
LONG = True
SLOTS, PATIENTS = 100_000, 100_000
MINUTES, FIRST = 15, clock(9)
QUICK_PEOPLE, QUICK_TIMES = 60, 10


def run(bench: Bench) -> list[Row]:
    quick = bench.options.quick
    many, times = (QUICK_PEOPLE, QUICK_TIMES) if quick else (bench.options.people, bench.options.times)
    with (
        bench.copy(bench.database(SLOTS, patients=PATIENTS)) as database,
        database.here(),
        bench.web(database) as web,
        bench.worker(database),
        bench.beat(database),
    ):
        service = stage.service(minutes=MINUTES)
        doctor = stage.doctor(service, last_name="Желанная")
        phones = crowd.Phones(database.url)
        day = publish(doctor, times)
        visitors = [
            Person(
                Browser(web.port),
                phone,
                doctor=doctor.slug,
                specialty=service.specialty.slug,
                service=str(service.pk),
                day=day,
                code_of=phones.code_of,
                rng=random.Random(phone),
            )
            for phone in people.phones(5_000_000, many)
        ]
        opened, begun = timezone.now(), time.monotonic()
        stories = crowd.start_all(visitors)
        seconds = time.monotonic() - begun
        phones.close()
        return rows.of(stories, held(doctor, stories, opened), times=times, seconds=seconds)


def publish(doctor: Doctor, times: int) -> str:
    """Publishes all times on one day and returns that day."""
    day = timezone.localdate() + timedelta(days=7)
    until = (datetime.combine(day, FIRST) + timedelta(minutes=MINUTES * times)).time()
    stage.publish(doctor, minutes=MINUTES, first=day, days=1, hours=(FIRST, until))
    return day.isoformat()


def held(doctor: Doctor, stories: Sequence[Story], opened: datetime) -> Held:
    visits = Appointment.objects.filter(doctor=doctor)
    tokens = [story.last.strip("/").split("/")[1] for story in stories if story.end == End.BOOKED]
    last = max(visits.values_list("created_at", flat=True), default=opened)
    numbers = [story.phone for story in stories]
    return Held(
        booked=visits.count(),
        of_the_booked=visits.filter(link_hash__in=[links.hash_of(token) for token in tokens]).count(),
        requests=WaitlistRequest.objects.filter(phone__in=numbers).count(),
        pairs=sum(overlaps.count().values()),
        sold_after=(last - opened).total_seconds(),
    )
