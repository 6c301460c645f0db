"""Those who may be asked about a freed time by message, and those who have said yes to one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.clock import day_bounds, day_of
from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch
from patients import contact
from patients.choices import ContactWay
from waitlist import numbers
from waitlist.choices import TimeReply
from waitlist.models import SlotOffer, TimeAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk(ReadModel):
    """A person who may be asked, and the number to write to, E.164."""

    entry: UUID
    number: str


def may_be_asked(entries: Sequence[UUID], *, slots: Collection[UUID], now: datetime, everybody: bool) -> list[ToAsk]:
    """Returns those of these entries who may be asked now, in their order, a number once; one statement.

    Nobody is asked twice about one time, nor again within a pause, nor more than so often a day; whoever asks to be
    phoned only never is. Without `everybody` those alone are who ask to be reached in writing only.
    """
    values = {
        "ids": list(entries),
        "slots": list(slots),
        "since": now - timedelta(minutes=settings.MESSAGE_FIRST_PAUSE_MINUTES),
        "midnight": day_bounds(day_of(now))[0],
        "per_day": settings.MESSAGE_FIRST_PER_DAY,
        "ways": [ContactWay.WRITING, ""] if everybody else [ContactWay.WRITING],
    }
    found = fetch(ToAsk, _MAY_BE_ASKED, values | contact.number_today()) if entries else []
    first_of_number = {each.number: each for each in reversed(found)}
    return [each for each in found if first_of_number[each.number] == each]


_MAY_BE_ASKED = f"""
    SELECT person.entry, person.number FROM (
        SELECT entry.id AS entry, {numbers.NUMBER} AS number
        FROM waitlist_waitlistentry entry
        JOIN patients_patient patient ON patient.id = entry.patient_id
        LEFT JOIN patients_representation representation ON representation.id = entry.representation_id
        WHERE entry.id = ANY(%(ids)s) AND entry.state = 'waiting' AND patient.contact_way = ANY(%(ways)s)
    ) person CROSS JOIN LATERAL (
        SELECT
            bool_or(asked.slot_id = ANY(%(slots)s) OR asked.asked_at > %(since)s) AS lately,
            count(*) FILTER (WHERE asked.asked_at >= %(midnight)s) AS today
        FROM waitlist_timequestion asked WHERE asked.number = person.number
    ) asked
    WHERE person.number <> '' AND asked.lately IS NOT TRUE AND asked.today < %(per_day)s
    ORDER BY array_position(%(ids)s, person.entry)
"""


def said_yes(slots: Collection[UUID]) -> dict[UUID, UUID]:
    """Returns who is ready for a time that begins with one of these slots, each with the slot they were asked about.

    A no is the last word, whatever was said before it.
    """
    answers = TimeAnswer.objects.filter(question__slot__in=slots)
    told = answers.values_list("question__entry", "question__slot", "reply")
    refused = {(entry, slot) for entry, slot, reply in told if reply == TimeReply.NO}
    return {entry: slot for entry, slot, _reply in told if (entry, slot) not in refused}


def not_offered(ready: Mapping[UUID, UUID]) -> set[UUID]:
    """Returns those who are ready for a slot that was not proposed to them yet: nobody keeps it from the next twice."""
    offered = SlotOffer.objects.filter(entry__in=ready, slot__in=set(ready.values())) if ready else ()
    proposed = {(offer.entry_id, offer.slot_id) for offer in offered}
    return {entry for entry, slot in ready.items() if (entry, slot) not in proposed}
