"""Reads a line of wishes against the doctors and specialties of the clinic (U33)."""

from django.utils import timezone

from foundation.text.folding import fold
from scheduling.models import Doctor, Specialty
from waitlist import wish_line
from waitlist.wish_line import Named, Said


def understood(line: str) -> Said:
    """Returns what the line tells, by those who work here now; two statements."""
    doctors = Doctor.objects.filter(active=True).prefetch_related("specialties")
    return wish_line.read(
        line,
        today=timezone.localdate(),
        doctors=[_doctor(each) for each in doctors],
        specialties=[Named(each.pk, _words(each.name, each.doctor_title)) for each in Specialty.objects.all()],
    )


def _doctor(doctor: Doctor) -> Named:
    return Named(doctor.pk, _words(doctor.last_name), tuple(each.pk for each in doctor.specialties.all()))


def _words(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for name in names for word in fold(name).split()))
