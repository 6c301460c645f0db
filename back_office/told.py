"""These messages tell who corrects something which visits no longer hold and where they wait to be re-booked."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from back_office.forms.booking import PaperForm
from back_office.presenters.broken import ShownBroken
from booking.holding import BrokenVisit

LISTED = 5


def tell_which(request: HttpRequest, broken: Sequence[BrokenVisit]) -> None:
    """Names the first of these visits with day, time, doctor and reason, and leads to «Перезапись»."""
    if not broken:
        return
    shown = [ShownBroken.of(each) for each in broken[:LISTED]]
    lines = format_html_join(
        "; ", '<a href="{}">{}, {}</a>: {}', ((_visit(each), each.time, each.doctor, each.why) for each in shown)
    )
    messages.warning(request, format_html("{} {}{}. {}", _how_many(broken), lines, _more(broken), _where()))


def tell_of_unusual_numbers(request: HttpRequest, papers: Sequence[PaperForm]) -> None:
    """Says of which papers the number could not be read, without the number: the press has gone through."""
    for paper in papers:
        if paper.unread:
            messages.warning(request, f"{paper.document.label}: {paper.unread}")


def tell_how_many(request: HttpRequest, broken: Sequence[BrokenVisit]) -> None:
    """Says how many visits these are and where to find them."""
    if broken:
        messages.warning(request, format_html("{} {}", _how_many(broken), _where()))


def _how_many(broken: Sequence[BrokenVisit]) -> str:
    words = ngettext(
        "The rules no longer allow %(number)s visit ahead.",
        "The rules no longer allow %(number)s visits ahead.",
        len(broken),
    )
    return words % {"number": len(broken)}


def _more(broken: Sequence[BrokenVisit]) -> str:
    return "…" if len(broken) > LISTED else ""


def _where() -> str:
    return format_html('<a href="{}">{}</a>', reverse("office:calls"), _("To the list of visits to re-book"))


def _visit(shown: ShownBroken) -> str:
    return reverse("office:appointment", args=[shown.pk])
