import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from scheduling.models import EmergencyCase
from tests import factories as make
from tests.browser.pages.states import LONG
from worklist import duty
from worklist.actions import claims
from worklist.models import Claim


def test_the_reference_data(clinic, as_role):
    head = as_role(Role.HEAD)
    head.to("office:setup").to("office:organization").send("office:organization", phone="1")
    rows = {"service": clinic.service, "doctor": make.doctor(clinic.service, **LONG), "specialty": clinic.specialty}
    rows |= {"room": clinic.doctor.room, "location": clinic.doctor.room.location}
    head.to("office:location_list").to("office:location_add").to("office:location_edit", rows["location"].pk)
    head.to("office:room_list").to("office:room_add").to("office:room_edit", rows["room"].pk)
    head.to("office:specialty_list").to("office:specialty_add").to("office:specialty_edit", rows["specialty"].pk)
    head.to("office:service_list").to("office:service_add").to("office:service_edit", rows["service"].pk)
    head.to("office:doctor_list").to("office:doctor_add").to("office:doctor_edit", rows["doctor"].pk)
    for kind, row in rows.items():
        head.send(f"office:{kind}_add", last_name="")
        head.send(f"office:{kind}_edit", row.pk, last_name="")


def test_a_new_clinic_has_empty_lists(as_role):
    head = as_role(Role.HEAD)
    head.to("office:setup").to("office:room_list").to("office:doctor_list").to("office:doctor_add").to("/")


def test_the_people_of_the_staff(as_role):
    head, person = as_role(Role.HEAD), make.user(Role.REGISTRAR, **LONG)
    head.to("office:people").to("office:person_add").send("office:person_add", login="x y", last_name="")
    head.to("office:person", person.pk).send("office:person", person.pk, last_name="")
    head.to("office:person_password", person.pk).send("office:person_password", person.pk, password="short")
    head.to("office:person", person.pk).press("main .button--danger").send("office:person_unblock", person.pk)
    head.to("office:people")


def test_the_head_and_what_everybody_has(clinic, as_role):
    head = as_role(Role.HEAD)
    make.appointment(clinic.free[0], of=clinic.adult)
    head.to("office:paper", query=f"date={clinic.free[0].local_start:%Y-%m-%d}").to(
        "office:paper", query="date=2030-01-01"
    )
    head.to("office:day").to("office:schedule").to("office:patients").to("office:waitlist").to("office:outbox")
    head.to("office:styleguide").to("office:emergencies")
    head.send("office:emergency_open", status=200).send("office:emergency_open", urgency="urgent", status=200)
    case, urgent = EmergencyCase.objects.order_by("opened_at")
    told = {"person": LONG["last_name"] * 3, "description": "Отёк лица"}
    booking.describe_emergency(case=urgent.pk, changes=Changes(told), by=make.TEST)
    head.to("office:day").to("office:waitlist").to("office:emergencies").to("office:emergency_day")
    head.to("office:emergency", case.pk, query="back=/office/day/").send("office:emergency_mistake", case.pk, reason="")
    patient = make.patient(**LONG)
    head.to("office:patients", query=f"emergency={case.pk}")
    head.to("office:emergency_patient", case.pk, query=f"patient={patient.pk}")
    head.send("office:emergency_patient", case.pk, patient=patient.pk, status=200)
    head.send("office:emergency_take", case.pk, status=200).send("office:emergency_take", urgent.pk, status=200)
    booking.describe_emergency(case=case.pk, closes=True, by=make.TEST)
    booking.mark_emergency_mistaken(case=urgent.pk, reason="Нажали случайно", by=make.TEST)
    head.to("office:emergency", case.pk).to("office:emergency", urgent.pk)
    head.to("office:emergencies").to("office:emergency_day")
    head.to("office:my_day", status=403).to("office:calls").to("/office/nothing/", status=404)


def test_the_team(clinic, as_role):
    head = as_role(Role.HEAD)
    head.to("office:team")
    busy = make.actor(Role.OPERATOR)
    task = make.task(of=make.patient(**LONG))
    claims.claim(task=task.pk, by=busy)
    duty.note(busy)
    claim = Claim.objects.get().pk
    head.to("office:team").to("office:team_take", claim).send("office:team_take", claim, reason="")
    head.send("office:team_take", claim, status=200, reason="Вкладка осталась открытой")
    head.to("office:team_take", claim)


def test_the_figures(clinic, as_role):
    head = as_role(Role.HEAD)
    make.entry(clinic.specialty)
    head.to("office:figures", "first_dial").to("office:figures", "unmet")
    head.to("office:figures", "refilled", query="since=03.10.2026&until=01.10.2026")


def test_the_journal(clinic, as_role):
    head = as_role(Role.HEAD)
    make.appointment(clinic.free[0], of=clinic.adult)
    head.to("office:audit").to("office:audit", query="act=all").to("office:patient", clinic.adult.pk)
    head.to("office:audit", query=f"patient={clinic.adult.pk}&act=all").to("office:audit", query="since=32.13.2026")
    head.send("office:audit_export", since="99", status=422)
