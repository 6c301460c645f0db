"""The pages that are measured, each with what it may cost."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from bench import client, people, subjects
from bench.requests import Request
from bench.servers import Web
from foundation.accounts.choices import Role

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Page:
    """A page that is measured. `times`: at most so many times the floor. 0 where there is no bar."""

    name: str
    request: Request
    status: int = 200
    times: float = 0
    statements: int = 0
    kilobytes: int = 0


def pages(web: Web) -> list[Page]:
    asked = subjects.subject()
    operator, registrar = people.signed_in(Role.OPERATOR), people.signed_in(Role.REGISTRAR)
    return [
        Page("день врача", day_of(asked), times=2, statements=4),
        Page("месяц врача", month_of(asked), times=3),
        Page("ближайшие времена", nearest_of(asked), times=2),
        Page("ближайшие времена, оператор", wishes_of(asked, operator)),
        Page("«Мой день» врача", Request(reverse("office:my_day"), session=people.signed_in_doctor(asked.doctor))),
        *grid(web, registrar),
        *search(registrar),
    ]


def day_of(asked: subjects.Subject) -> Request:
    query = urlencode({"doctor": asked.doctor.slug, "day": asked.day.isoformat(), "service": asked.service.pk})
    return Request(f"{reverse('site:day', args=[asked.specialty.slug])}?{query}")


def month_of(asked: subjects.Subject) -> Request:
    query = urlencode({"doctor": asked.doctor.slug, "service": asked.service.pk})
    return Request(f"{reverse('site:days', args=[asked.specialty.slug])}?{query}")


def nearest_of(asked: subjects.Subject) -> Request:
    """Returns the request for the nearest times of all doctors of the specialty."""
    return Request(reverse("site:specialty", args=[asked.specialty.slug]))


def wishes_of(asked: subjects.Subject, session: str) -> Request:
    """Returns the request of a search with any doctor, two months, afternoons."""
    until = timezone.localdate() + timedelta(days=60)
    wishes = {"specialty": asked.specialty.pk, "date_until": f"{until:%d.%m.%Y}", "time_from": "14:00", "notice": "60"}
    path = reverse("office:caller_wishes", args=[subjects.adult().pk])
    return Request(f"{path}?{urlencode(wishes)}", session=session)


def grid(web: Web, session: str) -> list[Page]:
    """Returns the pages of a day of ten doctors: whole, refreshed after a change, refreshed without one."""
    specialty = subjects.grid_specialty()
    where = {"date": shown(subjects.grid_day(specialty)), "specialty": specialty.pk}
    path = f"{reverse('office:day')}?{urlencode(where)}"
    whole = Request(path, session=session)
    refresh = Request(f"{path}&v=0", session=session, headers=HTMX)
    found = re.search(rb"[?&;]v=([0-9a-f]{16})", client.once(web.port, refresh.render()).body)
    same = Request(f"{path}&v={found[1].decode() if found else ''}", session=session, headers=HTMX)
    return [
        Page("день регистратуры", whole, statements=15),
        Page("  обновление", refresh, statements=15, kilobytes=30),
        Page("  без перемен", same, status=204),
    ]


def shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def search(session: str) -> list[Page]:
    path, asked = reverse("office:patients"), subjects.adult().last_name
    typed = Request(path, form={"q": asked}, session=session)
    typed.here()
    return [
        Page("поиск пациента", Request(path, session=session)),
        Page("  набранное принято", typed, status=302),
    ]
