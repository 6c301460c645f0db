from celery import shared_task
from django.utils import timezone

from foundation.idempotency.models import HandledForm
from foundation.idempotency.once import A_DAY


@shared_task(name="idempotency.forget_forms")
def forget_forms() -> None:
    HandledForm.objects.filter(at__lte=timezone.now() - A_DAY).delete()
