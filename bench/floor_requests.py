"""The floors as requests."""

from collections.abc import Iterator
from uuid import UUID

from bench.requests import Request
from scheduling.models import Slot


def select() -> Request:
    slot = Slot.objects.order_by("pk").values_list("pk", flat=True).first()
    return Request(f"/bench/floor/select/?slot={slot}")


def five(slot: UUID, patient: UUID) -> Request:
    return Request("/bench/floor/five/", form={"slot": slot, "patient": patient})


def again(request: Request) -> Iterator[bytes]:
    rendered = request.render()
    while True:
        yield rendered
