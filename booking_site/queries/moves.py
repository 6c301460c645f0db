from django.core.exceptions import ValidationError

from scheduling.models import Appointment, Slot


def asked_slot(slot_id: str | None, *, visit: Appointment) -> Slot | None:
    """Returns the slot if its doctor gives this service; whether it is free is decided when it is taken."""
    wanted = Slot.objects.select_related("doctor", "shift__room__location").filter(doctor__services=visit.service)
    try:
        return wanted.filter(pk=slot_id).first() if slot_id else None
    except ValidationError:
        return None
