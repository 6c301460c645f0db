from celery import shared_task

from foundation.database import clock
from worklist.actions import phoned, taking


@shared_task(name="worklist.forget_numbers")
def forget_numbers() -> None:
    before = clock.now() - phoned.KEPT
    phoned.forget(before=before)
    taking.forget(before=before)
