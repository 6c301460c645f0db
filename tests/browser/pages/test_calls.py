from datetime import date
from uuid import uuid4

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from patients.choices import Relation
from scheduling import links
from scheduling.choices import AbsenceKind
from scheduling.models import Appointment
from tests import factories as make
from tests.browser.pages.states import LONG, handed_over, waiting_for_a_freed_time
from waitlist import matching
from waitlist.models import WaitlistEntry, WaitlistRequest
from worklist import duty
from worklist.models import Claim

GROW_OLD = """() => document.querySelectorAll("[name=csrfmiddlewaretoken]")
    .forEach((key) => key.value = "a".repeat(64))"""


def test_a_step_of_a_page_that_has_grown_old(clinic, as_role):
    """Somebody has signed in in another tab; a step has nothing to show but its own button."""
    phone = as_role(Role.OPERATOR)
    waiting_for_a_freed_time(clinic, people=1)
    phone.to("office:calls").page.evaluate(GROW_OLD)
    phone.send("office:call_next").press("main form[action$='/next/'] .button--primary")
    assert Claim.objects.count() == 1


def test_the_incoming_call(clinic, as_role):
    phone = as_role(Role.OPERATOR)
    phone.to("office:caller")
    for text in ("", "8 921 000-11-22", "8 921 777-00-00", "Орлова"):
        phone.send("office:caller", caller=text, status=200 if text else 422)
    phone.to("office:caller_new").send("office:caller_new", birth_date="вчера")
    for patient in (clinic.adult, clinic.child, clinic.ward, clinic.teenager, make.child(years=3, last_name="Яр")):
        phone.to("office:caller_wishes", patient.pk)
    phone.send("office:caller_represent", clinic.child.pk, last_name="")
    here = clinic.adult.pk
    nothing = f"specialty={make.specialty('Трихология', 'трихолог').pk}"
    phone.to("office:caller_wishes", here, query=f"specialty={clinic.specialty.pk}")
    phone.to("office:caller_wishes", here, query=f"specialty={clinic.specialty.pk}&skip=3")
    phone.to("office:caller_wishes", here, query=nothing)
    phone.to("office:caller_wishes", here, query="specialty=&date_from=99&time_from=18&time_until=9")
    phone.to("office:caller", query="clear=1")  # the number that calls would be filled in
    without_a_number = make.patient(**LONG, birth_date=date(1971, 1, 2), phone="")
    phone.to("office:caller_wishes", without_a_number.pk, query=nothing)
    phone.press("main form .button--primary[data-key='0']", status=422)
    phone.send("office:caller_join", here, query=f"specialty={clinic.specialty.pk}", status=409)
    phone.send("office:caller_join", here, query=nothing, status=200)
    make.appointment(clinic.free[0])
    taken = {"slot": clinic.free[0].pk, "service": clinic.service.pk, "key": uuid4()}
    phone.send("office:caller_book", here, query=f"specialty={clinic.specialty.pk}", status=409, **taken)


def test_the_queue_of_visitors_without_a_code(clinic, as_role):
    phone = as_role(Role.OPERATOR)
    for place, slot in enumerate(make.slots_of(make.shift(make.doctor(**LONG), slots=2))):
        no_code_came(slot, phone=f"+792100044{place}0")
    first, second = (row.pk for row in WaitlistRequest.objects.order_by("created_at"))
    phone.to("office:visitor", first, status=409)
    phone.to("office:calls").press("button[id^=go-]").press("[data-key='4']")
    phone.send("office:call_next", status=200).to("office:visitor", second).press("[data-key=F2]")


def no_code_came(slot, **person):
    duty.note(make.actor(Role.OPERATOR))
    by, service = site_visitor(session=str(slot.pk)), slot.doctor.services.get()
    hold = booking.hold_on_site(slot=slot.pk, service=service, by=by, proved=False)
    person = make.person(**LONG, **person)
    booking.hand_over_time(slot=slot.pk, service=service, hold=hold, person=person, consent_text="да", by=by)


def test_the_queue_and_the_waitlist(clinic, as_role):
    phone = as_role(Role.OPERATOR)
    phone.to("office:calls").to("office:waitlist").to("office:outbox").to("office:emergencies")
    waiting = handed_over(clinic)
    phone.to("office:requests").to("office:requests", query="phone=proved").to("office:request", waiting.pk)
    first, second = waiting_for_a_freed_time(clinic, people=2)
    phone.to("office:calls")
    phone.send("office:call_next", status=200)
    call = phone.page.url.rstrip("/").rsplit("/", 1)[1]
    phone.send("office:call_finish", call)
    phone.send("office:call_finish", call, outcome="call_back", call_back_time="99")
    phone.send("office:call_finish", call, outcome="declined_all", status=200)
    other = second if str(first.pk) == call else first
    phone.to("office:call", other.pk, status=409).to("office:calls")
    phone.to("office:waitlist").to("office:waitlist", query="state=removed")
    entry = WaitlistEntry.objects.earliest("created_at")
    phone.to("office:entry", entry.pk).to("office:entry_why", entry.pk).to("office:entry_change", entry.pk)
    phone.send("office:entry_change", entry.pk, specialty=clinic.specialty.pk, time_from="18", time_until="9")
    phone.send("office:entry_remove", entry.pk)
    phone.send("office:call_finish", call, outcome="no_answer", note="перезвонить после обеда", status=200)
    phone.send("office:entry_remove", entry.pk, reason="передумала", status=200)


def test_a_minor_for_whom_two_may_act(clinic, as_role):
    """What each of them brings is read out before the booking and after it."""
    phone = as_role(Role.OPERATOR)
    make.parent_of(clinic.teenager, **LONG)
    make.parent_of(clinic.teenager, Relation.ATTORNEY, last_name="Цой")
    phone.to("office:caller_wishes", clinic.teenager.pk, query=f"specialty={clinic.specialty.pk}")
    phone.to("office:book", clinic.free[1].pk, query=f"patient={clinic.teenager.pk}")
    phone.to("office:entry", make.entry(clinic.specialty, who=clinic.teenager).pk)
    matching.offer_slot(slot=clinic.free[0].pk)
    phone.to("office:calls").press("main .page-head .button--primary").press("[data-key=F2]")
    visit = Appointment.objects.get()
    phone.to("office:ticket", visit.pk).to("site:visit", links.token_for(visit.pk))


def test_an_open_call_says_within_seconds_that_it_is_over(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    make.appointment(clinic.free[0], of=clinic.adult)
    make.away(clinic.doctor, 1, 1, kind=AbsenceKind.SICK)
    desk.send("office:call_next", status=200)
    booking.remove_absence(absence=clinic.doctor.absences.get(), by=make.TEST)
    desk.page.locator("#alive[role=alert]").wait_for(timeout=10_000)
    desk.check()


def test_an_open_call_says_within_seconds_that_its_time_is_closed(clinic, as_role):
    """This is D04: an absence is written while the operator reads the time out."""
    phone = as_role(Role.OPERATOR)
    waiting_for_a_freed_time(clinic, people=1)
    phone.send("office:call_next", status=200)
    make.away(clinic.doctor, 3, 3)
    phone.page.locator("#alive[role=alert]").wait_for(timeout=10_000)
    phone.check()
