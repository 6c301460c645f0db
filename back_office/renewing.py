"""Lists that renew themselves while their page is open: sent when they look otherwise, audited once a page."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.http import HttpResponse

from back_office.staff_view import Answer, Page, StaffRequest


class RenewedList(Protocol):
    """The content of a page with such a list."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    """`Any`, because dataclasses declare it so."""

    @property
    def seen(self) -> str:
        """A fingerprint: the same for the same picture."""

    @property
    def patients(self) -> Sequence[UUID]:
        """The patients whom the list names."""


def fingerprint(*shown: object) -> str:
    """Returns a short text that changes with whatever is shown."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def whole(request: StaffRequest, content: RenewedList, template: str, *, page: str) -> Page:
    """Returns the page as it is opened, and remembers under the name of the page whom it shows."""
    _remember(request, content.patients, page)
    return Page(template, content, shows=content.patients)


def part(request: StaffRequest, content: RenewedList, template: str, *, page: str, where: str) -> Answer:
    """Returns the list for a page that is open: nothing when it would look the same.

    Only those who were not on the screen before are shown anew to the audit.
    """
    if request.GET.get("seen") == content.seen:
        return HttpResponse(status=204)
    before = set(request.session.get(_key(page), []))
    new = [patient for patient in content.patients if str(patient) not in before]
    if new:
        _remember(request, [*before, *new], page)
    return Page(template, content, shows=new, where=where)


def _remember(request: StaffRequest, patients: Iterable[object], page: str) -> None:
    request.session[_key(page)] = sorted({str(patient) for patient in patients})


def _key(page: str) -> str:
    return f"{page}_shown"
