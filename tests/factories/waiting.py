"""Factories of the waitlist and of the tasks of the staff."""

from datetime import timedelta
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

import booking
from foundation.changes import as_text
from patients.choices import Channel
from patients.models import Patient
from scheduling.models import Slot, Specialty
from tests.factories.actors import TEST
from tests.factories.people import PatientFactory, patient, person
from tests.factories.timetable import specialty
from waitlist import links
from waitlist.choices import UnmetReason
from waitlist.models import SlotOffer, TimeAnswer, TimeQuestion, UnmetWish, WaitlistEntry, WaitlistRequest
from waitlist.wishes import WishData
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind
from worklist.models import Task


class WishFactory(factory.Factory[WishData]):
    """Wishes for any time from today on, at a moment's notice."""

    class Meta:
        model = WishData

    date_from = factory.LazyFunction(timezone.localdate)
    notice_minutes = 0
    priority = Priority.NORMAL
    urgent_reason = factory.LazyAttribute(lambda made: "сильный зуд" if made.priority == Priority.URGENT else "")


class EntryFactory(factory.Factory[WaitlistEntry]):
    """An entry, as an operator enters a patient whom nothing suits."""

    class Meta:
        model = WaitlistEntry

    patient = factory.SubFactory(PatientFactory)
    by = TEST
    none_suits = True

    @classmethod
    def _create(cls, model: type[WaitlistEntry], **columns: object) -> WaitlistEntry:
        return booking.join_waitlist(**columns)


class TaskFactory(factory.Factory[Task]):
    """An open task about a patient, due now, in the order in which they are made."""

    class Meta:
        model = Task

    kind = TaskKind.FREED_TIME
    subject = factory.LazyFunction(uuid4)
    priority = Priority.NORMAL
    waiting_since = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda made: made.waiting_since + timedelta(days=1))

    @classmethod
    def _create(cls, model: type[Task], **columns: object) -> Task:
        return model.objects.get(pk=tasks.open(**columns).pk)


class OfferFactory(DjangoModelFactory[SlotOffer]):
    """An offer as matching leaves it, but without the hold on the slot."""

    class Meta:
        model = SlotOffer

    patient = factory.SelfAttribute("entry.patient")
    doctor = factory.SelfAttribute("slot.doctor")
    starts_at = factory.SelfAttribute("slot.starts_at")
    service = factory.LazyAttribute(lambda made: made.slot.doctor.services.first())
    expires_at = factory.SelfAttribute("starts_at")
    task = factory.LazyAttribute(
        lambda made: task(of=made.patient, subject=made.entry.pk, due_at=made.starts_at, expires_at=made.expires_at)
    )


class QuestionFactory(DjangoModelFactory[TimeQuestion]):
    """A person who was asked by message whether a freed time would suit them."""

    class Meta:
        model = TimeQuestion

    doctor = factory.SelfAttribute("slot.doctor")
    starts_at = factory.SelfAttribute("slot.starts_at")
    service = factory.LazyAttribute(lambda made: made.slot.doctor.services.first())
    number = factory.LazyAttribute(lambda made: made.entry.patient.phone)
    link_hash = factory.LazyAttribute(lambda made: links.hash_of(str(uuid4())))


def wishes(of: Specialty, **columns: object) -> WishData:
    return WishFactory(specialty=of, **columns)


def entry(of: Specialty, *, who: Patient | None = None, **columns: object) -> WaitlistEntry:
    """Makes a waiting patient with wishes for times of this specialty."""
    return EntryFactory(wishes=wishes(of, **columns), patient=who or patient())


def entry_of_before(of: Specialty, *, who: Patient | None = None, **columns: object) -> WaitlistEntry:
    """Makes a waiting patient with wishes that were possible when they were said, and perhaps are no more."""
    made = entry(of, who=who)
    WaitlistEntry.objects.filter(pk=made.pk).update(**wishes(of, **columns).columns())
    made.refresh_from_db()
    return made


def request(of: Specialty, *, proved: bool = False, **typed: object) -> WaitlistRequest:
    """Makes a request of the site for any time of this specialty."""
    who, site = person(**typed), Channel.SITE
    return booking.hand_over(person=who, wishes=wishes(of), channel=site, by=TEST, proved=proved)


def offer(of: WaitlistEntry, slot: Slot, **columns: object) -> SlotOffer:
    """Makes a time kept for a waiting patient."""
    return OfferFactory(entry=of, slot=slot, **columns)


def question(of: WaitlistEntry, slot: Slot, **columns: object) -> TimeQuestion:
    """Makes a question about a freed time to a waiting patient, whose link opens it."""
    made = QuestionFactory.build(entry=of, slot=slot, **columns)
    made.link_hash = links.hash_of(links.token_for(made.pk))
    made.save()
    return made


def answer(of: TimeQuestion, reply: str = "yes", **columns: object) -> TimeAnswer:
    return TimeAnswer.objects.create(**{"question": of, "reply": reply, "by": TEST.ref} | columns)


def unmet_wish(of: Specialty | None = None, *, who: Patient | None = None, **columns: object) -> UnmetWish:
    """Makes wishes of somebody whom nothing suited and who did not want to wait."""
    written = wishes(of or specialty()).columns() | {"reason": UnmetReason.NOTHING, "channel": Channel.PHONE}
    return UnmetWish.objects.create(patient=who, **{"created_by": TEST.ref, **written} | columns)


def task(*, phone: str | None = None, of: Patient | None = None, **columns: object) -> Task:
    of = of or patient()
    return TaskFactory(patient=of.pk, phone=as_text(of.phone) if phone is None else phone, **columns)
