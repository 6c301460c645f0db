"""A person who has to find a patient first is on the way to a time, one being booked or a busy one, or to a case."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from back_office.forms.ids import as_uuid

WAYS = ("slot", "service", "over", "emergency", "merge")


@dataclass(frozen=True, slots=True)
class Going:
    slot: UUID | None = None
    """The time being booked, for `service` if one is chosen."""
    service: UUID | None = None
    over: UUID | None = None
    """The busy time being booked over."""
    emergency: UUID | None = None
    """The emergency whose patient is looked for."""
    merge: UUID | None = None
    """The record into which a second one of the same person is to be merged."""

    @classmethod
    def of(cls, query: QueryDict) -> "Going":
        return cls(*(as_uuid(query.get(name)) for name in WAYS))

    @property
    def query(self) -> str:
        """Returns the query that keeps the way over a redirect, with its question mark; empty without a way."""
        going = {name: str(pk) for name in WAYS if (pk := getattr(self, name))}
        return f"?{urlencode(going)}" if going else ""

    def onward(self, patient_id: UUID) -> str:
        """Returns where the way leads with the patient who has been found; without a way, to the patient's record."""
        if self.slot:
            service = f"&service={self.service}" if self.service else ""
            return f"{reverse('office:book', args=[self.slot])}?patient={patient_id}{service}"
        if self.over:
            return f"{reverse('office:overbook', args=[self.over])}?patient={patient_id}"
        if self.emergency:
            return f"{reverse('office:emergency_patient', args=[self.emergency])}?patient={patient_id}"
        if self.merge:
            return f"{reverse('office:patient_merge', args=[self.merge])}?patient={patient_id}"
        return reverse("office:patient", args=[patient_id])


NOWHERE = Going()
