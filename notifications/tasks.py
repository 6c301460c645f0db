from celery import shared_task

from notifications.actions import forgetting, receipts, sending


@shared_task(name=sending.TASK)
def send_due() -> None:
    sending.send_due()


@shared_task(name="notifications.ask_receipts")
def ask_receipts() -> None:
    receipts.ask()


@shared_task(name="notifications.forget")
def forget() -> None:
    forgetting.forget()
