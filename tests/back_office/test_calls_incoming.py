"""An incoming call, from the number to the booking or the waitlist."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from back_office import incoming
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.text import phones
from patients.choices import Channel
from patients.models import Patient, Representation
from scheduling.models import Appointment
from tests import factories
from waitlist.models import WaitlistEntry
from worklist.choices import TaskKind

pytestmark = pytest.mark.django_db
NUMBER = "+79210001122"


@pytest.fixture
def operator_client(sign_in, operator):
    return sign_in(operator)


@pytest.fixture
def specialty():
    return factories.specialty()


@pytest.fixture
def service(specialty):
    return factories.service(specialty)


@pytest.fixture
def shift(service):
    return factories.shift(factories.doctor(service), days=2, slots=8)


def page(name, patient, **query):
    return reverse(f"office:caller_{name}", args=[patient.pk], query=query or None)


def chosen(answer, number=0):
    time, key = answer.context["times"][number]
    return {"slot": time.slot.pk, "service": time.service.pk, "key": key}


@pytest.mark.parametrize("typed", ["8 921 000-11-22", "+79210001122", "9210001122", "+89210001122"])
def test_everybody_on_the_number_is_shown(operator_client, typed):
    mother, child = factories.patient(phone=NUMBER), factories.child(phone="")
    factories.parent_of(child, phone=NUMBER)
    answer = operator_client.post(reverse("office:caller"), {"caller": typed}, follow=True)
    assert {person.pk for person in answer.context["people"]} == {mother.pk, child.pk}
    assert typed not in answer.redirect_chain[0][0]
    shown = AuditEvent.objects.filter(action="patient.shown").values_list("patient", flat=True)
    assert set(shown) == {mother.pk, child.pk}


def test_a_hidden_number_is_searched_by_surname(operator_client):
    patient = factories.patient(last_name="Щербакова")
    answer = operator_client.post(reverse("office:caller"), {"caller": "щербак"}, follow=True)
    assert [person.pk for person in answer.context["people"]] == [patient.pk]


def test_nothing_typed_is_an_instruction(operator_client):
    assert operator_client.post(reverse("office:caller"), {"caller": ""}).status_code == 422


def new_person(**columns):
    return {"last_name": "Ли", "first_name": "Ян", "birth_date": "01.02.1990", "phone": NUMBER} | columns


def test_another_person_gets_a_short_record(operator_client):
    operator_client.post(reverse("office:caller_new"), new_person())
    patient = Patient.objects.get()
    assert (patient.full_name, patient.birth_date, patient.phone) == ("Ли Ян", date(1990, 2, 1), NUMBER)


def test_the_same_person_is_shown_and_a_namesake_is_a_word_away(operator_client):
    there = factories.patient(last_name="Ли", first_name="Ян", patronymic="", birth_date=date(1990, 2, 1))
    answer = operator_client.post(reverse("office:caller_new"), new_person())
    assert (answer.status_code, [double.pk for double in answer.context["doubles"]]) == (422, [there.pk])
    operator_client.post(reverse("office:caller_new"), new_person(namesake="on"))
    assert Patient.objects.count() == 2


def test_k04_a_double_is_shown_while_the_caller_is_typed(operator_client):
    there = factories.patient(last_name="Иванов", phone=NUMBER)
    typed = {"last_name": "Ивонов", "first_name": there.first_name, "phone": NUMBER, "birth_date": "17."}
    answer = operator_client.post(reverse("office:caller_doubles"), typed)
    assert [double.onward for double in answer.context["doubles"]] == [page("wishes", there)]
    assert 'data-key="F2"' in answer.content.decode()
    assert AuditEvent.objects.filter(action="patient.shown", patient=there.pk).count() == 1


def test_the_next_three_times_are_read_out_and_then_the_next(operator_client, specialty, shift):
    patient, slots = factories.patient(), factories.slots_of(shift)
    first = operator_client.get(page("wishes", patient, specialty=specialty.pk))
    more = operator_client.get(page("wishes", patient, specialty=specialty.pk, skip=first.context["more"]))
    assert [time.slot.pk for time, _key in first.context["times"]] == [slot.pk for slot in slots[:3]]
    assert [time.slot.pk for time, _key in more.context["times"]] == [slot.pk for slot in slots[3:6]]
    assert "Белова Анна Сергеевна" in first.content.decode()


def test_wishes_narrow_the_times(operator_client, specialty, shift):
    patient = factories.patient()
    answer = operator_client.get(page("wishes", patient, specialty=specialty.pk, time_from="11"))
    assert answer.context["times"][0][0].slot.pk == factories.slots_of(shift)[4].pk
    assert answer.context["form"].wishes().time_from == time(11)


def test_a_doctor_of_another_specialty_is_forgotten(operator_client, specialty, shift):
    other = factories.doctor(factories.service(factories.specialty("Неврология", "невролог")))
    answer = operator_client.get(page("wishes", factories.patient(), specialty=specialty.pk, doctors=other.pk))
    assert answer.context["form"].wishes().doctor_ids == ()


def test_a_doctor_who_sees_adults_only_is_not_read_out_for_a_child(operator_client, specialty, service):
    factories.shift(factories.doctor(service, min_age=18), days=2)
    answer = operator_client.get(page("wishes", factories.child(), specialty=specialty.pk))
    assert answer.context["times"] == []


@pytest.mark.parametrize("door", ["caller_wishes", "find_time"])
@pytest.mark.parametrize(
    ("ages", "offered"), [({"min_age": 18}, [10, 20]), ({"max_age": 17}, [9])], ids=["d14 adults", "d15 children"]
)
def test_d14_d15_times_are_those_for_the_age_on_their_day(operator_client, specialty, service, door, ages, offered):
    young = factories.patient(birth_date=factories.born(18, on=factories.moment(10).date()))
    doctor = factories.doctor(service, **ages)
    free = {days: factories.slots_of(factories.shift(doctor, days=days, slots=1))[0].pk for days in (9, 10, 20)}
    asked = {"specialty": specialty.pk, "patient": young.pk}
    where = reverse("office:find_time") if door == "find_time" else page("wishes", young)
    shown = operator_client.get(where, asked).context
    times = shown["found"] if door == "find_time" else [time for time, _key in shown["times"]]
    assert [time.slot.pk for time in times] == [free[days] for days in offered]


def test_the_agreed_time_is_booked_once_by_phone(operator_client, specialty, shift):
    patient = factories.patient()
    answer = operator_client.get(page("wishes", patient, specialty=specialty.pk))
    to, data = page("book", patient, specialty=specialty.pk), chosen(answer, 1)
    first, second = operator_client.post(to, data), operator_client.post(to, data)
    appointment = Appointment.objects.get()
    assert first.url == second.url == page("wishes", patient, told=appointment.pk)
    assert (appointment.channel, appointment.patient) == (Channel.PHONE, patient)
    assert appointment.starts_at == factories.slots_of(shift)[1].starts_at


def test_a_lost_race_shows_others_and_keeps_the_wishes(operator_client, specialty, shift):
    patient = factories.patient()
    answer = operator_client.get(page("wishes", patient, specialty=specialty.pk, time_from="09:00"))
    factories.appointment(factories.slots_of(shift)[0])
    lost = operator_client.post(page("book", patient, specialty=specialty.pk, time_from="09:00"), chosen(answer))
    assert lost.status_code == 409
    others = [slot.pk for slot in factories.slots_of(shift)[1:4]]
    assert [time.slot.pk for time, _key in lost.context["times"]] == others
    assert lost.context["form"].wishes().time_from == time(9)


def test_the_representative_who_calls_is_chosen_and_books_for_the_child(operator_client, specialty, shift):
    child = factories.child(phone="")
    parent = factories.parent_of(child, phone=NUMBER)
    operator_client.post(reverse("office:caller"), {"caller": NUMBER})
    answer = operator_client.get(page("wishes", child, specialty=specialty.pk))
    assert answer.context["who"].chosen == str(parent.pk)
    operator_client.post(page("book", child, specialty=specialty.pk), chosen(answer))
    assert Appointment.objects.get().representation == parent


def test_a_child_alone_is_not_booked(operator_client, specialty, shift):
    child = factories.child()
    answer = operator_client.get(page("wishes", child, specialty=specialty.pk))
    refused = operator_client.post(page("book", child, specialty=specialty.pk), chosen(answer))
    assert (refused.status_code, Appointment.objects.count()) == (422, 0)
    assert refused.context["error"] in refused.content.decode()


def test_a_representative_is_written_down_by_word(operator_client, specialty):
    child = factories.child()
    data = {"relation": "parent", "last_name": "Орлова", "first_name": "Мария", "phone": NUMBER}
    answer = operator_client.post(page("represent", child, specialty=specialty.pk), data)
    row = Representation.objects.get()
    assert answer.url == page("wishes", child, specialty=specialty.pk, who=row.pk)
    assert (row.patient, row.verified_at) == (child, None)


def test_nothing_free_goes_to_the_waitlist_in_one_step(operator_client, specialty):
    patient = factories.patient()
    query = {"specialty": specialty.pk, "weekdays": "3", "notice": "120"}
    answer = operator_client.post(page("join", patient, **query), {"note": "после работы"})
    entry = WaitlistEntry.objects.get()
    assert answer.url == reverse("office:entry", args=[entry.pk])
    assert (entry.patient, entry.weekdays, entry.notice_minutes, entry.note) == (patient, [3], 120, "после работы")
    assert entry.sought_until is None


def test_w28_the_notice_is_asked_for_the_waitlist_and_hides_no_time_from_whoever_is_on_the_phone(
    operator_client, specialty, shift
):
    patient = factories.patient()
    answer = operator_client.get(page("wishes", patient, specialty=specialty.pk, notice="43200"))
    assert len(answer.context["times"]) == 3
    assert answer.content.decode().count('name="notice"') == 1
    to = page("join", patient, specialty=specialty.pk)
    operator_client.post(to, {"none_suits": "1", "notice": "2880"})
    assert WaitlistEntry.objects.get().notice_minutes == 2880


def test_an_hour_of_notice_is_asked_where_nobody_has_said_another(operator_client, specialty, shift):
    answer = operator_client.get(page("wishes", factories.patient(), specialty=specialty.pk))
    assert answer.context["form"]["notice"].value() == "60"
    assert '<option value="60" selected>' in answer.content.decode()


def test_free_times_are_offered_before_the_waitlist(operator_client, specialty, shift):
    patient = factories.patient()
    to = page("join", patient, specialty=specialty.pk)
    offered = operator_client.post(to, {"note": "после работы"})
    assert (offered.status_code, len(offered.context["times"])) == (409, 3)
    assert "после работы" in offered.content.decode()
    operator_client.post(to, {"none_suits": "1"})
    assert WaitlistEntry.objects.get().sought_until is not None


def test_who_already_waits_is_shown_the_entry(operator_client, specialty):
    patient = factories.patient()
    entry = factories.entry(specialty, who=patient)
    answer = operator_client.post(page("join", patient, specialty=specialty.pk))
    assert answer.url == reverse("office:entry", args=[entry.pk])


def test_unknown_patients_are_not_found(operator_client):
    for name, method in (
        ("wishes", operator_client.get),
        ("represent", operator_client.post),
        ("book", operator_client.post),
        ("join", operator_client.post),
    ):
        assert method(reverse(f"office:caller_{name}", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DOCTOR, Role.SCHEDULE_ADMIN])
def test_only_the_contact_centre_takes_calls(sign_in, role):
    patient = factories.patient()
    client = sign_in(role)
    assert client.get(reverse("office:caller")).status_code == 403
    assert client.get(page("wishes", patient)).status_code == 403


def asked(client, text):
    return client.post(reverse("office:caller"), {"caller": text}, follow=True)


def found(answer):
    return [person.pk for person in answer.context["people"]]


@pytest.mark.parametrize("said", ["скрыт", "Номер скрыт", "скрытый номер", "crhsn", "не определён", "hidden"])
def test_w26_a_hidden_number_is_an_answer(operator_client, said):
    answer = asked(operator_client, said)
    assert (answer.context["hidden"], found(answer)) == (True, [])
    assert "Номер скрыт" in answer.content.decode()
    new = operator_client.get(reverse("office:caller_new")).context["form"]
    assert new["phone"].help_text.startswith("Спросите, по какому номеру перезвонить")


@pytest.mark.parametrize("part", ["00-07", "0007", "9215", "21 555", "555-00"])
def test_w26_any_part_of_a_number_finds(operator_client, part):
    patient = factories.patient(phone="+79215550007")
    factories.patient(phone="+79210001122")
    assert found(asked(operator_client, part)) == [patient.pk]


@pytest.mark.parametrize("typed", ["8 921 555-00-0", "921 555-00-0", "8 921 55-00-07", "921555007"])
def test_w26_what_is_missing_in_a_number_is_told_and_the_nearly_same_is_shown(operator_client, typed):
    patient = factories.patient(phone="+79215550007")
    answer = asked(operator_client, typed)
    assert found(answer) == [patient.pk]
    assert asked(operator_client, "8 921 700-00-0").context["wrong"].startswith("Не хватает цифр")


def test_a_birth_date_is_no_number_with_digits_missing(operator_client):
    answer = asked(operator_client, "01.02.1990")
    assert (found(answer), answer.context["wrong"]) == ([], "")


def test_the_family_of_a_number_is_chosen_even_where_one_person_is_known(operator_client):
    patient = factories.patient(phone=NUMBER)
    answer = asked(operator_client, NUMBER)
    assert (found(answer), answer.context["chooses"]) == ([patient.pk], True)


def test_a_name_that_was_typed_is_in_the_new_record(operator_client):
    asked(operator_client, "ли инна")
    form = operator_client.get(reverse("office:caller_new")).context["form"]
    assert (form["last_name"].value(), form["first_name"].value()) == ("Ли", "Инна")


@pytest.mark.parametrize(("role", "address"), [(Role.OPERATOR, "office:caller"), (Role.REGISTRAR, "office:patients")])
def test_the_box_of_an_operator_asks_who_calls_on_every_page(sign_in, role, address):
    page = sign_in(role).get(reverse("office:day")).content.decode()
    assert f'role="search" method="post" action="{reverse(address)}"' in page
    assert ('data-key="F4"' in page) == (role == Role.OPERATOR)


def new_record(client):
    form = client.get(reverse("office:caller_new")).context["form"]
    return form["last_name"].value(), form["phone"].value()


def test_the_number_that_calls_stays_with_a_name_typed_after_it(operator_client):
    asked(operator_client, NUMBER)
    answer = asked(operator_client, "ли инна")
    assert phones.shown(NUMBER) in answer.content.decode()
    assert new_record(operator_client) == ("Ли", phones.shown(NUMBER))


def test_the_mother_who_calls_is_known_by_her_number_when_the_child_is_found_by_name(operator_client):
    mother = factories.parent_of(factories.child(phone=""), phone=NUMBER)
    asked(operator_client, NUMBER)
    (child,) = asked(operator_client, mother.patient.last_name).context["people"]
    assert [acting.full_name for acting in child.by_this_number] == [mother.full_name]
    assert operator_client.get(page("wishes", mother.patient)).context["who"].chosen == str(mother.pk)


@pytest.mark.parametrize("typed", ["скрыт", "00-11", "8 921 555-00-0"])
def test_another_number_is_another_call(operator_client, typed):
    asked(operator_client, NUMBER)
    asked(operator_client, typed)
    asked(operator_client, "ли инна")
    assert new_record(operator_client) == ("Ли", "")


def test_a_number_of_a_call_before_is_nobodys(operator_client):
    asked(operator_client, NUMBER)
    session = operator_client.session
    session[incoming.INCOMING]["at"] = (clock.now() - incoming.SAME_CALL - timedelta(seconds=1)).isoformat()
    session.save()
    assert phones.shown(NUMBER) not in asked(operator_client, "ли инна").content.decode()
    assert new_record(operator_client) == ("Ли", "")


def test_the_next_call_of_the_queue_ends_the_one_that_came_in(operator_client):
    factories.task(kind=TaskKind.MISSED_CALL, phone="+79215550007")
    asked(operator_client, NUMBER)
    operator_client.post(reverse("office:call_next"))
    asked(operator_client, "ли инна")
    assert new_record(operator_client) == ("Ли", "")
