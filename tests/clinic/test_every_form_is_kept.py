"""D34, D35: each form of each page, sent after somebody signed in in another tab, is there again as it was typed.

A new page is walked by itself; a form that would lose what is typed fails here.
"""

from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.drafts import door
from patients.models import Patient, Representation
from scheduling.models import Appointment, Slot, Specialty
from tests.clinic.demo_in_hand import begin_work
from tests.clinic.demo_walk import walk
from tests.clinic.sent_forms import SentForm, forms_of
from tests.clinic.test_second_press import reviewed
from tests.standalone.test_demo import _empty

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WORD = "Проверка"
PHONE = "9217770001"
ROLES = (Role.OPERATOR, Role.HEAD, Role.DOCTOR)
BUTTONS = """
    absence_remove appointment_again appointment_arrive appointment_confirm appointment_earlier appointment_informed
    appointment_move appointment_noshow appointment_remind appointment_representative appointment_send_again
    audit_export book_drop call_book caller_unmet
    call_next caller_book emergency_open emergency_patient emergency_reopen emergency_take entry_again entry_book
    entry_not_reached entry_waits_on
    follow_up hand_over hold hold_free my_visit_finish my_visit_informed my_visit_start patient_merge patient_merge_undo
    missed_not_reached missed_reached recording
    person_second_step person_unblock publish rebooking_cancel rebooking_move
    rebooking_representative rebooking_told representative_link request_book request_close
    request_enter request_not_reached rule_end setup_hide shift_withdraw task_back task_claim undo
"""
"""Steps of one press, which are drawn or not as the hour of the day has it: nothing is typed into them."""
BY_ITSELF = ("call_alive", "task_alive", "caller_doubles", "patient_doubles")
"""Addresses that the pages ask by themselves."""
BY_THE_HOUR = ("appointment_back",)
"""Forms with words that are drawn for what was done today: shortly after midnight there is none."""
NO_WORDS = {f"office:{name}" for name in (*BUTTONS.split(), *BY_ITSELF, *BY_THE_HOUR)}
NOTHING_DONE = "ничего не сделано"
RULES = {"specialty", "applicant"}
"""What can be chosen in other fields follows from these."""
ENDS = {"account_logout"}
"""The way out, which needs nothing to be typed."""


@pytest.fixture(scope="module", autouse=True)
def clinic(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("demo", stdout=StringIO())
        try:
            begin_work()
            yield
        finally:
            _empty()


@pytest.fixture(scope="module")
def drawn(clinic, django_db_blocker):
    """Returns the forms that are drawn for each role, walked once for all tests."""
    with django_db_blocker.unblock():
        return {role: drawn_forms(browser(role)) for role in ROLES}


def browser(role: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(role=role), backend="foundation.accounts.backend.StaffBackend")
    return client


def fill(form: SentForm) -> SentForm:
    """Types into every field that takes words and chooses the last of what can be chosen."""
    for name in form.texts:
        form.typed[name] = [PHONE if "phone" in name else f"{WORD} {name}"]
    for name, options in form.options.items():
        form.typed[name] = form.typed[name] if name in RULES else options[-1:]
    return form


def searched_for() -> Iterator[str]:
    """Yields pages that are reached through a search for a person or a time."""
    child = Representation.objects.filter(valid_until=None).latest("pk")
    adult, double = Patient.objects.filter(merged_into=None, representations=None).order_by("pk")[:2]
    busy = Slot.objects.filter(appointment__status="booked").latest("starts_at")
    wishes = urlencode({"specialty": Specialty.objects.first().pk})
    yield f"{reverse('office:overbook', args=[busy.pk])}?patient={adult.pk}"
    yield f"{reverse('office:patient_merge', args=[adult.pk])}?patient={double.pk}"
    for page in ("representative_edit", "representative_end"):
        yield reverse(f"office:{page}", args=[child.patient_id, child.pk])
    for patient in (adult.pk, child.patient_id):
        yield f"{reverse('office:caller_wishes', args=[patient])}?{wishes}&until=00:01"
    for status in ("booked", "fulfilled", "cancelled"):
        visit = Appointment.objects.filter(status=status).latest("starts_at")
        yield reverse("office:appointment", args=[visit.pk])
    yield f"{reverse('office:find_time')}?{wishes}&patient={adult.pk}&until=00:01"


def drawn_forms(client: Client):
    """One form of each kind that the pages of this person have."""
    found: dict[tuple, tuple[str, SentForm]] = {}
    for page in walk(client, *searched_for()):
        if page.status != 200:
            continue
        for form in forms_of(page.html, at=page.url):
            found.setdefault(form.kind, (page.url, form))
    return [pair for pair in found.values() if pair[1].name not in ENDS]


def lost(client: Client, at: str, form: SentForm) -> object:
    """Returns what is not there again after the form is sent from a page that had grown old."""
    sent = fill(form).sent() | {"csrfmiddlewaretoken": ["a" * 64]}
    answer = client.post(form.action, sent, headers=BROWSER | {"Referer": f"http://testserver{at}"})
    if answer.status_code != 302:
        return answer.status_code
    page = client.get(answer.url, headers=BROWSER, follow=True)
    if (said := page.content.decode().count(NOTHING_DONE)) > 1:
        return f"said {said} times that nothing was done"
    again = [each for each in forms_of(page.content.decode(), at=answer.url) if each.path == form.path]
    if not again:
        return f"{page.status_code} {page.redirect_chain}"
    missing = [_missing(form, each) for each in again]
    return min(missing, key=len)


def _missing(form: SentForm, again: SentForm) -> dict:
    typed = form.typed.items()
    return {name: (values, again.typed.get(name)) for name, values in typed if values != again.typed.get(name)}


@pytest.mark.parametrize("role", ROLES)
def test_every_form_is_there_again_as_it_was_typed(role, drawn):
    client = browser(role)
    found = {f"{form.name} at {at}": lost(client, at, form) for at, form in drawn[role]}
    assert {where: missing for where, missing in found.items() if missing} == {}


def test_every_form_that_takes_words_is_walked(drawn):
    walked = {form.name for forms in drawn.values() for _at, form in forms}
    ours = {name for name in reviewed() if name.startswith("office:")}
    assert ours - walked - NO_WORDS == set()
    assert NO_WORDS - ours == set(), "gone"


def test_control_a_form_that_keeps_nothing_is_noticed(drawn, monkeypatch):
    at, form = next((at, form) for at, form in drawn[Role.HEAD] if form.name == "office:overbook")
    assert not lost(browser(Role.HEAD), at, form)
    monkeypatch.setattr(door, "keep_unsent", lambda request, **kept: None)
    assert lost(browser(Role.HEAD), at, form)
