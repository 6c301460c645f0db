"""Floors: what the same process and middleware need for almost nothing; pages are measured in multiples of these."""

from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from uuid_utils.compat import uuid7

from bench import five as statements
from scheduling.models import Slot


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def select(request: HttpRequest) -> HttpResponse:
    """Answers with one row by its key."""
    slot = Slot.objects.get(pk=request.GET["slot"])
    return HttpResponse(str(slot.starts_at), content_type="text/plain")


@csrf_exempt
def five(request: HttpRequest) -> HttpResponse:
    """Answers with a booking of nothing but its five statements in one transaction."""
    made = uuid7()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LOCK, [UUID(request.POST["slot"])])
        if (locked := cursor.fetchone()) is None:
            return HttpResponse(status=409)
        (slot,) = locked
        for statement in statements.WRITE:
            cursor.execute(statement, {"id": made, "slot": slot, "patient": UUID(request.POST["patient"])})
    return redirect("site:home")
