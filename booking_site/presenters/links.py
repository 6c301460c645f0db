from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.http import urlencode

from scheduling.queries.read_models import ShownService


@dataclass(frozen=True, slots=True)
class Links:
    """The links lead to pages of one service and, when one is chosen, one doctor.

    A day can be appended to `day` and `days`.
    """

    day: str
    days: str
    request: str
    specialty: str

    @classmethod
    @lru_cache(maxsize=1000)
    def of(cls, service: ShownService, doctor_slug: str = "") -> "Links":
        """Makes the links; every page of times has them, and they change with the service alone."""
        chosen = urlencode({"service": str(service.pk)} | ({"doctor": doctor_slug} if doctor_slug else {}))
        specialty = reverse("site:specialty", args=[service.specialty.slug])
        day, days, request = (f"{specialty}{name}/?{chosen}" for name in ("day", "days", "request"))
        return cls(day=day, days=days, request=request, specialty=specialty)
