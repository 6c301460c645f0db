"""A clinic in which one new visit can be booked by every verb, until a rule is broken."""

from datetime import timedelta

from django.utils import timezone

from foundation.accounts.choices import Role
from patients.ages import age_on
from patients.choices import Channel, Relation
from patients.data import PersonData, PowerData
from patients.models import Patient, Representation
from scheduling.models import Appointment, Doctor, Service, Slot
from tests import factories as make
from tests.factories.visits import papers_of

DAY = 20
"""The visit is so many days ahead."""


class World:
    """A doctor with free times, and a patient: an `adult`, a `child` with its mother or `nannied`, or `of age soon`.

    Rows are read anew each time: a rule may have been broken since.
    """

    def __init__(self, comes: str = "adult", *, follows: bool = False) -> None:
        self._service, self._doctor = (made := make.service()), make.doctor(made)
        self._slot = make.slots_of(make.shift(self._doctor, days=DAY))[0]
        self._patient = self._person(comes)
        self._who = {"child": self._mother, "nannied": self._nanny}.get(comes, lambda: None)()
        self.day = make.moment(DAY).date()
        self.seen = papers_of(self._patient, self._who, self.day)
        self.channel = Channel.REGISTRY
        self.registrar, self.operator = make.actor(), make.actor(Role.OPERATOR)
        self._earlier = self.completed() if follows else None

    def _person(self, comes: str) -> Patient:
        if comes == "of age soon":
            return make.patient(birth_date=make.born(18, on=make.moment(DAY - 5).date()))
        return make.patient() if comes == "adult" else make.child()

    def _mother(self) -> Representation:
        return make.parent_of(self._patient, phone=self._patient.phone.as_e164)

    def _nanny(self) -> Representation:
        return make.parent_of(self._patient, Relation.ATTORNEY, self.power(DAY + 60))

    @staticmethod
    def power(days: int) -> PowerData:
        today = timezone.localdate()
        return PowerData(principal_name="Орлова", signed_on=today, valid_until=today + timedelta(days=days))

    def elsewhere(self, *, days: int) -> Slot:
        """Returns a free time of another doctor for the same service."""
        return make.slots_of(make.shift(make.doctor(self.service), days=days))[0]

    def completed(self) -> Appointment:
        return make.seen(make.appointment(self.elsewhere(days=1), of=self._patient, representative=self._who))

    def booked(self, *, days: int) -> Appointment:
        """Returns a visit of the patient at another time, made as the new one would be."""
        follows = {"follow_up_of": self.earlier} if self.earlier else {}
        return make.appointment(
            self.elsewhere(days=days), of=self.patient, representative=self.who, seen=self.seen, **follows
        )

    @property
    def service(self) -> Service:
        return Service.objects.get(pk=self._service.pk)

    @property
    def doctor(self) -> Doctor:
        return Doctor.objects.select_related("room").get(pk=self._doctor.pk)

    @property
    def slot(self) -> Slot:
        return self._slot

    @property
    def patient(self) -> Patient:
        return Patient.objects.get(pk=self._patient.pk)

    @property
    def who(self) -> Representation | None:
        return Representation.objects.get(pk=self._who.pk) if self._who else None

    @property
    def earlier(self) -> Appointment | None:
        return Appointment.objects.get(pk=self._earlier.pk) if self._earlier else None

    @property
    def person(self) -> PersonData:
        columns = {name: getattr(self.patient, name) for name in PersonData.__slots__}
        return PersonData(**columns | {"phone": self.patient.phone.as_e164})

    @property
    def years(self) -> int:
        return age_on(self.patient.birth_date, self.day)
