from celery import shared_task

from waitlist import matching
from waitlist.actions import expiring, offers


@shared_task(name=matching.SWEEP)
def match_freed_slots() -> None:
    matching.match_freed()


@shared_task(name="waitlist.return_lapsed")
def return_lapsed() -> None:
    offers.return_lapsed()


@shared_task(name=matching.RECONCILE)
def reconcile() -> None:
    matching.reconcile()


@shared_task(name=expiring.SWEEP)
def expire() -> None:
    expiring.ask()
    expiring.close_over()
