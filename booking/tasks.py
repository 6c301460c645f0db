from celery import shared_task

import booking


@shared_task(name="booking.reconcile_openness")
def reconcile_openness() -> None:
    booking.reconcile_openness()
