"""What fits a waiting patient, and why a start does not: the reason recorded for everybody passed over (R23)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.ages import age_on
from patients.models import Patient
from scheduling.models import Service
from scheduling.queries import availability
from scheduling.queries.availability import Fit
from scheduling.queries.read_models import AnyDoctor
from waitlist.models import WaitlistEntry
from waitlist.models.wishes import Wishes
from waitlist.ranking.search import Given, WaitingEntry
from waitlist.wishes import WishData, times


class Misfit(TextChoices):
    DAYS = "days", _("not on the wished days")
    WEEKDAY = "weekday", _("not on the wished weekdays")
    HOURS = "hours", _("not in the wished hours")
    DOCTOR = "doctor", _("another doctor is wished")
    SERVICE = "service", _("the wished service does not fit here")
    NOTICE = "notice", _("too soon for the patient")
    PUT_OFF = "put_off", _("asked to be called later")
    AGE = "age", _("the doctor does not see this age")
    OTHER = "other", _("busy then, or this time was offered before")


def misfit(
    entry: WaitlistEntry | WaitingEntry,
    *,
    starts_at: datetime,
    doctor: AnyDoctor,
    services: Iterable[Given],
    now: datetime,
) -> Misfit | None:
    """The first wish that the start does not meet. None when it meets them all."""
    local = timezone.localtime(starts_at)
    day = local.date()
    wishes = (
        (Misfit.DAYS, entry.date_from <= day and (entry.date_until is None or day <= entry.date_until)),
        (Misfit.WEEKDAY, not entry.weekdays or local.isoweekday() in entry.weekdays),
        (Misfit.HOURS, entry.time_from <= local.time() < entry.time_until),
        (Misfit.DOCTOR, not entry.doctor_ids or doctor.pk in entry.doctor_ids),
        (Misfit.SERVICE, any(_gives(service, entry) for service in services)),
        (Misfit.NOTICE, starts_at - now >= timedelta(minutes=entry.notice_minutes)),
        (Misfit.PUT_OFF, entry.not_before is None or entry.not_before < starts_at),
        (Misfit.AGE, doctor.min_age <= age_on(entry.birth_date, day) <= doctor.max_age),
    )
    return next((reason for reason, met in wishes if not met), None)


def _gives(service: Given, entry: WaitlistEntry | WaitingEntry) -> bool:
    return service.pk == entry.service_id if entry.service_id else service.specialty_id == entry.specialty_id


def nearest_fits(wishes: WishData | Wishes, *, patient: Patient, limit: int = availability.NEAREST) -> list[Fit]:
    """Wishes → slots: free starts with doctors who see this patient's age, the nearest first (R23)."""
    services = [wishes.service] if wishes.service else Service.objects.filter(specialty=wishes.specialty, active=True)
    return availability.nearest_of(services=list(services), wishes=times(wishes, age=patient.age), limit=limit)
