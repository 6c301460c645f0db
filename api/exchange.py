"""The door of a telephone exchange: it tells of calls, signed; off until a secret is set (docs/telephony.md)."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

import booking
from api import signature
from api.forms import ToldForm
from api.signature import NotSigned
from foundation.accounts.access import public
from foundation.accounts.actors import system
from foundation.database import clock

EXCHANGE = system("exchange")
LONGEST = 4096
"""Bytes of what is told at once."""
log = logging.getLogger("api.exchange")


@csrf_exempt
@public
@require_POST
def calls(request: HttpRequest) -> HttpResponse:
    """Answers 403 to what is not signed, 422 to what cannot be read, and 404 while there is no secret."""
    if not settings.EXCHANGE_SECRET:
        raise Http404
    second = request.headers.get("X-Clinic-Timestamp", "")
    try:
        _check_signed(request, second)
    except NotSigned:
        log.warning("telephone exchange: not signed, from %s", request.META.get("REMOTE_ADDR", ""))
        return JsonResponse({"error": "not_signed"}, status=HTTPStatus.FORBIDDEN)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    call = booking.report_call(told=form.told(second), by=EXCHANGE)
    return JsonResponse({"call": str(call)})


def _check_signed(request: HttpRequest, second: str) -> None:
    if len(request.body) > LONGEST:
        raise NotSigned
    signature.check(
        secret=settings.EXCHANGE_SECRET,
        second=second,
        signature=request.headers.get("X-Clinic-Signature", ""),
        body=request.body,
        now=clock.now().timestamp(),
        window=settings.EXCHANGE_WINDOW_SECONDS,
    )
