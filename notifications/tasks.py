from celery import shared_task

from notifications.actions import outbox


@shared_task(name=outbox.SEND_TASK)
def send_due() -> None:
    outbox.send_due()
