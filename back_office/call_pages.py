"""Each kind of call has a page of its own: the script that is read out, and how the call ended."""

from collections.abc import Callable, Mapping

from django.urls import reverse

from waitlist.models import SlotOffer
from worklist.choices import TaskKind
from worklist.models import Task


def page_of(task: Task) -> str:
    """Returns the address of the page on which this call is made."""
    return PAGES[task.kind](task)


def _of_offer(task: Task) -> str:
    return reverse("office:call", args=[SlotOffer.objects.values_list("pk", flat=True).get(task=task)])


def _of_task(task: Task) -> str:
    return reverse("office:rebooking_task", args=[task.pk])


PAGES: Mapping[str, Callable[[Task], str]] = {
    TaskKind.FREED_TIME: _of_offer,
    TaskKind.REBOOK: _of_task,
    TaskKind.UNTOLD: _of_task,
    TaskKind.NO_CODE: lambda task: reverse("office:visitor", args=[task.subject]),
    TaskKind.MISSED_CALL: lambda task: reverse("office:missed_call", args=[task.pk]),
    TaskKind.FIND_NUMBER: lambda task: reverse("office:entry", args=[task.subject]),
    TaskKind.EXPIRING: lambda task: reverse("office:entry", args=[task.subject]),
}
