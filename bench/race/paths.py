"""The paths that take a slot, each as the last request of so many people."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count, cycle
from uuid import uuid4

from django.urls import reverse

from bench import people
from bench.booking_forms import PASSPORT_SEEN
from bench.race.world import World
from bench.requests import Request
from foundation.accounts.choices import Role
from scheduling import links
from scheduling.actions.slots import NO_HOLD
from scheduling.models import Slot

Path = Callable[[World, Slot, int], list[Request]]
_phones = (f"+7998{number:07d}" for number in count(1))


def site_time(world: World, slot: Slot, number: int) -> list[Request]:
    """Requests of the very first step on the site: the first person holds the time."""
    chosen = {"slot": slot.pk, "service": world.service.pk}
    return [Request(reverse("site:take"), chosen) for _ in range(number)]


def site_code(world: World, slot: Slot, number: int) -> list[Request]:
    """Requests of people who looked for the SMS so long that their holds, one after another, have lapsed."""
    return [_code(world, slot) for _ in range(number)]


def _code(world: World, slot: Slot) -> Request:
    visitor = people.at_the_code(slot, world.service, phone=next(_phones))
    lapse(slot)
    return Request(reverse("site:code"), {"code": visitor.code, "slot": slot.pk}, session=visitor.session)


def site_details(world: World, slot: Slot, number: int) -> list[Request]:
    """Requests with a phone that was proved before: the details book at once."""
    return [_details(world, slot) for _ in range(number)]


def _details(world: World, slot: Slot) -> Request:
    phone = next(_phones)
    session = people.with_proved_phone(slot, world.service, phone=phone)
    lapse(slot)
    return Request(reverse("site:details"), {**people.typed(phone), "slot": slot.pk}, session=session)


def desk(world: World, slot: Slot, number: int, *, whose: str = "desk") -> list[Request]:
    form = {"applicant": "self", "service": world.service.pk, **PASSPORT_SEEN}
    path = reverse("office:book", args=[slot.pk])
    return [
        Request(path, {**form, "patient": patient, "key": uuid4().hex}, session=session)
        for patient, session in zip(world.patients(whose, number), cycle(world.staff(Role.REGISTRAR)), strict=False)
    ]


def phone(world: World, slot: Slot, number: int, *, whose: str = "phone") -> list[Request]:
    """Requests of operators; the address says what was asked for, so that a loser is read out other times."""
    asked = f"?specialty={world.service.specialty_id}"
    return [
        Request(reverse("office:caller_book", args=[patient]) + asked, _time(world, slot), session=session)
        for patient, session in zip(world.patients(whose, number), cycle(world.staff(Role.OPERATOR)), strict=False)
    ]


def other_time(world: World, slot: Slot, number: int) -> list[Request]:
    """Requests for patients who were offered another time and agree to this one."""
    return [
        Request(reverse("office:call_book", args=[call.offer]), _time(world, slot), session=call.session)
        for call in world.calls(number)
    ]


def offered(world: World, slot: Slot) -> Request:
    """Returns the request for a time kept for a patient on the line: the operator's press at the yes."""
    call = world.call_about(slot)
    return Request(reverse("office:call_book", args=[call.offer]), {"key": uuid4().hex}, session=call.session)


def desk_move(world: World, slot: Slot, number: int) -> list[Request]:
    return [
        Request(reverse("office:appointment_move", args=[visit]), {"to": slot.pk}, session=session)
        for visit, session in zip(world.movers("desk", number), cycle(world.staff(Role.REGISTRAR)), strict=False)
    ]


def link_move(world: World, slot: Slot, number: int) -> list[Request]:
    return [
        Request(reverse("site:visit_move", args=[links.token_for(visit)]), {"slot": slot.pk})
        for visit in world.movers("link", number)
    ]


def follow_up(world: World, slot: Slot, number: int) -> list[Request]:
    """Requests of one doctor, who books for all her patients."""
    form = {"slot": slot.pk, "weeks": 1, "service": world.service.pk}
    return [
        Request(reverse("office:follow_up", args=[visit]), {**form, "key": uuid4()}, session=world.doctor_session)
        for visit in world.seen_before(number)
    ]


def beside(world: World, slots: Sequence[Slot]) -> list[Request]:
    """Requests for other slots of the same doctor: on the site, at the desk and by phone in turns."""
    ways: cycle[Path] = cycle((site_code, partial(desk, whose="beside desk"), partial(phone, whose="beside phone")))
    return [way(world, slot, 1)[0] for slot, way in zip(slots, ways, strict=False)]


def lapse(slot: Slot) -> None:
    Slot.objects.filter(pk=slot.pk).update(**NO_HOLD)


def _time(world: World, slot: Slot) -> dict[str, object]:
    return {"slot": slot.pk, "service": world.service.pk, "key": uuid4().hex}


HOLDS = "сайт: выбор времени"
PATHS: dict[str, Path] = {
    "сайт: код": site_code,
    "сайт: данные": site_details,
    "регистратура": desk,
    "телефон": phone,
    "лист ожидания: другое время": other_time,
    "перенос в регистратуре": desk_move,
    "перенос по ссылке": link_move,
    "повторный от врача": follow_up,
}
OFFERED = "лист ожидания: предложенное время"
ALONE = (*PATHS, HOLDS, OFFERED)
