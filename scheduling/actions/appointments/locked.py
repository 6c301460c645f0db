from uuid import UUID

from scheduling.models import Appointment


def locked(appointment: UUID) -> Appointment:
    """Locked first and read then: a row that another move gives to another doctor drops out of a locking join."""
    Appointment.objects.select_for_update().only("pk").get(pk=appointment)
    with_facts = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service", "room__location", "follow_up_of"
    )
    return with_facts.get(pk=appointment)
