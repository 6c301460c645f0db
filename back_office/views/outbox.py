import re

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from notifications.choices import MessageKind, MessageState
from notifications.models import Message

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_OUTBOX)
def messages(request: HttpRequest) -> HttpResponse:
    """What was sent. A phone is looked up by POST, so that no address holds it."""
    digits = _digits(request.POST.get("phone", ""))
    rows = _ordered(Message.objects.filter(address__contains=digits) if digits else Message.objects.all())
    page = Paginator(rows, PER_PAGE).get_page(1 if digits else request.GET.get("page"))
    for message in page.object_list:
        message.shown = message.text if settings.DEMO else masked(message)
    context = {"page_obj": page, "digits": digits, "per_page": PER_PAGE}
    return render(request, "back_office/outbox/list.html", context)


def masked(message: Message) -> str:
    """Outside the demo nobody reads codes or cancel links from here."""
    if message.kind == MessageKind.CODE:
        return re.sub(r"\d", "•", message.text)
    return re.sub(r"https?://\S+", "•••", message.text)


def _ordered(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Not delivered first: somebody has to call. Then the newest."""
    return rows.order_by(Case(When(state=MessageState.FAILED, then=Value(0)), default=Value(1)), "-created_at")


def _digits(text: str) -> str:
    """Digits of a phone as it is stored: «8 921 …» is +7921…"""
    digits = "".join(char for char in text[:40] if char.isascii() and char.isdigit())
    return digits[1:] if len(digits) == 11 and digits[0] in "78" else digits
