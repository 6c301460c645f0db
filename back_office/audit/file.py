"""Writes the audit as a file for a spreadsheet: UTF-8 with a mark, semicolons, and no cell that it would run."""

import csv
from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.audit.lines import AuditLine, lines_of
from foundation.audit.queries import events
from foundation.audit.queries.events import Sought

CHUNK = 1000
MARK = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """Gives back what it is told to write: a row leaves as soon as it is made."""

    def write(self, text: str) -> str:
        return text


def file_lines(sought: Sought, *, before: int, roles: Mapping[str, str]) -> Iterator[str]:
    """Yields the lines of the file; a thousand rows are read at a time, so that a long file needs little memory."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield MARK + writer.writerow(_titles())  # type: ignore[operator]  # the writer gives what `_Echo` gives
    while chunk := list(events.newest_first(sought, before=before)[:CHUNK]):
        for line in lines_of(chunk, roles=roles):
            yield writer.writerow([defused(cell) for cell in _cells(line)])  # type: ignore[misc]  # as above
        before = chunk[-1].pk


def defused(cell: str) -> str:
    """Puts an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) else cell


def _titles() -> list[str]:
    return [_("When"), _("Who"), _("Role"), _("Act"), _("Patient"), _("About"), _("Details"), _("Address")]


def _cells(line: AuditLine) -> list[str]:
    said = [f"{fact.what}: {fact.said}" for fact in line.facts]
    said += [f"{edit.what}: {edit.before} → {edit.after}" for edit in line.edits]
    when = f"{timezone.localtime(line.at):%d.%m.%Y %H:%M:%S}"
    return [when, line.name, line.role, line.act, line.patient_name, line.object, "; ".join(said), line.ip]
