from celery import shared_task

from foundation.drafts import store


@shared_task(name="drafts.forget")
def forget() -> None:
    store.forget_old()
