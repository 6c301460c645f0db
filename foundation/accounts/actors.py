"""Actors: every action takes `by=` and writes it down, and not everybody who acts has a login."""

from dataclasses import dataclass

from foundation.accounts.choices import Permission
from foundation.accounts.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or process that acts.

    `ref` is stored beside every `*_at`; `name` is what a person reads in a history years later.
    """

    ref: str
    name: str
    permissions: frozenset[Permission] = frozenset()
    ip: str = ""

    @property
    def is_staff(self) -> bool:
        """True for a person of the clinic, neither a patient nor a process."""
        return self.ref.startswith("staff:")

    @property
    def is_visitor(self) -> bool:
        """True for a patient on the public site, or somebody who says so."""
        return self.ref.startswith("site:")

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def ref_of(user: User) -> str:
    return f"staff:{user.pk}"


def staff(user: User, *, ip: str = "") -> Actor:
    permissions = frozenset(permission for permission in Permission if user.may(permission))
    return Actor(ref=ref_of(user), name=user.get_full_name(), permissions=permissions, ip=ip)


def site_visitor(*, session: str, ip: str = "") -> Actor:
    """Returns the actor of a patient on the public site. `session` is a token of ours, never a phone or a name."""
    return Actor(ref=f"site:{session}", name="сайт", ip=ip)


def system(process: str) -> Actor:
    """Returns the actor of what happens by itself: `system("matching")`."""
    return Actor(ref=f"system:{process}", name=process)
