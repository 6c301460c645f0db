from celery import shared_task

from scheduling.actions import slots


@shared_task(name="scheduling.release_lapsed_holds")
def release_lapsed_holds() -> None:
    slots.release_lapsed()


@shared_task(name="scheduling.leave_behind")
def leave_behind() -> None:
    while slots.leave_behind():
        pass
