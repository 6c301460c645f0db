"""People are asked by message whether a freed time would suit them, and answer by the link in it.

A yes is readiness, never a booking and never a hold. Order of locks: offer → entry → task.
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.background import wakeups
from foundation.database import clock, writes
from notifications import texts
from notifications.actions import outbox
from notifications.models import Message
from patients.choices import ContactWay
from waitlist import lessons, links
from waitlist.actions import entries, freed_times, offers
from waitlist.choices import OPEN, DeclineReason, TimeReply
from waitlist.errors import TimeGone
from waitlist.models import FreedTime, SlotOffer, TimeAnswer, TimeQuestion
from waitlist.queries.questions import is_there
from waitlist.ranking.search import Fit


def ask(people: Sequence[tuple[Fit, str]], *, zone: str) -> None:
    """Writes whom a time fits and that they are asked, with the messages; `zone` is that of the place.

    Each comes with the number to write to, E.164. What is written leaves as one statement, however many they are.
    """
    for fit, number in people:
        question = _question(fit, number)
        writes.insert(question)
        outbox.put(
            texts.FreedTime(starts_at=question.starts_at, link=links.url_for(question.pk), zone=zone),
            address=number,
            about=question.pk,
            patient=fit.entry.patient_id,
            useful_until=freed_times.last_call(question.starts_at),
            dedupe_key=f"freed_time:{question.slot_id}:{question.entry_id}",
        )
        trail.record(
            by=offers.MATCHING, action="waitlist.asked", patient=fit.entry.patient_id, object_ref=str(question.pk)
        )


@transaction.atomic
def answer(*, question: UUID, reply: TimeReply, by: Actor, reason: DeclineReason | None = None) -> None:
    """Records what a person has answered; the same answer again changes nothing, and a no is the last word.

    A yes brings them before those who have not answered; the `reason` of a no teaches the wishes. Raises EntryClosed,
    and TimeGone for a yes to a time that somebody has.
    """
    row = TimeQuestion.objects.select_related("doctor", "service", "slot__shift__room__location").get(pk=question)
    yes = reply == TimeReply.YES
    proposed = _proposals_in_the_way(row, yes=yes)
    entry = entries.locked(row.entry_id)
    said = set(row.answers.values_list("reply", flat=True))
    if reply in said or TimeReply.NO in said:
        return
    if yes and not is_there(row):
        raise TimeGone
    TimeAnswer.objects.create(question=row, reply=reply, reason=reason or "", by=by.ref)
    told = {"reply": reply} | ({"declined": reason} if reason else {})
    trail.record(by=by, action="waitlist.answered", patient=entry.patient_id, object_ref=str(row.pk), **told)
    if reason and (new := lessons.lesson(row, entry, reason)):
        entries.learn(entry, wishes=new, reason=reason, by=by)
    for offer in proposed:
        offers.withdraw(offer)
    FreedTime.objects.filter(slot=row.slot_id, ended_at=None).update(look_at=clock.now())
    wakeups.after_commit(settings.SLOT_FREED_TASK)


def is_open(message: Message) -> bool:
    """Tells whether a message about a freed time is still true: its person waits, and the time can be had."""
    if message.about is None:
        return False
    question = TimeQuestion.objects.filter(pk=message.about).select_related("entry__patient", "service").first()
    if question is None or question.entry.state not in OPEN or not is_there(question):
        return False
    way = question.entry.patient.contact_way
    return way == ContactWay.WRITING or (settings.MESSAGE_FIRST and way != ContactWay.CALLS)


def _question(fit: Fit, number: str) -> TimeQuestion:
    first = fit.run[0]
    question = TimeQuestion(
        entry_id=fit.entry.pk,
        slot_id=first.pk,
        doctor_id=first.doctor_id,
        service_id=fit.service.pk,
        starts_at=first.starts_at,
        number=number,
    )
    question.link_hash = links.hash_of(links.token_for(question.pk))
    return question


def _proposals_in_the_way(question: TimeQuestion, *, yes: bool) -> list[SlotOffer]:
    """Locks the proposals, taken by no operator yet, that this answer ends.

    After a yes: that about this time to anybody else, who is ranked anew, and that about another time to whoever says
    it. After a no: the person's own about this time.
    """
    own, of_time = Q(entry=question.entry_id), Q(slot=question.slot_id)
    in_the_way = (own ^ of_time) if yes else own & of_time
    return offers.lock_unclaimed(in_the_way)
