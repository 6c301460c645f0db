"""Texts of messages: the four facts of R13, never a specialty (T73)."""

from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from notifications import rendering, texts
from notifications.choices import MessageTemplate
from notifications.models import Message
from notifications.texts import FACTS, HIDDEN, FactMissing

AT = datetime(2026, 11, 24, 14, 30, tzinfo=ZoneInfo("Europe/Moscow"))
DOCTOR, ADDRESS = "Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7"
LINK = "https://clinic.example.org/v/nW0xkY2T7uQm5rFz8LdAaBcE/"
VISIT = {"starts_at": AT, "doctor": DOCTOR, "address": ADDRESS, "link": LINK, "zone": "Europe/Moscow"}
SHORT = f"{DOCTOR}, {ADDRESS} {LINK}"

MESSAGES = [
    texts.Code(code="048213"),
    texts.Booked(**VISIT),
    texts.Moved(**VISIT),
    texts.Cancelled(starts_at=AT, doctor=DOCTOR, address=ADDRESS, zone="Europe/Moscow"),
    texts.Reminder(**VISIT),
    texts.CallUs(),
    texts.FreedTime(starts_at=AT, link=LINK, zone="Europe/Moscow"),
    texts.AsWritten(words="Вы записаны на завтра"),
]
WORDS = [
    "048213 — код для записи в клинику «Медилуна». Никому его не сообщайте.",
    f"Запись 24 ноября 14:30 {SHORT}",
    f"Перенос: 24.11 14:30 {SHORT}",
    f"Запись отменена: вт 24 ноября 14:30, {DOCTOR}, {ADDRESS}. Записаться снова: 8 (812) 317-78-21",
    f"Ждём: 24 ноября 14:30 {SHORT}",
    "Не смогли дозвониться до вас по поводу записи в клинику «Медилуна». Перезвоните, пожалуйста: 8 (812) 317-78-21.",
    f"Медилуна: освободилось время вт 24 ноября 14:30. Удобно? Ответьте: {LINK}",
    "Вы записаны на завтра",
]


def said(facts):
    with translation.override("ru"):
        return facts.text()


def name(value):
    return value.template.value if isinstance(value, texts.Facts) else ""


@pytest.mark.parametrize(("facts", "words"), list(zip(MESSAGES, WORDS, strict=True)), ids=name)
def test_words_of_template(facts, words):
    assert said(facts) == words


def test_every_template_has_facts_and_words():
    assert list(FACTS) == MessageTemplate.values == [facts.template for facts in MESSAGES]
    assert [type(facts) for facts in MESSAGES] == list(FACTS.values())


def test_t73_no_fact_is_specialty_service_or_patient():
    """A message cannot tell what is not among its facts."""
    known = {fact.name for kind in FACTS.values() for fact in fields(kind)}
    assert known == {"code", "starts_at", "doctor", "address", "link", "words", "zone"}


@pytest.mark.parametrize("facts", [facts for facts in MESSAGES if fields(facts)], ids=name)
def test_missing_fact_is_refused(facts):
    told = {fact.name: getattr(facts, fact.name) for fact in fields(facts)}
    for fact in told:
        with pytest.raises(TypeError, match=fact):
            type(facts)(**{other: value for other, value in told.items() if other != fact})
        for wrong in (None, "", 1):
            with pytest.raises(FactMissing, match=fact):
                type(facts)(**{**told, fact: wrong})


def test_moment_without_zone_is_refused():
    with pytest.raises(FactMissing, match="starts_at"):
        texts.Cancelled(starts_at=AT.replace(tzinfo=None), doctor=DOCTOR, address=ADDRESS, zone="Europe/Moscow")


def test_refusal_repeats_nothing_that_was_given():
    """Errors are logged, and a fact may be a name or a code."""
    with pytest.raises(FactMissing) as refused:
        texts.Code(code=48213)
    assert str(refused.value) == "Give code its code: a str that is not empty."


def test_a_cancellation_written_before_the_address_was_told_is_shown_as_it_was():
    facts = {"starts_at": AT.isoformat(), "doctor": DOCTOR, "zone": "Europe/Moscow"}
    words = f"Запись отменена: во вторник 24 ноября, в 14:30, {DOCTOR}. Записаться снова: 8 (812) 317-78-21"
    assert rendering.to_show(Message(template="cancelled", facts=facts)) == words
    assert rendering.to_show(Message(template="cancelled", facts={"doctor": DOCTOR})) == HIDDEN
