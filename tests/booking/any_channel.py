"""Books what no verb's signature allows, to see that the gate behind it refuses it too."""

from booking import gate, new_visit
from booking.new_visit import NewVisit
from booking.verbs import Kind, verb
from patients.choices import Channel
from patients.models import Patient
from scheduling.models import Appointment, Slot
from tests import factories as make


@verb(Kind.MAKE)
def book(channel: Channel, slot: Slot, *, of: Patient, follow_up_of: Appointment | None = None) -> Appointment:
    """Books without papers, which do not matter here."""
    service = slot.doctor.services.get()
    new = NewVisit(slot=slot.pk, service=service, patient=of, channel=channel, follow_up_of=follow_up_of, by=make.TEST)
    return new_visit.book_without_entry(new, skip=gate.SKIPPED_FOR_FOLLOW_UPS)
