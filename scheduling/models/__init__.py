from scheduling.models.absence import Absence
from scheduling.models.appointment import Appointment, AppointmentEvent
from scheduling.models.emergency import EmergencyCase, EmergencyEvent
from scheduling.models.reference import Doctor, Location, Room, Service, Specialty
from scheduling.models.rule import ShiftRule
from scheduling.models.slot import Shift, Slot, SlotRelease

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentEvent",
    "Doctor",
    "EmergencyCase",
    "EmergencyEvent",
    "Location",
    "Room",
    "Service",
    "Shift",
    "ShiftRule",
    "Slot",
    "SlotRelease",
    "Specialty",
]
