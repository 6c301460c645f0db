"""The page of the audit: who has done what, newest first, and whether the chain of the seals is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from back_office.audit.lines import AuditLine, lines_of
from back_office.forms.audit import AuditForm
from booking.audit_export import MOST
from foundation.accounts.actors import ref_of
from foundation.accounts.models import User
from foundation.audit.chain import ChainState
from foundation.audit.queries import events
from patients.models import Patient

PER_PAGE = 50


def everybody() -> list[User]:
    """Returns who works here or did."""
    return list(User.objects.order_by("last_name", "first_name", "username"))


def roles_of(staff: Sequence[User]) -> Mapping[str, str]:
    return {ref_of(person): str(person.get_role_display()) for person in staff}


@dataclass(frozen=True, slots=True)
class AuditPage:
    form: AuditForm
    patient: Patient | None
    """The patient about whom the rows are; None for all."""
    lines: Sequence[AuditLine]
    older: int | None
    """The id before which the next page begins; None on the last one."""
    is_later_page: bool
    chain: ChainState
    most: int
    """Rows in one file."""
    error: str = ""

    @classmethod
    def of(
        cls,
        form: AuditForm,
        patient: Patient | None,
        *,
        staff: Sequence[User],
        before: int | None = None,
        error: str = "",
    ) -> "AuditPage":
        found = events.newest_first(form.sought(patient), before=before) if form.is_valid() else None
        rows = list(found[: PER_PAGE + 1]) if found is not None else []
        shown = rows[:PER_PAGE]
        older = shown[-1].pk if len(rows) > PER_PAGE else None
        lines = lines_of(shown, roles=roles_of(staff))
        return cls(form, patient, lines, older, before is not None, ChainState.now(), MOST, error)

    @property
    def shows(self) -> list[UUID]:
        named = [line.patient for line in self.lines if line.patient]
        return [self.patient.pk, *named] if self.patient else named
