"""Health checks: `/healthz` says that the process answers, `/readyz` that it and the background can work (T15)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.accounts.access import public
from foundation.background import broker
from foundation.database import asking, brief, replica_lag
from foundation.database.locks import try_advisory_lock
from scheduling.models import SlotRelease
from waitlist.matching import SWEEP
from waitlist.models import Sweep

WRITE = "health.write"


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answers 503 without a database that takes writes, or when matching has stood still; within three seconds.

    A broker that is away alone does not stop booking.
    """
    state: dict[str, object] = {"database": asking.answers(), "broker": broker.is_available()}
    if state["database"]:
        state["writable"] = _writable()
    ready = bool(state["database"])
    if ready:
        sweep, release = _sweep_age(), _oldest_release_age()
        state |= {"sweep_age_seconds": sweep, "oldest_release_age_seconds": release}
        state["matching"] = sweep is not None and max(sweep, release or 0) <= settings.READY_MAX_SWEEP_SECONDS
        ready = bool(state["matching"] and state["writable"])
    if settings.REPLICA_URL:
        state["replica_lag_seconds"] = replica_lag.lag()  # null: free times come from the primary, nothing is broken
    return JsonResponse(state | {"ready": ready}, status=200 if ready else 503)


def _writable() -> bool:
    """Tells whether the database takes writes, by one: on a full disk everything else looks well.

    Whoever asks while another check is writing does not write as well: that one will tell.
    """
    try:
        with brief.atomic():
            if try_advisory_lock(WRITE):
                _write()
    except Error:
        return False
    return True


def _write() -> None:
    written = Sweep(name=WRITE, finished_at=timezone.now())
    Sweep.objects.bulk_create([written], update_conflicts=True, unique_fields=["name"], update_fields=["finished_at"])


def _sweep_age() -> float | None:
    finished_at = Sweep.objects.filter(name=SWEEP).values_list("finished_at", flat=True).first()
    return _seconds(finished_at)


def _oldest_release_age() -> float | None:
    return _seconds(SlotRelease.objects.filter(handled_at=None).order_by("id").values_list("at", flat=True).first())


def _seconds(since: datetime | None) -> float | None:
    return None if since is None else round((timezone.now() - since) / timedelta(seconds=1), 1)
