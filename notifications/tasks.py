from celery import shared_task

from notifications.actions import sending


@shared_task(name=sending.TASK)
def send_due() -> None:
    sending.send_due()
