from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Sessions hold what a visitor typed: an abandoned form is gone an hour after its session has ended."""
    call_command("clearsessions")
