"""The floors as requests."""

from collections.abc import Iterator
from itertools import cycle
from uuid import UUID

from bench.requests import Request
from scheduling.models import Slot


def select() -> Request:
    slot = Slot.objects.order_by("pk").values_list("pk", flat=True).first()
    return Request(f"/bench/floor/select/?slot={slot}")


def five(slot: UUID, patient: UUID) -> Request:
    return Request("/bench/floor/five/", form={"slot": slot, "patient": patient})


def again(*requests: Request) -> Iterator[bytes]:
    """Yields the requests round and round."""
    return cycle([request.render() for request in requests])
