from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from scheduling import links
from scheduling.choices import CancelReason
from scheduling.models import Appointment, Doctor
from tests import factories as make
from tests.browser.pages.states import LONG
from tests.messages import code_of
from waitlist import links as waitlist_links
from waitlist import request_links
from waitlist.models import WaitlistRequest
from worklist import duty


def test_the_public_pages(clinic, as_role):
    visitor, slug = as_role(), clinic.specialty.slug
    other = make.doctor(clinic.service, make.service(clinic.specialty, name="Дерматоскопия"), **LONG)
    make.shift(other, days=2)
    visitor.to("site:home").to("site:consent").to("site:choose").to("site:choose", query="kind=follow_up", status=403)
    visitor.to("site:specialty", slug).to("site:doctor", other.slug).to("site:days", slug)
    visitor.to("site:day", slug, query=f"day={timezone.localdate() + timedelta(days=2)}").to("site:day", slug)
    visitor.to("site:days", slug, query="from=2030-01-01").to("/nothing/", status=404)
    empty = make.doctor(make.service(make.specialty("Трихология", "трихолог")))
    visitor.to("site:specialty", empty.specialties.get().slug)
    visitor.to("site:request", slug).press("main .button--primary", status=422)
    visitor.to("site:specialty", slug)
    visitor.press("main .timerow[name=slot]").press("main .button--primary", status=422)
    visitor.page.locator("[name=who][value=child]").check()
    visitor.check()
    visitor.page.locator("[name=who][value=self]").check()
    book_to_the_end(visitor)


def typed_details(visitor, *, status=200):
    visitor.person.fill(last_name="Орлова", first_name="Мария", birth_date="17.05.1990", phone="8 921 000-11-22")
    visitor.page.locator("[name=consent]").check()
    visitor.press("main .button--primary", status=status)


def book_to_the_end(visitor):
    typed_details(visitor)
    visitor.to("site:details").to("site:code")
    visitor.press("main form[action$='call-me/'] button", status=409).to("site:code")
    duty.note(make.actor(Role.OPERATOR))
    visitor.press("main form[action$='call-me/'] button").to("site:we_call").to("site:code")
    right = code_of()
    visitor.person.fill(code="000000" if right != "000000" else "111111")
    visitor.press("main .button--primary", status=422)
    visitor.person.fill(code=right)
    visitor.press("main .button--primary")
    slug = Appointment.objects.get().service.specialty.slug
    visitor.to("site:specialty", slug).press("main .timerow[name=slot]")
    typed_details(visitor, status=409)
    own_visit(visitor, Appointment.objects.get())


def own_visit(visitor, visit):
    token = links.token_for(visit.pk)
    visitor.to("site:visit", token).to("site:visit_cancel", token).to("site:visit_move", token)
    visitor.press("main a.timerow")
    visitor.send("site:visit_move", token, slot=uuid4(), status=409)
    visitor.to("site:visit", "not-a-link", status=404)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    visitor.to("site:visit", token)
    missed_race(visitor)


def test_the_page_of_a_freed_time(clinic, as_role):
    visitor, entry = as_role(), make.entry(clinic.specialty)
    doctor = make.doctor(clinic.service, **LONG)
    slots = make.slots_of(make.shift(doctor, days=5))
    made = [make.question(entry, slot, number=f"+7921000110{number}") for number, slot in enumerate(slots[:2])]
    tokens = [waitlist_links.token_for(each.pk) for each in made]
    visitor.to("site:freed_time", tokens[0]).press("main .button--primary").press("main button[value=no]")
    make.appointment(slots[1])
    visitor.to("site:freed_time", tokens[1])


def test_the_page_of_a_request(clinic, as_role):
    visitor, handed = as_role(), make.request(clinic.specialty)
    entered = make.request(clinic.specialty, phone="+79210001133", birth_date=date(1988, 5, 4))
    booking.enter_request(request=entered.pk, by=make.TEST)
    visitor.to("site:request_state", request_links.token_for(entered.pk, proved=True))
    token = request_links.token_for(handed.pk, proved=False)
    visitor.to("site:request_state", token).to("site:request_cancel", token).press("main .button--danger")
    visitor.to("site:request_state", "not-a-link", status=404)
    WaitlistRequest.objects.filter(pk=handed.pk).update(handled_at=timezone.now() - timedelta(days=31))
    visitor.to("site:request_state", token, status=410)


def missed_race(visitor):
    """Books the time for another person while its page is open."""
    service = Doctor.objects.earliest("pk").services.first()
    slot = make.slots_of(make.shift(make.doctor(service, last_name="Громов"), days=4))[0]
    make.appointment(slot)
    visitor.to("site:choose").to("site:specialty", service.specialty.slug)
    visitor.send("site:take", slot=slot.pk, service=service.pk, status=409)
    crowded_day(visitor)


def crowded_day(visitor):
    """Strangers hold so much of a doctor's day that the code is asked before the hold."""
    visitor.page.context.clear_cookies()
    doctor = make.doctor(last_name="Зорин")
    free = make.slots_of(make.shift(doctor, slots=4))
    for slot in free[2:]:
        by = site_visitor(session=str(slot.pk))
        booking.hold_on_site(slot=slot.pk, service=doctor.services.get(), by=by, proved=False)
    visitor.to("site:doctor", doctor.slug).press("main .timerow[name=slot]")
    visitor.to("site:prove").person.fill(phone="8 812 317-78-21")
    visitor.press("main .button--primary", status=422).person.fill(phone="8 921 000-11-44")
    visitor.press("main .button--primary").to("site:prove_code").person.fill(code="12")
    visitor.press("main .button--primary", status=422).person.fill(code=code_of("+79210001144"))
    visitor.press("main .button--primary").to("site:details")
