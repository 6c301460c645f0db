"""Facts that the product reads in its database: told once of the dumped version, again after each upgrade.

A fact is a mapping that JSON can hold. It is read through models and queries, whatever their tables look like by then.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, get_user, get_user_model
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest

from foundation.database import clock
from notifications import rendering
from notifications.choices import MessageState
from notifications.models import Message
from patients.models import IdentityDocument, Patient
from scheduling import links
from scheduling.models import Appointment, Service
from scheduling.queries import availability
from tests.upgrade.keys import PASSWORD
from waitlist.queries import calls as offered
from waitlist.queries import entries as waiting
from worklist import queries as worklist
from worklist.choices import TaskKind

Fact = dict[str, object]


def patients() -> Fact:
    return {
        str(one.pk): f"{one.last_name}|{one.first_name}|{one.patronymic}|{one.birth_date}|{_digits(one.phone)}"
        for one in Patient.objects.order_by("pk")
    }


def document_numbers() -> Fact:
    """Returns decrypted numbers: they are readable with the keys alone."""
    return {str(one.pk): one.number for one in IdentityDocument.objects.order_by("pk")}


def visits() -> Fact:
    return {
        str(one.pk): f"{one.status}|{one.doctor_id}|{one.patient_id}|{one.starts_at.isoformat()}"
        for one in Appointment.objects.order_by("pk")
    }


def links_of_patients() -> Fact:
    """Returns the address that a patient has in a message, and whether it still leads to the visit."""
    visits = {links.token_of(one): one for one in Appointment.objects.order_by("pk")}
    return {token: one.link_hash == links.hash_of(token) and links.opens(token, one) for token, one in visits.items()}


def passwords() -> Fact:
    """Returns the users whom the known password lets in; each hash is checked once, as that is slow on purpose."""
    hashes = dict(get_user_model().objects.order_by("username").values_list("username", "password"))
    right = {encoded: check_password(PASSWORD, encoded) for encoded in set(hashes.values())}
    return {username: right[encoded] for username, encoded in hashes.items()}


def signed_in() -> Fact:
    """Returns the owner of each staff session, as the next request of that browser would find them."""
    sessions = _sessions()
    return {key: str(_user_of(key)) for key, data in sessions.items() if BACKEND_SESSION_KEY in data}


def half_filled_forms() -> Fact:
    """Returns what visitors of the site have chosen and typed so far."""
    return {key: data for key, data in _sessions().items() if data and BACKEND_SESSION_KEY not in data}


def unsent_messages() -> Fact:
    """Returns what the gateway will be given, word for word."""
    unsent = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).order_by("pk")
    return {str(one.pk): f"{one.address}|{rendering.to_send(one)}" for one in unsent}


def free_times() -> Fact:
    """Returns the nearest free times of each service."""
    return {
        service.name: [slot.starts_at.isoformat() for slot in availability.nearest(service=service)]
        for service in Service.objects.filter(active=True)
    }


def waitlist() -> Fact:
    """Returns the patients who wait, in the order of the list."""
    return {str(one.pk): [place, one.patient.full_name] for place, one in enumerate(waiting.open_entries())}


def calls() -> Fact:
    """Returns the calls of the waitlist: about which time, from when on, and which operator has them."""
    tasks = list(worklist.queue(kinds=[TaskKind.FREED_TIME]))
    offers = offered.of_tasks(task.pk for task in tasks)
    return {
        str(one.subject): [
            f"{offers[one.pk].doctor_id}|{offers[one.pk].service_id}|{offers[one.pk].starts_at.isoformat()}",
            one.not_before and one.not_before.isoformat(),
            one.claimed_by or "",
        ]
        for one in tasks
    }


FACTS: dict[str, Callable[[], Fact]] = {
    told.__name__: told
    for told in (
        *(patients, document_numbers, visits, links_of_patients, unsent_messages),
        *(passwords, signed_in, half_filled_forms, free_times, waitlist, calls),
    )
}


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def tell(moment: str) -> None:
    """Writes all facts at `moment` to the standard output, so that a dump never grows old."""
    connection_created.disconnect(clock.measure)  # the clock of this process is stopped, which is no skew
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        told = {name: fact() for name, fact in FACTS.items()}
    json.dump({"moment": moment, "pending": pending_migrations(), **told}, sys.stdout, ensure_ascii=False, indent=0)


def _digits(phone: object) -> str:
    """Returns the digits, however a phone is written these days."""
    return "".join(filter(str.isdigit, str(phone)))


def _sessions() -> dict[str, dict[str, object]]:
    store = _store()
    keys = Session.objects.order_by("pk").values_list("pk", flat=True)
    return {key: dict(store(key).load()) for key in keys}


def _user_of(key: str) -> object:
    request = HttpRequest()
    request.session = _store()(key)
    return get_user(request)


def _store():
    return import_module(settings.SESSION_ENGINE).SessionStore
