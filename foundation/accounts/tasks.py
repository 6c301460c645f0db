from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Deletes expired sessions, which hold what a visitor typed, within an hour of their end."""
    call_command("clearsessions")
