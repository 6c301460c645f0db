"""At the desk the time is kept, the patient found and the visit booked (R10–R13)."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from back_office import scope, undoing
from back_office.answers import status_of
from back_office.forms.ids import as_uuid, uuid_or_404
from back_office.forms.panel import Panel
from back_office.forms.search import asked_on, keep_asked
from back_office.presenters.booking import BookPage, ChoosePatientPage, FreePage, HoldPart, own_hold
from back_office.presenters.found import found_rows
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_of_unusual_numbers
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.wording import spoken_time
from patients.choices import Channel
from scheduling.choices import HoldReason
from scheduling.models import Appointment, Service
from scheduling.queries import facts
from scheduling.queries.facts import ChosenSlot
from scheduling.queries.find_people import find
from scheduling.queries.read_models import ShownSlot


@require_POST
@staff_view(Permission.BOOK, scope=scope.posted_slot)
def hold(request: StaffRequest, slot: ShownSlot) -> Answer:
    """Keeps the time while the form is filled in; htmx asks for it as the panel opens."""
    refusal = ""
    if service := _to_hold_for(slot, request.POST.get("service")):
        token = own_hold(slot, request.by)
        try:
            booking.hold(slot=slot.pk, service=service, reason=HoldReason.DESK, by=request.by, token=token)
        except DomainError as error:
            refusal = str(error)
    slot = facts.slot(slot.pk) or slot
    if request.htmx:
        return Page("back_office/desk/_hold.html", HoldPart(slot, own_hold(slot, request.by), refusal), shows=())
    if refusal:
        messages.error(request, refusal)
    return redirect(_panel_url(slot, request.POST))


def _to_hold_for(slot: ShownSlot, asked: str | None) -> Service | None:
    """Returns the service asked for, else the shortest that the doctor gives."""
    services = Service.objects.filter(doctors=slot.doctor_id, active=True)
    chosen = as_uuid(asked)
    return (services.filter(pk=chosen).first() if chosen else None) or services.order_by("minutes").first()


@require_POST
@staff_view(Permission.BOOK, scope=scope.slot)
def drop(request: StaffRequest, slot: ShownSlot) -> Answer:
    """Frees the time at once when the panel is left without booking."""
    if token := own_hold(slot, request.by):
        booking.drop_hold(token=token, by=request.by)
    return redirect(f"{reverse('office:day')}?date={slot.shift.date:%Y-%m-%d}")


def _not_freed(request: StaffRequest, slot: ShownSlot, *, error: DomainError) -> Answer:
    return Page("back_office/desk/hold_free.html", FreePage.of(slot, error), shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.BOOK, scope=scope.slot, refused=_not_freed)
def free(request: StaffRequest, slot: ShownSlot) -> Answer:
    """Frees a time that a visitor of the site keeps without having proved a phone."""
    if request.method != "POST":
        return Page("back_office/desk/hold_free.html", FreePage.of(slot), shows=())
    booking.free_hold(token=uuid_or_404(request.POST.get("token")), by=request.by)
    messages.success(request, _("The time is free."))
    return redirect("office:book", slot.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.BOOK, scope=scope.chosen)
def book(request: StaffRequest, chosen: ChosenSlot) -> Answer:
    if chosen.patient is None:
        return _choose_patient(request, chosen.slot)
    judged = request.method == "POST" and "refresh" not in request.POST
    panel = Panel(request, chosen.slot, chosen.patient, chosen.services, sent=request.POST or None, judged=judged)
    if not judged or not panel.is_valid():
        return _page(request, panel, status=422 if judged else 200)
    try:
        made = _by_phone(panel, request.by) if panel.channel == Channel.PHONE else _at_desk(panel, request.by)
    except DomainError as error:
        return _page(request, panel, status=status_of(error), error=error)
    tell_of_unusual_numbers(request, panel.papers)
    undoing.offer_booked(request, made)
    return redirect("office:appointment", made.pk)


def _by_phone(panel: Panel, by: Actor) -> Appointment:
    """Books without papers: by phone nothing is shown (R16)."""
    return booking.by_phone(
        slot=panel.slot.pk,
        service=panel.service,
        patient=panel.patient,
        representative=panel.representative,
        for_other=panel.for_other,
        follow_up_of=panel.earlier,
        hold=own_hold(panel.slot, by),
        key=panel.key,
        unless_booked=panel.unless_booked,
        remind=panel.remind,
        by=by,
    )


def _at_desk(panel: Panel, by: Actor) -> Appointment:
    return booking.at_desk(
        slot=panel.slot.pk,
        service=panel.service,
        patient=panel.patient,
        seen=panel.seen(),
        representative=panel.representative,
        power=panel.shown_power,
        for_other=panel.for_other,
        follow_up_of=panel.earlier,
        hold=own_hold(panel.slot, by),
        key=panel.key,
        unless_booked=panel.unless_booked,
        remind=panel.remind,
        by=by,
    )


def _page(request: StaffRequest, panel: Panel, *, status: int, error: DomainError | None = None) -> Page:
    content = BookPage.of(panel, request.by, error)
    return Page("back_office/desk/book.html", content, shows=[panel.patient.pk], status=status)


def _choose_patient(request: StaffRequest, slot: ShownSlot) -> Answer:
    if "q" in request.POST:
        keep_asked(request)
        return redirect(_panel_url(slot, request.GET))
    asked = asked_on(request.path, request)
    meant = find(asked)
    content = ChoosePatientPage(
        slot=slot,
        starts=spoken_time(slot.local_start),
        held=own_hold(slot, request.by),
        asked=asked,
        read_as=meant.read_as,
        guessed=meant.guessed,
        found=found_rows(meant.people),
        service=as_uuid(request.GET.get("service")),
    )
    return Page("back_office/desk/book_patient.html", content, shows=[person.pk for person in content.found])


def _panel_url(slot: ShownSlot, sent: QueryDict) -> str:
    wanted = [(name, as_uuid(sent.get(name))) for name in ("patient", "service")]
    query = "&".join(f"{name}={value}" for name, value in wanted if value)
    return reverse("office:book", args=[slot.pk]) + (f"?{query}" if query else "")
