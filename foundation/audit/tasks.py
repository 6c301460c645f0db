from celery import shared_task

from foundation.audit import sealing


@shared_task(name="audit.seal")
def seal() -> None:
    sealing.seal_waiting()
