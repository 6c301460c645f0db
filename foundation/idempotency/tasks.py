from celery import shared_task

from foundation.database import clock
from foundation.idempotency.models import HandledForm
from foundation.idempotency.once import A_DAY


@shared_task(name="idempotency.forget_forms")
def forget_forms() -> None:
    HandledForm.objects.filter(at__lte=clock.now() - A_DAY).delete()
