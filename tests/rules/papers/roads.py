"""Roads to a visit over HTTP, each with its pages before and after the booking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from patients.ages import MAJORITY, OWN_PASSPORT
from patients.choices import Relation
from patients.data import PowerData
from patients.models import Patient, Representation
from scheduling.models import Doctor
from tests import factories as make
from tests.booking_site.conftest import ADULT, CHILD, PHONE
from tests.messages import code_of
from tests.rules.papers.people import DAYS, Comes
from waitlist import matching

NANNY = {"last_name": "Ким", "first_name": "Вера", "phone": "8 921 777 00 02"}


@dataclass(slots=True)
class Walk:
    """A road that has been walked: the pages before and after the booking."""

    before: str | None
    """None where the page before asks for papers, or does not know yet who comes."""
    after: str


def signed_in(role: Role) -> Client:
    client = Client()
    client.user = make.user(role)
    client.force_login(client.user, backend="foundation.accounts.backend.StaffBackend")
    return client


def free_doctor(days: int = DAYS) -> Doctor:
    doctor = make.doctor()
    make.shift(doctor, days=days, slots=4)
    return doctor


def known(comes: Comes, days: int = DAYS) -> tuple[Patient, Representation | None]:
    patient = make.patient(birth_date=comes.born(make.moment(days).date()))
    return patient, acts_for(patient, comes.relation) if comes.relation else None


def acts_for(patient: Patient, relation: Relation, **columns: object) -> Representation:
    """Returns somebody with a power of attorney of a year, where they need one."""
    today = timezone.localdate()
    power = PowerData(principal_name="Орлова Мария", signed_on=today, valid_until=today + timedelta(days=365))
    return make.parent_of(patient, relation, power if relation == Relation.ATTORNEY else None, **columns)


def page(answer) -> str:
    assert answer.status_code == 200, answer
    return answer.content.decode()


def unknown_caller(comes: Comes) -> Walk:
    """The operator writes down who calls, and for whom."""
    desk, service = signed_in(Role.OPERATOR), free_doctor().services.get()
    born = comes.born(make.moment(DAYS).date())
    typed = {"last_name": "Ли", "first_name": "Ян", "birth_date": f"{born:%d.%m.%Y}", "phone": "8 921 777 00 01"}
    assert desk.post(reverse("office:caller_new"), typed).status_code == 302
    patient = Patient.objects.get(last_name="Ли")
    query = {"specialty": service.specialty_id, "who": "self"}
    if comes.relation:
        represent = reverse("office:caller_represent", args=[patient.pk])
        assert desk.post(represent, NANNY | {"relation": comes.relation}).status_code == 302
        query["who"] = Representation.objects.get(patient=patient).pk
    wishes = desk.get(reverse("office:caller_wishes", args=[patient.pk]), query)
    time, key = wishes.context["times"][0]
    book = reverse("office:caller_book", args=[patient.pk], query=query)
    answer = desk.post(book, {"slot": time.slot.pk, "service": time.service.pk, "key": key}, follow=True)
    return Walk(page(wishes), page(answer))


def offered(comes: Comes):
    """Somebody waits, a time is offered to them, and «Следующий» leads to their call."""
    doctor, (patient, acts) = free_doctor(), known(comes)
    entry = make.entry(doctor.specialties.get(), who=patient)
    type(entry).objects.filter(pk=entry.pk).update(representation=acts)
    matching.offer_slot(slot=doctor.slots.order_by("starts_at").first().pk)
    desk = signed_in(Role.OPERATOR)
    return desk, desk.post(reverse("office:call_next"), follow=True), entry


def next_call(comes: Comes) -> Walk:
    desk, call, _entry = offered(comes)
    book = reverse("office:call_book", args=[call.context["offer"].pk])
    return Walk(page(call), page(desk.post(book, {"key": call.context["key"]}, follow=True)))


def other_time_of_a_call(comes: Comes) -> Walk:
    desk, call, _entry = offered(comes)
    (time, key), book = call.context["others"][0], reverse("office:call_book", args=[call.context["offer"].pk])
    chosen = {"slot": time.slot.pk, "service": time.service.pk, "key": key}
    return Walk(page(call), page(desk.post(book, chosen, follow=True)))


def from_the_entry(comes: Comes) -> Walk:
    doctor, (patient, acts) = free_doctor(), known(comes)
    entry = make.entry(doctor.specialties.get(), who=patient)
    type(entry).objects.filter(pk=entry.pk).update(representation=acts)
    desk = signed_in(Role.OPERATOR)
    there = desk.get(reverse("office:entry", args=[entry.pk]))
    time, key = there.context["times"][0]
    chosen = {"slot": time.slot.pk, "service": time.service.pk, "key": key}
    return Walk(page(there), page(desk.post(reverse("office:entry_book", args=[entry.pk]), chosen, follow=True)))


def panel_by_phone(comes: Comes) -> Walk:
    """The operator books from the day grid; of a grown-up nobody is asked who acts for them."""
    doctor, (patient, acts) = free_doctor(), known(comes)
    desk, slot = signed_in(Role.OPERATOR), doctor.slots.order_by("starts_at").first()
    applicant = str(acts.pk) if acts and comes.papers != {"identity"} else "self"
    here = reverse("office:book", args=[slot.pk])
    typed = {"patient": patient.pk, "applicant": applicant, "service": doctor.services.get().pk, "key": "k1"}
    panel = desk.post(here, typed | {"refresh": "1"})
    return Walk(page(panel), page(desk.post(here, typed, follow=True)))


def follow_up(comes: Comes) -> Walk:
    """The doctor books it in the room; whoever came the first time comes again."""
    weeks, first = 2, 1
    doctor = free_doctor(days=first)
    Doctor.objects.filter(pk=doctor.pk).update(user=make.user(Role.DOCTOR))
    make.shift(doctor, days=first + 7 * weeks)
    patient, acts = known(comes, days=first + 7 * weeks)
    slot = doctor.slots.order_by("starts_at").first()
    seen = make.seen(make.appointment(slot, of=patient, **({"representative": acts} if acts else {})))
    desk = Client()
    desk.force_login(Doctor.objects.get(pk=doctor.pk).user, backend="foundation.accounts.backend.StaffBackend")
    here = reverse("office:follow_up", args=[seen.pk])
    times = desk.get(here, {"weeks": weeks})
    taken = {"slot": times.context["times"][0][0].pk, "service": seen.service_id, "weeks": weeks}
    answer = desk.post(here, taken | {"key": str(times.context["key"])}, follow=True)
    return Walk(None, page(answer))


def on_the_site(comes: Comes) -> Walk:
    doctor, born = free_doctor(), comes.born(make.moment(DAYS).date())
    client, slot = Client(), doctor.slots.order_by("starts_at").first()
    client.post(reverse("site:take"), {"slot": slot.pk, "service": doctor.services.get().pk})
    typed = (CHILD | {"relation": comes.relation}) if comes.relation else ADULT
    client.post(reverse("site:details"), typed | {"birth_date": f"{born:%d.%m.%Y}"})
    return Walk(None, page(client.post(reverse("site:code"), {"code": code_of(PHONE)}, follow=True)))


ROADS: dict[str, Callable[[Comes], Walk]] = {
    road.__name__: road
    for road in (
        unknown_caller,
        next_call,
        other_time_of_a_call,
        from_the_entry,
        panel_by_phone,
        follow_up,
        on_the_site,
    )
}


def leads(road: str, comes: Comes) -> bool:
    """Tells whether people like this come by this road at all."""
    grown_up = comes.years - bool(comes.late) >= MAJORITY
    if road == "on_the_site":  # a minor does not book there, and nobody acts for a grown-up
        return grown_up is (comes.relation is None)
    if road == "follow_up":  # at the visit before it a child of 13 came with somebody
        return comes.relation is not None or comes.years > OWN_PASSPORT
    return True
