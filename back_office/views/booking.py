"""The booking panel of the desk, and what to do when no time suits (R10–R13)."""

from typing import Any, NoReturn
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office.actor import actor_of, channel_of
from back_office.answers import status_of
from back_office.forms.booking import NEW, OTHER_ADULT, OverbookForm
from back_office.forms.wishes import WishesForm
from back_office.ids import as_uuid
from back_office.panel import Panel, own_hold
from back_office.typed import asked_on, found_by, keep_asked
from back_office.wish_words import free_times
from foundation.accounts.access import requires
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.audit import trail
from foundation.errors import DomainError
from foundation.wording import spoken_time
from patients.choices import Channel
from patients.data import PersonData
from patients.errors import DocumentsMissing
from patients.models import Patient
from patients.queries import people
from scheduling.choices import HoldReason
from scheduling.errors import BookingError, SlotTaken
from scheduling.models import Appointment, Service, Slot
from scheduling.queries import facts
from scheduling.queries.availability import NEAREST, alternatives
from scheduling.queries.read_models import FreeSlot, ShownSlot


@require_POST
@requires(Permission.BOOK)
def hold(request: HttpRequest) -> HttpResponse:
    """Keeps the time while the form is filled in; htmx asks for it as the panel opens."""
    slot = _slot(as_uuid(request.POST.get("slot")))
    services = Service.objects.filter(doctors=slot.doctor_id, active=True)
    service = services.filter(pk=as_uuid(request.POST.get("service"))).first() or services.order_by("minutes").first()
    by, error = actor_of(request), None
    if service:
        try:
            booking.hold(slot=slot.pk, service=service, reason=HoldReason.DESK, by=by, token=own_hold(slot, by))
        except BookingError as problem:
            error = problem
    slot = _slot(slot.pk)
    if request.htmx:
        context = {"slot": slot, "held": own_hold(slot, by), "hold_error": error and str(error)}
        return render(request, "back_office/desk/_hold.html", context)
    if error:
        messages.error(request, str(error))
    return redirect(_panel_url(slot, request.POST))


@require_POST
@requires(Permission.BOOK)
def drop(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """The panel is left without booking: the time is free again at once."""
    slot = _slot(slot_id)
    by = actor_of(request)
    if token := own_hold(slot, by):
        booking.drop_hold(token=token, by=by)
    return redirect(f"{reverse('office:day')}?date={slot.shift.date:%Y-%m-%d}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BOOK)
def book(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    by, asked = actor_of(request), request.POST.get("patient") or request.GET.get("patient")
    slot, patient, services = facts.chosen(slot=slot_id, patient=as_uuid(asked)) or _nothing()
    if patient is None and asked:
        raise Http404
    if patient is None:
        return _choose_patient(request, slot, by)
    judged = request.method == "POST" and "refresh" not in request.POST
    panel = Panel(request, slot, patient, services, sent=request.POST or None, judged=judged)
    if not judged:
        return _page(request, slot, by, panel)
    if not panel.is_valid():
        return _page(request, slot, by, panel, status=422)
    return _booked(request, slot, panel, by)


def _booked(request: HttpRequest, slot: ShownSlot, panel: Panel, by: Actor) -> HttpResponse:
    try:
        made = _write(panel, slot, by)
    except SlotTaken as error:
        return _page(request, slot, by, panel, error=error, alternatives=_others(error, slot, panel))
    except DocumentsMissing as error:
        return _page(request, slot, by, panel, error=error, missing=error.missing)
    except DomainError as error:
        return _page(request, slot, by, panel, error=error)
    return redirect("office:appointment", made.pk)


def _others(error: SlotTaken, slot: ShownSlot, panel: Panel) -> list[FreeSlot]:
    """What the database alone refused was refused without a look around."""
    return error.alternatives or [each for each in alternatives(slot, panel.service) if each.pk != slot.pk]


def _write(panel: Panel, slot: ShownSlot, by: Actor) -> Appointment:
    key = f"desk:{panel.form.cleaned_data['key']}"
    if panel.channel == Channel.PHONE:
        return booking.by_phone(
            slot=slot.pk,
            service=panel.service,
            patient=panel.patient,
            by=by,
            representative=panel.representative,
            for_other=panel.applicant == OTHER_ADULT,
            follow_up_of=panel.earlier,
            hold=own_hold(slot, by),
            key=key,
        )
    return booking.at_desk(
        slot=slot.pk,
        service=panel.service,
        patient=panel.patient,
        by=by,
        seen=panel.seen(),
        representative=panel.representative,
        power=panel.shown_power,
        for_other=panel.applicant == OTHER_ADULT,
        follow_up_of=panel.earlier,
        hold=own_hold(slot, by),
        key=key,
    )


def _page(
    request: HttpRequest,
    slot: ShownSlot,
    by: Actor,
    panel: Panel,
    *,
    status: int = 200,
    error: DomainError | None = None,
    **context: Any,
) -> HttpResponse:
    trail.record_shown(by=by, patients=[panel.patient.pk], where="office:book")
    context |= {
        "slot": slot,
        "starts": spoken_time(slot.starts_at),
        "patient": panel.patient,
        "panel": panel,
        "error": error and str(error),
        "held": own_hold(slot, by),
        "NEW": NEW,
    }
    return render(request, "back_office/desk/book.html", context, status=status_of(error) if error else status)


def _choose_patient(request: HttpRequest, slot: ShownSlot, by: Actor) -> HttpResponse:
    if "q" in request.POST:
        keep_asked(request)
        return redirect(_panel_url(slot, request.GET))
    asked = asked_on(request.path, request)
    found, read_as = found_by(asked)
    trail.record_shown(by=by, patients=[person.pk for person in found], where="office:book")
    context = {
        "slot": slot,
        "starts": spoken_time(slot.starts_at),
        "asked": asked,
        "found": found,
        "read_as": read_as,
    }
    context |= {"service": as_uuid(request.GET.get("service")), "held": own_hold(slot, by)}
    return render(request, "back_office/desk/book_patient.html", context)


@require_safe
@requires(Permission.BOOK)
def find_time(request: HttpRequest) -> HttpResponse:
    """The three nearest times for the wishes, in words; if none suits, the wishes are handed over."""
    patient = _patient(request.GET.get("patient"))
    form = _wishes_form(request.GET)
    context: dict[str, Any] = {"patient": patient, "form": form}
    if patient:
        trail.record_shown(by=actor_of(request), patients=[patient.pk], where="office:find_time")
        if form.is_bound and form.is_valid():
            found = free_times(form.wishes(), patient=patient, limit=NEAREST)
            context |= {"asked": True, "found": found, "sent": list(_pairs(request))}
    return render(request, "back_office/desk/find_time.html", context)


@require_POST
@requires(Permission.BOOK)
def hand_over(request: HttpRequest) -> HttpResponse:
    """R12: the wishes typed for the search become a waitlist request in one step."""
    patient = get_object_or_404(Patient, pk=as_uuid(request.POST.get("patient")))
    form, by = _wishes_form(request.POST), actor_of(request)
    if not patient.phone:
        messages.error(request, _("The contact centre will have to call: write the patient's phone into the record."))
        return redirect("office:patient_edit", patient.pk)
    if not form.is_valid():
        trail.record_shown(by=by, patients=[patient.pk], where="office:find_time")
        return render(request, "back_office/desk/find_time.html", {"patient": patient, "form": form}, status=422)
    booking.hand_over(
        person=_person(patient), patient=patient, wishes=form.wishes(), channel=channel_of(request), by=by
    )
    messages.success(request, _("Handed over to the contact centre. They will call when a time is free."))
    return redirect("office:patient", patient.pk)


def _person(patient: Patient) -> PersonData:
    columns = {name: getattr(patient, name) for name in PersonData.__slots__}
    return PersonData(**columns | {"phone": patient.phone.as_e164})


def _wishes_form(data: Any) -> WishesForm:
    form = WishesForm(data if "specialty" in data else None)
    form.fields["note"].required = False
    return form


def _pairs(request: HttpRequest):
    for name, values in request.GET.lists():
        if name in WishesForm.base_fields:
            for value in values:
                yield name, value


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OVERBOOK)
def overbook(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Books over a busy time: with a reason, and written down."""
    slot = get_object_or_404(Slot.objects.select_related("doctor", "shift__room__location"), pk=slot_id)
    by = actor_of(request)
    patient = _patient(request.POST.get("patient") or request.GET.get("patient"))
    services = list(slot.doctor.services.filter(active=True))
    form = OverbookForm(
        request.POST or None,
        initial={"patient": patient and patient.pk},
        services=[(str(each.pk), each.name) for each in services],
    )
    status = 422 if request.method == "POST" else 200
    context = {"slot": slot, "starts": spoken_time(slot.starts_at), "patient": patient, "form": form}
    if patient:
        trail.record_shown(by=by, patients=[patient.pk], where="office:overbook")
    if patient and request.method == "POST" and form.is_valid():
        try:
            made = booking.overbook(
                patient=patient,
                service=next(each for each in services if str(each.pk) == form.cleaned_data["service"]),
                doctor=slot.doctor,
                room=slot.shift.room,
                starts_at=slot.starts_at,
                reason=form.cleaned_data["reason"],
                channel=channel_of(request),
                by=by,
            )
            return redirect("office:appointment", made.pk)
        except BookingError as error:
            context["error"], status = str(error), status_of(error)
    return render(request, "back_office/desk/overbook.html", context, status=status)


def _slot(slot_id: UUID | None) -> ShownSlot:
    return (facts.slot(slot_id) if slot_id else None) or _nothing()


def _patient(patient_id: object) -> Patient | None:
    if not patient_id:
        return None
    pk = as_uuid(patient_id)
    return (people.one(pk) if pk else None) or _nothing()


def _nothing() -> NoReturn:
    raise Http404


def _panel_url(slot: ShownSlot, sent: Any) -> str:
    wanted = [(name, as_uuid(sent.get(name))) for name in ("patient", "service")]
    query = "&".join(f"{name}={value}" for name, value in wanted if value)
    return reverse("office:book", args=[slot.pk]) + (f"?{query}" if query else "")
