"""The operator asks who calls, for whom and what suits, and reads out three times (R2, R12, R15)."""

from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import call_notes, incoming, scope, undoing
from back_office.answers import status_of
from back_office.forms.booking import OTHER_ADULT
from back_office.forms.calls import CallerForm, ShortPersonForm, UnmetForm
from back_office.forms.ids import as_uuid
from back_office.forms.number import NumberForm, number_form
from back_office.forms.patients import RepresentativeForm
from back_office.forms.refused import refused
from back_office.forms.times import ChosenTime, pressed
from back_office.forms.wishes import WishesForm, asked_by, initial_of
from back_office.incoming import Incoming
from back_office.presenters.caller import CallerPage, NewCallerPage, Who, WishesPage
from back_office.presenters.card_visits import TOLD, UNMET, CardVisits, left_without
from back_office.presenters.doubles import DoublesPart
from back_office.scope import Acting
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from patients.choices import Channel
from patients.errors import SamePersonExists
from patients.queries.reached import Reached
from waitlist.errors import AlreadyWaiting
from waitlist.models import WaitlistEntry
from waitlist.queries import said
from waitlist.wish_line import Said

BESIDE_WISHES = ("notice", "note", "urgent_reason")
"""What is asked for the waitlist alone."""
SPECIALTY_TOO = ("service", "doctors", "not_doctors")
"""What belongs to a specialty: another one has others."""


def wishes_page(
    request: StaffRequest,
    here: Acting,
    *,
    error: DomainError | None = None,
    represent_form: RepresentativeForm | None = None,
    number: NumberForm | None = None,
    status: int = 200,
) -> Page:
    """Shows the wishes and the next times; the same page answers a form that was not accepted."""
    content = WishesPage.of(
        here.patient,
        who=_who(request, here),
        form=WishesForm(_with_note(request, here)) if "specialty" in request.GET else WishesForm(),
        request=request,
        call=Incoming.of(request),
        represent_form=represent_form,
        number=number,
        error=error,
    )
    return Page("back_office/calls/wishes.html", content, shows=[here.patient.pk], status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.WORK_WAITLIST)
def caller(request: StaffRequest) -> Answer:
    if request.method == "POST":
        form = CallerForm(request.POST)
        if not form.is_valid():
            return Page("back_office/calls/caller.html", CallerPage(form), shows=(), status=422)
        incoming.take(request, form.cleaned_data["caller"])
        return redirect("office:caller")
    if "clear" in request.GET:
        incoming.end(request)
    content = CallerPage.of(Incoming.of(request))
    return Page("back_office/calls/caller.html", content, shows=[person.pk for person in content.people])


def _new_again(request: StaffRequest, *, error: DomainError) -> Page:
    form = refused(ShortPersonForm(request.POST), error)
    return Page("back_office/calls/new_patient.html", NewCallerPage(form), shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.WORK_WAITLIST, refused=_new_again, once=A_DAY)
def new_patient(request: StaffRequest) -> Answer:
    """«Другой» makes a short record after the search has found nobody."""
    template = "back_office/calls/new_patient.html"
    if request.method != "POST":
        return Page(template, NewCallerPage(ShortPersonForm(initial=Incoming.of(request).as_person())), shows=())
    form = ShortPersonForm(request.POST, ask_namesake="namesake" in request.POST)
    if not form.is_valid():
        return Page(template, NewCallerPage(form), shows=(), status=422)
    try:
        patient = booking.add_patient(person=form.person(), by=request.by, allow_namesake=form.is_namesake)
    except SamePersonExists as error:
        known = DoublesPart.of(error.patients, _wishes_of).doubles
        again = NewCallerPage(ShortPersonForm(request.POST, ask_namesake=True), known, str(error))
        return Page(template, again, shows=[double.pk for double in known], status=status_of(error))
    return redirect("office:caller_wishes", patient.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST)
def doubles(request: StaffRequest) -> Answer:
    """Shows who is meant perhaps, while the operator types a new record."""
    part = DoublesPart.of(ShortPersonForm(request.POST).may_be(), _wishes_of)
    return Page("back_office/desk/_doubles.html", part, shows=[double.pk for double in part.doubles])


@require_safe
@staff_view(Permission.WORK_WAITLIST, scope=scope.with_acting)
def wishes(request: StaffRequest, here: Acting) -> Answer:
    """Shows the form as the address has it; a line of wishes is first turned into such an address."""
    if line := request.GET.get("line", "").strip():
        return redirect(_address_of(request, here, said.understood(line)))
    return wishes_page(request, here)


def _represent_again(request: StaffRequest, here: Acting, *, error: DomainError) -> Page:
    return wishes_page(request, here, error=error, represent_form=RepresentativeForm(request.POST))


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.with_acting, refused=_represent_again, once=A_DAY)
def represent(request: StaffRequest, here: Acting) -> Answer:
    """Records who acts for the child by word of mouth: by phone nothing is shown (R16)."""
    form = RepresentativeForm(request.POST)
    if not form.is_valid():
        return wishes_page(request, here, represent_form=form, status=422)
    recorded = booking.represent(patient=here.patient, who=form.representative(), by=request.by)
    query = request.GET.copy()
    query["who"] = str(recorded.representation.pk)
    return redirect(f"{reverse('office:caller_wishes', args=[here.patient.pk])}?{query.urlencode()}")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.with_acting, refused=wishes_page)
def book(request: StaffRequest, here: Acting) -> Answer:
    """Books the agreed time; what was asked stays in the address, so nothing typed is lost."""
    who, time = _who(request, here), ChosenTime.of(request.POST)
    if who.chosen == OTHER_ADULT:
        return redirect(_panel_for_another(here, time))
    appointment = booking.by_phone(
        slot=time.slot,
        service=time.service,
        patient=here.patient,
        representative=who.representation,
        follow_up_of=CardVisits.of(here.patient, request.GET).followed_up,
        note=call_notes.typed(request),
        by=request.by,
        **pressed(request.POST),
    )
    undoing.offer_booked(request, appointment)
    return redirect(reverse("office:caller_wishes", args=[here.patient.pk], query={TOLD: appointment.pk}))


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.with_acting, refused=wishes_page, once=A_DAY)
def join(request: StaffRequest, here: Acting) -> Answer:
    """Makes an entry of the wishes that were searched by, in one step (R12, R20)."""
    form, reached = WishesForm(_with_note(request, here)), _who(request, here).reached
    number = number_form(reached.number, request.POST)
    if not form.is_valid() or (number and not number.is_valid()):
        return wishes_page(request, here, number=number, status=422)
    try:
        entry = _entered(request, here, form, reached, number)
    except AlreadyWaiting as error:
        messages.warning(request, str(error))
        return redirect("office:entry", error.entry.pk)
    messages.success(request, _("On the waitlist. We will call as soon as a suitable time becomes free."))
    return redirect("office:entry", entry.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.with_acting, refused=wishes_page, once=A_DAY)
def unmet(request: StaffRequest, here: Acting) -> Answer:
    """Writes down that nothing suits somebody who does not want to wait; the card stays as it was (R12)."""
    form, why = WishesForm(_with_note(request, here)), UnmetForm(request.POST)
    if not (form.is_valid() and why.is_valid()):
        return wishes_page(request, here, status=422)
    wish = booking.record_unmet(
        patient=here.patient,
        wishes=form.wishes(),
        reason=why.cleaned_data["reason"],
        channel=Channel.PHONE,
        by=request.by,
    )
    query = request.GET.copy()
    query[UNMET] = str(wish.pk)
    return redirect(reverse("office:caller_wishes", args=[here.patient.pk], query=query))


def _entered(
    request: StaffRequest, here: Acting, form: WishesForm, reached: Reached, number: NumberForm | None
) -> WaitlistEntry:
    return booking.join_waitlist(
        patient=here.patient,
        wishes=form.wishes(),
        representation=reached.representation,
        none_suits="none_suits" in request.POST,
        declined=[slot for sent in request.POST.getlist("declined") if (slot := as_uuid(sent))],
        phone=number.cleaned_data["phone"] if number else "",
        by=request.by,
    )


def _address_of(request: StaffRequest, here: Acting, told: Said) -> str:
    """Returns the address of the form that a line fills in: what it does not tell stays as it was."""
    if told.rest:
        messages.warning(request, _("Not understood: %(words)s.") % {"words": ", ".join(told.rest)})
    if len(told.specialties) > 1:
        messages.info(request, _("Several specialties fit: choose one."))
    query = request.GET.copy()
    asked = asked_by(told)
    for name in ("line", "skip", *(SPECIALTY_TOO if "specialty" in asked else ())):
        query.pop(name, None)
    query.setdefault("specialty", "")
    for name, values in asked.items():
        query.setlist(name, values)
    return f"{reverse('office:caller_wishes', args=[here.patient.pk])}?{query.urlencode()}"


def _panel_for_another(here: Acting, time: ChosenTime) -> str:
    """Returns the booking panel, which asks an adult who applies for another one who they are (R8)."""
    query = {"patient": here.patient.pk, "service": time.service.pk, "applicant": OTHER_ADULT}
    return reverse("office:book", args=[time.slot], query=query)


def _wishes_of(patient_id: UUID) -> str:
    return reverse("office:caller_wishes", args=[patient_id])


def _who(request: StaffRequest, here: Acting) -> Who:
    return Who.of(here.patient, here.people, asked=request.GET.get("who", ""), phone=Incoming.of(request).phone)


def _with_note(request: StaffRequest, here: Acting) -> QueryDict:
    """Adds what is asked for the waitlist alone to the wishes in the address: the notice, and what may name people.

    What was typed before they said that they do not want to wait is there again: they may change their mind.
    """
    data, left = request.GET.copy(), left_without(here.patient, request.GET)
    usual = {"notice": request.GET.get("notice", WishesForm.base_fields["notice"].initial)}
    known = initial_of(left) if left else usual
    for name in BESIDE_WISHES:
        data[name] = str(request.POST.get(name, known.get(name, "")))
    return data
