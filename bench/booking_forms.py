"""The last form of a booking in each channel, ready to be sent, and the floor of all of them."""

from collections.abc import Callable, Sequence
from itertools import count, cycle
from uuid import uuid4

from django.db import connection
from django.urls import reverse

from bench import floor_requests, people
from bench.bookable import Chance
from bench.requests import Request
from foundation.accounts.choices import Role
from patients.choices import DocumentKind
from patients.demandable import Demandable
from scheduling.models import Slot

REGISTRARS = 8
PASSPORT_SEEN = {
    f"{Demandable.IDENTITY.value}-seen": "on",
    f"{Demandable.IDENTITY.value}-kind": DocumentKind.RF_PASSPORT.value,
    f"{Demandable.IDENTITY.value}-seen_as": "original",
}
Prepare = Callable[[Sequence[Chance]], list[Request]]
_phone = count(1)


def at_site(chances: Sequence[Chance]) -> list[Request]:
    """Makes forms with the code from the SMS, by visitors who have come so far."""
    slots = Slot.objects.in_bulk([chance.slot for chance in chances])
    visitors = [
        people.at_the_code(slots[chance.slot], chance.service, phone=f"+7999{next(_phone):07d}") for chance in chances
    ]
    return [Request(reverse("site:code"), {"code": each.code}, session=each.session) for each in visitors]


def at_desk(chances: Sequence[Chance]) -> list[Request]:
    """Makes forms of the panel with one paper ticked, by several registrars."""
    sessions = cycle(people.signed_in(Role.REGISTRAR, number=number) for number in range(REGISTRARS))
    return [
        Request(
            reverse("office:book", args=[chance.slot]),
            {
                "patient": chance.patient,
                "applicant": "self",
                "service": chance.service.pk,
                "key": uuid4().hex,
                **PASSPORT_SEEN,
            },
            session=session,
        )
        for chance, session in zip(chances, sessions, strict=False)
    ]


def by_phone(chances: Sequence[Chance]) -> list[Request]:
    """Makes forms for a time an operator has read out and the caller has agreed to."""
    sessions = cycle(people.signed_in(Role.OPERATOR, number=number) for number in range(REGISTRARS))
    return [
        Request(
            reverse("office:caller_book", args=[chance.patient]),
            {"slot": chance.slot, "service": chance.service.pk, "key": uuid4().hex},
            session=session,
        )
        for chance, session in zip(chances, sessions, strict=False)
    ]


def floor(chances: Sequence[Chance]) -> list[Request]:
    return [floor_requests.five(chance.slot, chance.patient) for chance in chances]


def undo(chances: Sequence[Chance]) -> None:
    """Frees the floor's slots again: it measures statements, not a supply of slots."""
    slots = [chance.slot for chance in chances]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_appointment SET status = 'entered-in-error' WHERE id IN "
            "(SELECT appointment_id FROM scheduling_slot WHERE id = ANY(%s))",
            [slots],
        )
        cursor.execute("UPDATE scheduling_slot SET appointment_id = NULL WHERE id = ANY(%s)", [slots])


CHANNELS: dict[str, Prepare] = {"сайт": at_site, "регистратура": at_desk, "телефон": by_phone}
