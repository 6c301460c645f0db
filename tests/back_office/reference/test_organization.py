"""The head says in the product who the clinic is; pages, messages and the consent say it at once."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from booking_site.consent import consent_text
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.database import breaker
from foundation.organization import card
from foundation.organization.models import Organization
from notifications import texts
from tests.opened import as_opened, form_of

pytestmark = pytest.mark.django_db(transaction=True)
HERE = reverse("office:organization")
LUNA = {
    "name": "Луна-Мед",
    "legal_name": "АО «Луна-Мед»",
    "licence": "Л041-01148-78/00123456 от 01.02.2024",
    "phone": "+7 812 555-01-02",
    "address": "Санкт-Петербург, Звёздная ул., д. 3",
    "hours": "по будням с 8:00 до 20:00",
}


@pytest.fixture
def head(sign_in):
    return sign_in(Role.HEAD)


def saved(head, **typed):
    return head.post(HERE, as_opened(head, HERE) | typed)


def test_before_it_is_written_the_form_shows_what_the_settings_say(head, settings):
    form = form_of(head.get(HERE))
    assert {name: form[name].value() for name in ("name", "phone")} == {
        name: settings.CLINIC[name] for name in ("name", "phone")
    }
    assert not Organization.objects.exists()


def test_every_page_message_and_consent_say_it(head):
    before = Client().get("/").content.decode()
    assert LUNA["name"] not in before
    assert saved(head, **LUNA).url == reverse("office:setup")
    page = Client().get("/").content.decode()
    assert [value for value in LUNA.values() if value not in page and value != LUNA["hours"]] == []
    assert 'href="tel:+78125550102"' in page
    assert [value for value in (LUNA["legal_name"], LUNA["phone"]) if value not in consent_text()] == []
    assert LUNA["name"] in texts.Code(code="1").text()


def test_the_audit_keeps_what_stood_there(head):
    saved(head, **LUNA)
    row = AuditEvent.objects.get(action="organization.changed")
    assert row.details["changed"]["name"] == ["Медилуна", "Луна-Мед"]


@pytest.mark.parametrize("typed", [{"name": ""}, {"phone": "123"}, {"site": "javascript:alert(1)"}])
def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(head, typed):
    answer = saved(head, **LUNA | typed)
    (field,) = typed
    form = form_of(answer)
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert form["address"].value() == LUNA["address"]


def test_t93_two_heads_lose_nothing(head):
    form = as_opened(head, HERE)
    assert head.post(HERE, form | {"name": "Луна"}).status_code == 302
    assert head.post(HERE, form | {"hours": "круглосуточно"}).status_code == 302
    assert Organization.objects.values_list("name", "hours").get() == ("Луна", "круглосуточно")
    refused = head.post(HERE, form | {"name": "Солнце"}, follow=True)
    assert (refused.status_code, form_of(refused)["name"].value()) == (409, "Солнце")
    assert Organization.objects.get().name == "Луна"


def test_another_process_hears_of_it_when_its_time_is_over(head, settings):
    saved(head, **LUNA)
    assert card.clinic()["name"] == "Луна-Мед"
    Organization.objects.update(name="Солнце")
    assert card.clinic()["name"] == "Луна-Мед"
    settings.ORGANIZATION_SECONDS = 0
    card.forget()
    assert card.clinic()["name"] == "Солнце"


def test_without_a_database_it_is_what_was_known_last(head):
    saved(head, **LUNA)
    assert card.clinic()["name"] == "Луна-Мед"
    card.forget()
    with connection.execute_wrapper(away):
        assert card.clinic()["phone"] == LUNA["phone"]


def test_while_the_database_is_known_to_be_away_it_is_not_asked(head, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(breaker, "_next_try", 0.0)
    card.forget()
    with django_assert_num_queries(0):
        card.clinic()
    breaker.is_there()
    with django_assert_num_queries(1):
        card.clinic()


def away(*_statement):
    raise OperationalError("the server is away")
