from uuid import UUID

from scheduling.models import Appointment


def locked(appointment: UUID) -> Appointment:
    """Locks the appointment first and reads it after that, with its doctor and place.

    A join that locks would drop the row if a concurrent move gave it to another doctor.
    """
    Appointment.objects.select_for_update().only("pk").get(pk=appointment)
    with_facts = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service", "room__location", "follow_up_of"
    )
    return with_facts.get(pk=appointment)
