import logging

from celery import shared_task

from foundation.audit import sealing
from foundation.audit.verifying import verify_and_record

log = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal() -> None:
    sealing.seal_waiting()


@shared_task(name="audit.verify")
def verify() -> None:
    for fault in verify_and_record().faults:
        log.error("The audit is not as it was written: %s", fault)
