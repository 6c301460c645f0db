"""Somebody of the staff at the product's own pages, and what their last step has left in the audit."""

from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max
from django.test import Client
from django.urls import reverse

from foundation.accounts.actors import ref_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests.opened import as_opened

ADDRESS = "203.0.113.9"
OWN, FIRST = "parol-12345", "vremennyi-klyuch-1"
PASSPORT = "4509 123456"
SOUGHT = "Незабудкина"
SECRETS = (OWN, FIRST, PASSPORT, PASSPORT.replace(" ", ""), SOUGHT)
"""What people type and no row may hold: passwords, the number of a document, the name that was looked for."""


class Act(NamedTuple):
    action: str
    object: str = ""
    patient: UUID | None = None
    edited: frozenset[str] = frozenset()
    """Columns of which the row says what stood there."""


class Door:
    """Opens pages and sends their forms as a browser does, from an address of its own."""

    def __init__(self, person: User) -> None:
        self.person, self.by = person, ref_of(person)
        self.client = Client(REMOTE_ADDR=ADDRESS)
        self.client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
        self.begin()

    def begin(self) -> None:
        """Leaves out what is in the audit up to now."""
        self._before = AuditEvent.objects.aggregate(newest=Max("id"))["newest"] or 0

    def see(self, page: str, *ids: object, **query: str) -> None:
        self.begin()
        assert self.client.get(reverse(page, args=ids), query).status_code == 200

    def save(self, page: str, *ids: object, **typed: object) -> None:
        """Opens the form, writes into some of its fields and sends it."""
        opened = as_opened(self.client, reverse(page, args=ids))
        self.press(page, *ids, **opened | typed)

    def press(self, page: str, *ids: object, **sent: object) -> None:
        self.begin()
        answer = self.client.post(reverse(page, args=ids), sent)
        assert answer.status_code in (200, 302), [form.errors for form in answer.context["form"]]

    def rows(self) -> list[AuditEvent]:
        return list(AuditEvent.objects.filter(id__gt=self._before).order_by("id"))


def acts(rows: Iterable[AuditEvent]) -> list[Act]:
    return [Act(row.action, row.object_ref, row.patient, frozenset(row.details.get("changed", ()))) for row in rows]


class Steps(dict[str, tuple[Role, Callable[[Door], list[Act]]]]):
    """A table of steps, each done by somebody of a role; a step returns the acts that it has to leave."""

    def by(self, role: Role) -> Callable[[Callable[[Door], list[Act]]], None]:
        return lambda step: self.update({step.__name__: (role, step)})

    def begin(self, name: str) -> tuple[Door, Callable[[Door], list[Act]]]:
        role, step = self[name]
        return Door(make.user(role)), step

    def check(self, name: str) -> None:
        """Does the step: its acts are there and nothing else, with who and from where, and with no secret."""
        door, step = self.begin(name)
        expected, rows = step(door), door.rows()
        assert acts(rows) == expected
        assert {(row.actor, row.actor_name, row.ip) for row in rows} == {
            (door.by, door.person.get_full_name(), ADDRESS)
        }
        told = " ".join(f"{row.object_ref} {row.details}" for row in rows).lower()
        assert [secret for secret in SECRETS if secret.lower() in told] == []
