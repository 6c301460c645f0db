"""Proves that the audit is as it was written: nothing changed, removed, put in or cut off."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from foundation.audit.anchor import Anchor
from foundation.audit.models import AuditEvent
from foundation.audit.verifying import verify_and_record
from foundation.database import application_role


class Command(BaseCommand):
    help = "Проверяет цепочку печатей журнала действий. Код выхода 1, если в журнале что-то менялось."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--noted", action="append", default=[], help="«номер хеш» печати, выписанные раньше")

    def handle(self, *, noted: list[str], **options: object) -> None:
        try:
            anchors = [Anchor.parse(each) for each in noted]
        except ValueError as error:
            raise CommandError(_("Write a seal as it was printed: --noted “12 1f3a…”.")) from error
        verdict = verify_and_record(noted=anchors)
        if verdict.faults:
            raise CommandError("\n".join(verdict.faults))
        facts = {"rows": verdict.rows, "unsealed": verdict.unsealed}
        self.stdout.write(_("Nothing was changed. Rows compared: %(rows)d; not sealed yet: %(unsealed)d.") % facts)
        if application_role.may_change(AuditEvent._meta.db_table):
            words = _(
                "The application comes as a role that can change the audit: see MIGRATION_DATABASE_URL in README.md."
            )
            self.stderr.write(words)
        if verdict.newest:
            self.stdout.write(_("Newest seal, to be noted elsewhere: %(seal)s") % {"seal": verdict.newest})
