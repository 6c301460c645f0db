"""Texts of messages: the four facts of R13, never a specialty (T73), no longer than they need be (T74)."""

from dataclasses import fields, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from notifications import texts
from notifications.choices import MessageTemplate
from notifications.texts import FACTS, FactMissing

AT = datetime(2026, 11, 24, 14, 30, tzinfo=ZoneInfo("Europe/Moscow"))
DOCTOR, ADDRESS = "Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7"
LINK = "https://clinic.example.org/v/nW0xkY2T7uQm5rFz8LdAaBcE/"
VISIT = {"starts_at": AT, "doctor": DOCTOR, "address": ADDRESS, "link": LINK, "zone": "Europe/Moscow"}
TOLD = f"во вторник 24 ноября, в 14:30, {DOCTOR}"
CHANGE = f"{ADDRESS}. Отменить или перенести: {LINK}"

MESSAGES = [
    texts.Code(code="048213"),
    texts.Booked(**VISIT),
    texts.Moved(**VISIT),
    texts.Cancelled(starts_at=AT, doctor=DOCTOR, zone="Europe/Moscow"),
    texts.CallUs(),
    texts.AsWritten(words="Вы записаны на завтра"),
]
WORDS = [
    "048213 — код для записи в клинику «Медилуна». Никому его не сообщайте.",
    f"Вы записаны: {TOLD}. {CHANGE}",
    f"Запись перенесена: {TOLD}. {CHANGE}",
    f"Запись отменена: {TOLD}. Записаться снова: 8 (812) 317-78-21",
    "Не смогли дозвониться до вас по поводу записи в клинику «Медилуна». Перезвоните, пожалуйста: 8 (812) 317-78-21.",
    "Вы записаны на завтра",
]
LONGEST = {
    "doctor": "Константинопольская Александра Святославовна",
    "address": "Санкт-Петербург, проспект Александровской Фермы, д. 29, корп. 3, лит. В",
}


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


def segments(text):
    """Counts SMS of a Cyrillic text: 70 characters fit into one, 67 into each of several."""
    return 1 if len(text) <= 70 else -(-len(text) // 67)


def test_t74_two_segments_are_enough_when_there_is_no_link():
    """A link needs a segment of its own, and the longest address another."""
    assert [segments(said(facts)) for facts in MESSAGES[:5]] == [1, 3, 3, 2, 2]
    long = [replace(facts, **{key: LONGEST[key] for key in LONGEST if hasattr(facts, key)}) for facts in MESSAGES[:5]]
    assert [segments(said(facts)) for facts in long] == [1, 4, 4, 2, 2]


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
        texts.Cancelled(starts_at=AT.replace(tzinfo=None), doctor=DOCTOR, zone="Europe/Moscow")


def test_refusal_repeats_nothing_that_was_given():
    """Errors are logged, and a fact may be a name or a code."""
    with pytest.raises(FactMissing) as refused:
        texts.Code(code=48213)
    assert str(refused.value) == "Give code its code: a str that is not empty."
