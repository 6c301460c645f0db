"""Writes the lists of today and tomorrow now; beat does it every quarter of an hour."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from back_office.paper import files


class Command(BaseCommand):
    help = "Пишет списки приёма на сегодня и завтра в папку: её читают и печатают, когда система выключена."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=settings.PAPER_FOLDER, help="по умолчанию PAPER_FOLDER")

    def handle(self, *, folder: str, **options: object) -> None:
        if not folder:
            raise CommandError(_("Name the folder, or set PAPER_FOLDER."))
        try:
            with translation.override(settings.LANGUAGE_CODE):
                written = files.write(Path(folder))
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from error
        for file in written:
            self.stdout.write(str(file))
