"""A list that renews itself writes a patient into the audit once while its page is open."""

from collections.abc import Iterable
from uuid import UUID

from back_office.staff_view import StaffRequest


def opened(request: StaffRequest, patients: Iterable[UUID], *, page: str) -> None:
    """Remembers whom the page shows as it is opened."""
    request.session[f"{page}_shown"] = sorted({str(patient) for patient in patients})


def newly_shown(request: StaffRequest, patients: Iterable[UUID], *, page: str) -> list[UUID]:
    """Returns those who were not on the screen before."""
    before = set(request.session.get(f"{page}_shown", []))
    new = [patient for patient in patients if str(patient) not in before]
    if new:
        request.session[f"{page}_shown"] = sorted(before | {str(patient) for patient in new})
    return new
