"""The clinic of a simulation in the database: doctors, shifts, operators, and visits that are booked and given back."""

from dataclasses import dataclass
from datetime import date
from itertools import count

import booking
from back_office.simulation.clock import DAY, MONDAY, day_at, hours, moment
from back_office.simulation.world import VISITS, Cancellation, World, slot_minutes
from foundation.accounts.actors import Actor, staff, system
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from patients.data import PersonData
from patients.models import Patient
from scheduling.choices import CancelReason, ServiceKind
from scheduling.models import Doctor, Location, Room, Service, Shift, Slot, Specialty

VISITOR = system("simulation")
BORN = date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one specialty."""

    specialty: Specialty
    service: Service
    doctors: list[Doctor]


class Clinic:
    """The clinic: its rows, and what happens to visits."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers = count(1)
        self.location = Location.objects.create(name="Модель", address="Модельная ул., 1")
        self.specialties = [self._specialty(number) for number in range(world.specialties)]
        self.doctors = [self._doctor(number) for number in range(world.doctors)]
        self.operators = [_operator(number) for number in range(world.operators)]
        self._shifts = self._publish()

    def patient(self, phone: str = "") -> Patient:
        """Puts a new patient into the register, with a number of their own unless it says which."""
        number = next(self._numbers)
        person = PersonData(
            last_name=f"Модельный{number}",
            first_name="Пациент",
            birth_date=BORN,
            phone=phone or f"+7900{1_000_000 + number}",
        )
        return booking.add_patient(person=person, by=VISITOR, allow_namesake=True)

    def free(self, cancellation: Cancellation) -> Slot:
        """Books a visit and gives it back at this moment; the times of all other visits need no rows."""
        doctor = self.doctors[cancellation.doctor]
        slot = Slot.objects.create(
            shift=self._shifts[cancellation.doctor, int(cancellation.starts // DAY)],
            doctor=doctor,
            starts_at=moment(cancellation.starts),
            ends_at=moment(cancellation.starts + slot_minutes(cancellation.starts)),
        )
        service = self.specialties[cancellation.doctor % self.world.specialties].service
        visit = booking.by_phone(slot=slot.pk, service=service, patient=self.patient(), by=VISITOR)
        booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=VISITOR)
        return slot

    def add_specialty(self, *, doctors: int) -> Rows:
        """Adds one more specialty with doctors who have no hours yet."""
        self.specialties.append(self._specialty(len(self.specialties)))
        rows = self.specialties[-1]
        return Rows(rows.specialty, rows.service, [self._employ(rows) for _ in range(doctors)])

    def _specialty(self, number: int) -> Rows:
        specialty = Specialty.objects.create(
            slug=f"model-{number}", name=f"Специальность {number:02}", doctor_title="врач", order=number
        )
        service = Service.objects.create(
            specialty=specialty, name=f"Приём {number:02}", kind=ServiceKind.VISIT, minutes=30, price=2400
        )
        return Rows(specialty, service, [])

    def _doctor(self, number: int) -> Doctor:
        return self._employ(self.specialties[number % self.world.specialties])

    def _employ(self, rows: Rows) -> Doctor:
        number = next(self._numbers)
        room = Room.objects.create(location=self.location, name=f"каб. {number:03}")
        doctor = Doctor.objects.create(slug=f"model-{number}", last_name=f"Врач{number:03}", first_name="А", room=room)
        doctor.services.set([rows.service])
        doctor.specialties.set([rows.specialty])
        rows.doctors.append(doctor)
        return doctor

    def _publish(self) -> dict[tuple[int, int], Shift]:
        """Publishes whole days: the caps count the slots of the week by the shifts."""
        shifts = {}
        for day in range(self.world.warm_up + self.world.days + 22):
            opens, _closes = hours(day * DAY)
            for number, doctor in enumerate(self.doctors):
                minutes = slot_minutes(opens)
                shifts[number, day] = Shift(
                    doctor=doctor,
                    room=doctor.room,
                    date=day_at(opens),
                    starts_at=moment(opens),
                    ends_at=moment(opens + VISITS * minutes),
                    slot_minutes=minutes,
                    published_at=moment(-DAY),
                    published_by=VISITOR.ref,
                )
        Shift.objects.bulk_create(shifts.values())
        return shifts


def _operator(number: int) -> Actor:
    name = f"operator-{MONDAY:%y%m%d}-{number}"
    user = User.objects.create_user(username=name, password=None, role=Role.OPERATOR, last_name=f"Оператор{number}")
    return staff(user)
