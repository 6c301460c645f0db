from celery import shared_task

from foundation.guard import limits


@shared_task(name="guard.forget_acts")
def forget_acts() -> None:
    limits.forget()
