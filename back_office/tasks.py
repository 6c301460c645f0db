from pathlib import Path

from celery import shared_task
from django.conf import settings

from back_office.paper import files


@shared_task(name="paper.write_lists")
def write_lists() -> None:
    if settings.PAPER_FOLDER:
        files.write(Path(settings.PAPER_FOLDER))
