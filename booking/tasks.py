from celery import shared_task

import booking


@shared_task(name="booking.reconcile_openness")
def reconcile_openness() -> None:
    booking.reconcile_openness()


@shared_task(name="booking.renew_untold")
def renew_untold() -> None:
    booking.renew_untold()


@shared_task(name="booking.settle_missed_calls")
def settle_missed_calls() -> None:
    booking.settle_missed_calls()
