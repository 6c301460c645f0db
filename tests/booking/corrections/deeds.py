"""Corrections that tests make, and what comes of them."""

from datetime import timedelta

from django.utils import timezone

import booking
from foundation.changes import Changes
from patients.choices import EndReason
from tests import factories as make
from worklist.choices import TaskKind
from worklist.models import Task


def born_again(patient, years):
    """The birth date of this patient is put right: they come to be so many years old in five days."""
    born = make.born(years, on=make.moment(5).date())
    return booking.correct_patient(patient=patient, changes=Changes({"birth_date": born}), by=make.TEST)


def told(broken):
    """What the verb told: whose visit, and the errors that refuse it."""
    return [(each.visit, [type(why) for why in each.refusals]) for each in broken]


def open_tasks():
    tasks = Task.objects.filter(kind=TaskKind.REBOOK, state="open").order_by("due_at")
    return [task.subject for task in tasks]


def change(row, **columns):
    type(row).objects.filter(pk=row.pk).update(**columns)


def end(who, *, days_ago=0, reason=EndReason.RIGHTS_ENDED):
    day = timezone.localdate() - timedelta(days=days_ago)
    return booking.end_representation(representation=who, last_day=day, reason=reason, by=make.TEST)
