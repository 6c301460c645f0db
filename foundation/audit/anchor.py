"""The number and hash of the newest seal in a file away from the database: it shows when the end was cut off."""

import logging
from pathlib import Path
from typing import NamedTuple, Self

from django.conf import settings

from foundation.audit.models import AuditSeal

log = logging.getLogger(__name__)


class Anchor(NamedTuple):
    number: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads «12 1f3a…», as it is printed. Raises ValueError for anything else."""
        number, hash = text.split()
        return cls(int(number), hash)

    def holds(self) -> bool:
        """Tells whether the chain still has this seal."""
        return AuditSeal.objects.filter(number=self.number, hash=self.hash).exists()


def kept() -> Anchor | None:
    """Returns what the file holds; None without one. Raises ValueError for a file that is none of ours."""
    file = _file()
    return Anchor.parse(file.read_text(encoding="ascii")) if file and file.exists() else None


def move(seal: AuditSeal) -> None:
    """Writes the newest seal into the file, unless the one there is missing in the chain: that is the evidence."""
    file = _file()
    if not file:
        return
    before = kept()
    if before and not before.holds():
        log.error("The audit lacks seal %s, which %s holds: run manage.py verify_audit", before.number, file)
        return
    new = file.with_name(f"{file.name}.new")
    new.write_text(f"{seal}\n", encoding="ascii")
    new.replace(file)


def _file() -> Path | None:
    return Path(settings.AUDIT_ANCHOR) if settings.AUDIT_ANCHOR else None
