"""The number and hash of the newest seal in a file away from the database: it shows when the end was cut off."""

import logging
import re
from pathlib import Path
from typing import NamedTuple, Self

from django.conf import settings
from django.db import transaction

from foundation.audit.models import AuditSeal
from foundation.database.locks import advisory_lock
from foundation.whole_files import write_whole

log = logging.getLogger(__name__)

PRINTED = re.compile(r"\s*([0-9]+)\s+([0-9a-f]{64})\s*")


class Anchor(NamedTuple):
    number: int
    seal_hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads «12 1f3a…», as it is printed. Raises ValueError for anything else."""
        whole = PRINTED.fullmatch(text)
        if not whole:
            raise ValueError("this is no whole seal")
        return cls(int(whole[1]), whole[2])

    def holds(self) -> bool:
        """Tells whether the chain still has this seal."""
        return AuditSeal.objects.filter(number=self.number, hash=self.seal_hash).exists()


def kept() -> Anchor | None:
    """Returns what the file holds; None without one.

    Raises ValueError for a file that is none of ours, empty or cut; OSError for one that cannot be read.
    """
    file = place()
    return Anchor.parse(file.read_text(encoding="ascii")) if file and file.exists() else None


def move(seal: AuditSeal) -> None:
    """Writes the newest seal into the file, and never goes back to an older one.

    A file that cannot be read, or whose seal is missing in the chain, stays as it is: that is the evidence. Sealing
    goes on without the file.
    """
    file = place()
    if not file:
        return
    try:
        with transaction.atomic():
            advisory_lock("audit.anchor")
            if _may_follow(kept(), seal):
                write_whole(file, f"{seal}\n")
    except (OSError, ValueError) as error:
        log.error("%s does not take the newest seal (%s): run manage.py verify_audit", file, error)


def place() -> Path | None:
    return Path(settings.AUDIT_ANCHOR) if settings.AUDIT_ANCHOR else None


def _may_follow(before: Anchor | None, seal: AuditSeal) -> bool:
    if before and not before.holds():
        log.error("The audit lacks seal %s, which the file holds: run manage.py verify_audit", before.number)
        return False
    return not before or before.number < seal.number
