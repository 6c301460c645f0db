from datetime import timedelta

from celery import shared_task
from django.conf import settings

from foundation.database import clock
from telephony.actions import exchange_calls


@shared_task(name="telephony.forget")
def forget() -> None:
    exchange_calls.forget(before=clock.now() - timedelta(days=settings.EXCHANGE_DAYS))
