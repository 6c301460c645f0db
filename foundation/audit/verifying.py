"""Compares the audit with the chain of its seals, and tells in sentences what is not as it was written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from foundation.accounts.actors import system
from foundation.audit import anchor, sealing, trail
from foundation.audit.anchor import Anchor
from foundation.audit.models import AuditEvent, AuditSeal
from foundation.audit.queries import seals
from foundation.audit.queries.seals import WrittenRow

LISTED = 20
VERIFIED = "audit.verified"
VERIFIER = system("verify_audit")


@dataclass(slots=True)
class Verdict:
    faults: list[str] = field(default_factory=list)
    rows: int = 0
    """Rows that were compared."""
    unsealed: int = 0
    newest: AuditSeal | None = None
    """The newest seal: whoever notes it elsewhere can prove later that the end was not cut off."""


def verify_and_record(*, noted: Sequence[Anchor] = ()) -> Verdict:
    """Seals what waits, walks the chain and writes down what it has found: the page of the audit says so."""
    sealing.seal_waiting()
    verdict = verify(noted=noted)
    trail.record(
        by=VERIFIER,
        action=VERIFIED,
        object_ref=str(verdict.newest.number) if verdict.newest else "",
        rows=verdict.rows,
        unsealed=verdict.unsealed,
        faults=verdict.faults[:LISTED],
    )
    return verdict


def verify(*, noted: Sequence[Anchor] = ()) -> Verdict:
    """Walks the whole chain; `noted` are seals that somebody wrote down outside the database."""
    verdict, secret = Verdict(), sealing.key()
    for before, seal in _pairs():
        if fault := _broken(before, seal, secret):
            verdict.faults.append(fault)
            break
        rows = seals.rows(after=before.through if before else sealing.BEFORE_ALL, through=seal.through, limit=None)
        verdict.rows += len(rows)
        verdict.faults += _differences(seal, rows, secret)
        verdict.newest = seal
    verdict.faults += _against_file(noted)
    verdict.unsealed = AuditEvent.objects.filter(
        id__gt=verdict.newest.through if verdict.newest else sealing.BEFORE_ALL
    ).count()
    return verdict


def _pairs() -> Iterator[tuple[AuditSeal | None, AuditSeal]]:
    before = None
    for seal in AuditSeal.objects.order_by("number").iterator():
        yield before, seal
        before = seal


def _broken(before: AuditSeal | None, seal: AuditSeal, secret: bytes) -> str:
    due = before.number + 1 if before else 1
    if seal.number != due:
        return _("Seal %(number)d is missing. Nothing after it can be proved.") % {"number": due}
    if seal.hash != sealing.hash_of(seal, before=before, secret=secret):
        return _("Seal %(number)d was changed. Nothing from it on can be proved.") % {"number": seal.number}
    return ""


def _differences(seal: AuditSeal, rows: list[WrittenRow], secret: bytes) -> list[str]:
    """Compares row by row; a row that is not as it was counts as changed, and what is left over as removed."""
    found, stored = sealing.marks(rows, secret=secret), _split(bytes(seal.marks))
    if found == stored:
        return []
    known = set(stored)
    strange = [row.id for row, mark in zip(rows, found, strict=True) if mark not in known]
    gone = len(known.difference(found)) - len(strange)
    return [*_strange(strange), *_gone(gone, seal)]


def _split(marks: bytes) -> list[bytes]:
    size = sealing.MARK_BYTES
    return [marks[start : start + size] for start in range(0, len(marks), size)]


def _strange(ids: list[int]) -> list[str]:
    listed = ", ".join(map(str, ids[:LISTED])) + ("…" if len(ids) > LISTED else "")
    return [_("Rows were changed or put in: %(rows)s.") % {"rows": listed}] if ids else []


def _gone(number: int, seal: AuditSeal) -> list[str]:
    facts = {"number": number, "seal": seal.number, "at": f"{seal.at:%Y-%m-%d %H:%M:%S} UTC"}
    words = _("Rows that are gone: %(number)d, of those that seal %(seal)d closed at %(at)s.")
    return [words % facts] if number > 0 else []


def _against_file(noted: Sequence[Anchor]) -> list[str]:
    """Compares with what was noted and with the file; one that cannot be read is a fault by itself."""
    try:
        return _cut([*noted, *filter(None, [anchor.kept()])])
    except (OSError, ValueError):
        words = _(
            "%(file)s cannot be read or is not whole: nobody can tell by it that the end was cut off. Compare with a "
            "seal that was noted elsewhere (--noted), then remove the file: the next seal writes it anew."
        )
        return [*_cut(noted), words % {"file": anchor.place()}]


def _cut(noted: Sequence[Anchor]) -> list[str]:
    words = _("The end was cut off or made anew: seal %(number)d, which was noted outside the database, is not there.")
    return [words % {"number": each.number} for each in dict.fromkeys(noted) if not each.holds()]
