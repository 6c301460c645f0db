"""Writes into the audit and the log who signs in, fails to, signs out or is refused a page (O10, O25)."""

import logging
from functools import partial
from typing import Any

from allauth.account import signals as account
from django.contrib.auth import signals as auth
from django.db import Error
from django.http import HttpRequest

from foundation.accounts.actors import Actor, staff, system
from foundation.accounts.models import User
from foundation.audit import trail

log = logging.getLogger(__name__)
STRANGER = system("sign_in")
"""The actor of a try with a login that nobody has: what was typed may be a password in the wrong field."""


def connect() -> None:
    told = {
        "staff.signed_in": account.user_logged_in,
        "staff.signed_out": auth.user_logged_out,
        "staff.password_changed": account.password_changed,
    }
    for action, signal in told.items():
        signal.connect(partial(note, action=action), weak=False, dispatch_uid=action)
    auth.user_login_failed.connect(note_failure, dispatch_uid="staff.sign_in_failed")


def note(*, action: str, request: HttpRequest | None, user: User | None, **signalled: object) -> None:
    if isinstance(user, User):
        _written(action, staff(user, ip=_address(request)))


def note_failure(*, credentials: dict[str, Any], request: HttpRequest | None = None, **signalled: object) -> None:
    """The login stands there only if somebody has it."""
    person = User.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
    ip = _address(request)
    by = staff(person, ip=ip) if person else Actor(ref=STRANGER.ref, name=STRANGER.name, ip=ip)
    log.warning("sign-in failed: %s from %s", by.ref, ip)
    _written("staff.sign_in_failed", by)


def note_denial(request: HttpRequest) -> None:
    """Writes down which page somebody of the staff was refused."""
    user = getattr(request, "user", None)
    if isinstance(user, User):
        by, match = staff(user, ip=_address(request)), request.resolver_match
        where = match.view_name if match else ""
        log.warning("denied: %s from %s at %s %s", by.ref, by.ip, request.method, where)
        _written("staff.denied", by, where)


def _written(action: str, by: Actor, where: str = "") -> None:
    """Nobody is kept out, and no page of an error fails, because the audit cannot be written: it stands in the log."""
    try:
        trail.record(by=by, action=action, object_ref=where)
    except Error:
        log.warning("%s not written: %s from %s at %s", action, by.ref, by.ip, where)


def _address(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""
