"""Traces that people leave in a browser: visitors of the site through its own pages, and signed-in staff."""

from uuid import UUID

from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from foundation.drafts import store
from foundation.drafts.attempts import Kept
from foundation.idempotency.once import FIELD
from patients.choices import Relation
from scheduling import links
from scheduling.models import Appointment, Slot
from tests.messages import code_of
from tests.upgrade.keys import PASSWORD
from tests.upgrade.life.clinic import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Clinic,
    first_service,
)

ADULT = {
    "who": "self",
    "last_name": "Ландышева",
    "first_name": "Инга",
    "patronymic": "Романовна",
    "birth_date": "17.05.1990",
    "consent": "on",
}
CHILD = ADULT | {
    "who": "child",
    "first_name": "Майя",
    "birth_date": "01.02.2024",
    "relation": "parent",
    "representative_last_name": "Ландышева",
    "representative_first_name": "Инга",
}


def visitors(clinic: Clinic) -> None:
    """Two book, the second after a wrong code; one lets the code lapse; one cancels by the link, one moves."""
    belova, children = clinic.free("belova", THURSDAY, SATURDAY), clinic.free("zhuravleva", THURSDAY, FRIDAY)
    with clinic.at(MONDAY, "09:10"):
        book_on_site(belova[0], ADULT, "+79000009911")
        book_on_site(children[1], CHILD, "+79000009912", wrong="000000")
        ask_for_code(belova[1], ADULT, "+79000009913")
    with clinic.at(MONDAY, "09:40"):
        cancelled = book_on_site(belova[2], ADULT | {"last_name": "Ромашкина"}, "+79000009914")
        moved = book_on_site(belova[3], ADULT | {"last_name": "Астрова"}, "+79000009915")
        Client().post(reverse("site:visit_cancel", args=[links.token_for(cancelled.pk)]))
        Client().post(reverse("site:visit_move", args=[links.token_for(moved.pk)]), {"slot": belova[4].pk})


def book_on_site(slot: Slot, typed: dict, phone: str, wrong: str = "") -> Appointment:
    browser = ask_for_code(slot, typed, phone)
    if wrong:
        browser.post(reverse("site:code"), {"code": wrong})
    browser.post(reverse("site:code"), {"code": code_of(phone)})
    return Appointment.objects.get(pk=UUID(browser.session["booking"]["made"]))


def ask_for_code(slot: Slot, typed: dict, phone: str) -> Client:
    browser = _take(slot)
    answer = browser.post(reverse("site:details"), typed | {"phone": phone})
    assert answer.url == reverse("site:code")
    return browser


def _take(slot: Slot) -> Client:
    browser = Client()
    browser.post(reverse("site:take"), {"slot": slot.pk, "service": first_service(slot.doctor).pk})
    return browser


def wishes(clinic: Clinic) -> None:
    """Leaves wishes for oneself, and as every person who may act for a child."""
    with clinic.at(TUESDAY, "10:30"):
        _wish("dermatology", ADULT, "+79000009921", hours="evening", weekdays=[1, 3, 5])
        for number, relation in enumerate(Relation):
            _wish("children", CHILD | {"relation": relation.value}, f"+7900000993{number}")


def _wish(specialty: str, typed: dict, phone: str, **wished) -> None:
    answer = Client().post(reverse("site:request", args=[specialty]), typed | {"phone": phone, FIELD: phone} | wished)
    assert answer.status_code == 302, answer.content.decode()


def open_browsers(clinic: Clinic) -> None:
    """Leaves open sessions: staff at work and one dismissed since, visitors who have chosen a time and typed."""
    with clinic.at(WEDNESDAY, "08:55"):
        for login in ("registrar", "operator", "doctor", "dismissed"):
            _sign_in(login)
        User.objects.filter(username="dismissed").update(is_active=False)
    with clinic.at(WEDNESDAY, "11:05"):
        ask_for_code(clinic.free("belova", SATURDAY, SUNDAY)[0], ADULT, "+79000009916")
        _take(clinic.free("belova", SATURDAY, SATURDAY)[1])
        form = Kept(reverse("office:patient_new"), {"last_name": ["Маслова"]}, None, unsent=True)
        store.keep(form, owner=clinic.by["registrar"].ref)


def _sign_in(login: str) -> None:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    assert answer.status_code == 302
    browser.get(reverse("office:home"), follow=True)
