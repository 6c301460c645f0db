"""People who send requests: staff already signed in, and visitors who have come as far as the code from the SMS."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.sessions.backends.db import SessionStore
from django.http import QueryDict
from django.test import Client

from bench import codes
from booking_site import visitor
from booking_site.flow import Flow
from foundation.accounts.actors import site_visitor
from foundation.accounts.models import User
from notifications.actions import phone_codes
from notifications.models import Message
from scheduling.models import Doctor, Service, Slot

BACKEND = "foundation.accounts.backend.StaffBackend"


def signed_in(role: str, *, number: int = 1) -> str:
    """Returns the session of a member of staff of the bench's own."""
    return session_of(member(role, number=number))


def member(role: str, *, number: int) -> User:
    columns = {"role": role, "last_name": "Замерова", "first_name": "Вера"}
    return User.objects.get_or_create(username=f"bench-{role}-{number}", defaults=columns)[0]


def signed_in_doctor(doctor: Doctor) -> str:
    if doctor.user is None:
        doctor.user, _made = User.objects.get_or_create(username=f"bench-{doctor.slug}", defaults={"role": "doctor"})
        doctor.save(update_fields=["user"])
    return session_of(doctor.user)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies["sessionid"].value


@dataclass(frozen=True)
class Visitor:
    session: str
    code: str


def at_the_code(slot: Slot, service: Service, *, phone: str) -> Visitor:
    """Returns a visitor who has chosen the time, said who they are and been sent a code, by the site's own code."""
    session = _with_details(slot, service, phone=phone)
    phone_codes.send(phone=phone, asked_by=site_visitor(session=session[visitor.KEY]).ref)
    Flow(session).note_code(phone)
    session.save()
    sent = Message.objects.filter(template="code", address=phone).latest("created_at")
    return Visitor(str(session.session_key), codes.code_in((sent.pk, sent.sealed)))


def with_proved_phone(slot: Slot, service: Service, *, phone: str) -> str:
    """Returns the session of a visitor who has chosen the time and proved the phone a moment ago."""
    session = _with_details(slot, service, phone=phone)
    Flow(session).prove(phone)
    session.save()
    return str(session.session_key)


def _with_details(slot: Slot, service: Service, *, phone: str) -> SessionStore:
    session = SessionStore()
    session[visitor.KEY] = secrets.token_urlsafe(12)
    flow = Flow(session)
    flow.take(slot=slot.pk, service=service, by=site_visitor(session=session[visitor.KEY], ip="127.0.0.1"))
    flow.keep_typed(QueryDict(urlencode(typed(phone))))
    if chosen := flow.slot:
        flow.check_typed(chosen)
    return session


def typed(phone: str) -> dict[str, str]:
    person = {"last_name": "Замеров", "first_name": "Лука", "patronymic": "", "birth_date": "17.05.1990"}
    return {**person, "who": "self", "phone": phone, "consent": "on"}


def phones(start: int, count: int) -> Sequence[str]:
    """Returns mobile numbers that nobody else in the database has."""
    return [f"+7999{start + number:07d}" for number in range(count)]
