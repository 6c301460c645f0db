"""What the clinic is like when its pages are looked at."""

from datetime import date, timedelta

from django.utils import timezone

import booking
from foundation.clock import day_start
from patients.choices import Channel
from scheduling.models import Appointment
from tests import factories as make
from waitlist import matching
from waitlist.models import SlotOffer

LONG = {"last_name": "Константинопольская-Милорадович", "first_name": "Александра", "patronymic": "Владиславовна"}


def waiting_for_a_freed_time(clinic, *, people: int) -> list[SlotOffer]:
    for number in range(people):
        make.entry(clinic.specialty, who=make.patient(**LONG, birth_date=date(1970 + number, 3, 1)))
    for slot in make.slots_of(make.shift(clinic.doctor, days=3, slots=people)):
        matching.offer_slot(slot=slot.pk)
    return list(SlotOffer.objects.order_by("created_at"))


def handed_over(clinic):
    wishes = make.wishes(clinic.specialty, note="Просит врача, который говорит по-корейски")
    return booking.hand_over(person=make.person(**LONG), wishes=wishes, channel=Channel.SITE, by=make.TEST)


def came_today(visit: Appointment) -> Appointment:
    """Puts the visit on today, as if its day had come."""
    start = day_start(timezone.localdate())
    Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=30))
    visit.refresh_from_db()
    return visit
