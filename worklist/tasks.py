from celery import shared_task

from foundation.database import clock
from worklist.actions import phoned


@shared_task(name="worklist.forget_numbers")
def forget_numbers() -> None:
    phoned.forget(before=clock.now() - phoned.KEPT)
