"""Stranded visits, and what the pages about them say."""

from django.contrib.messages import get_messages
from django.urls import reverse

import booking
from scheduling.choices import AbsenceKind
from scheduling.models import Appointment
from tests import factories as make
from worklist.choices import TaskState
from worklist.models import Task

LIST, PART, NEXT = "/office/calls/", "/office/calls/queue/", "/office/calls/next/"


def strand(doctor, *, visits=1, days=2, people=()):
    """Books so many visits of one day and closes the day; returns their tasks in the order of time."""
    slots = make.slots_of(make.shift(doctor, days=days, slots=visits))
    for number, slot in enumerate(slots):
        make.appointment(slot, of=people[number] if people else make.patient())
    make.away(doctor, days, days, kind=AbsenceKind.SICK)
    return list(Task.objects.filter(state=TaskState.OPEN).order_by("due_at"))


OF_ANY_CALL = {"claim", "alive", "back"}


def url(name, task):
    return reverse(f"office:{'task' if name in OF_ANY_CALL else 'rebooking'}_{name}", args=[task.pk])


def visit_of(task):
    return Appointment.objects.get(pk=task.subject)


def rows(page):
    return page.context["lines"]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def moved_elsewhere(task):
    doctor = visit_of(task).doctor
    booking.move(appointment=task.subject, to_slot=doctor.slots.order_by("-starts_at")[0].pk, by=make.TEST)
