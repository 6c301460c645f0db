from celery import shared_task

from scheduling.actions import reminders, slots

BATCHES = 10


@shared_task(name="scheduling.release_lapsed_holds")
def release_lapsed_holds() -> None:
    slots.release_lapsed()


@shared_task(name="scheduling.put_reminders")
def put_reminders() -> None:
    reminders.put_due()


@shared_task(name="scheduling.retire_past")
def retire_past() -> None:
    """Retires a bounded number of past slots per run, because other tasks wait for this worker too."""
    for _ in range(BATCHES):
        if not slots.retire_past():
            break
