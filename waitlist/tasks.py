from celery import shared_task

from waitlist import asking, at_once, matching
from waitlist.actions import expiring, offers


@shared_task(name=matching.SWEEP)
def match_freed_slots() -> None:
    matching.match_freed()


@shared_task(name=asking.SWEEP)
def ask_about_freed() -> None:
    asking.ask_about_freed()


@shared_task(name="waitlist.return_lapsed")
def return_lapsed() -> None:
    offers.return_lapsed()


@shared_task(name=at_once.RECONCILE)
def reconcile() -> None:
    at_once.reconcile()


@shared_task(name=expiring.SWEEP)
def expire() -> None:
    expiring.ask()
    expiring.close_over()
