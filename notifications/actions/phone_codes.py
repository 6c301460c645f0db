"""`phone_codes.send(...)`, `phone_codes.check(...)`: one short code proves a phone. Counters live in Postgres."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import outbox
from notifications.choices import MessageKind
from notifications.errors import CodeExpired, CodeTooSoon, TooManyCodes, TooManyTries, WrongCode
from notifications.models import PhoneCode

DIGITS = 6


@transaction.atomic
def send(*, phone: str) -> PhoneCode:
    """Sends a new code to `phone` (E.164). Raises CodeTooSoon, TooManyCodes."""
    _serialise(phone)
    now = timezone.now()
    today = PhoneCode.objects.filter(phone=phone, created_at__gt=now - timedelta(days=1))
    if today.filter(created_at__gt=now - timedelta(seconds=settings.CODE_PAUSE_SECONDS)).exists():
        raise CodeTooSoon
    if today.count() >= settings.CODES_PER_DAY:
        raise TooManyCodes
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = PhoneCode.objects.create(
        phone=phone,
        code_hash=make_password(code),
        expires_at=now + timedelta(minutes=settings.CODE_MINUTES),
    )
    text = _("%(code)s is your code to book at %(clinic)s. Tell it to nobody.") % {
        "code": code,
        "clinic": settings.CLINIC["name"],
    }
    outbox.put(kind=MessageKind.CODE, address=phone, text=text, dedupe_key=f"code:{row.pk}")
    return row


def check(*, phone: str, code: str) -> None:
    """Takes the newest code of `phone`, once. Raises WrongCode, CodeExpired, TooManyTries.

    A wrong try is counted even though the error is raised: the count is committed first.
    """
    if problem := _check(phone=phone, code=code):
        raise problem


@transaction.atomic
def _check(*, phone: str, code: str) -> Exception | None:
    row = PhoneCode.objects.select_for_update().filter(phone=phone, used_at=None).order_by("-created_at").first()
    now = timezone.now()
    if row is None or row.expires_at <= now:
        return CodeExpired()
    if row.tries >= settings.CODE_TRIES:
        return TooManyTries()
    row.tries += 1
    if not check_password(code, row.code_hash):
        row.save(update_fields=["tries"])
        return TooManyTries() if row.tries >= settings.CODE_TRIES else WrongCode()
    row.used_at = now
    row.save(update_fields=["tries", "used_at"])
    return None


def _serialise(phone: str) -> None:
    """Two requests for the same phone count one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [phone])
