from scheduling.models.appointment import Appointment, AppointmentEvent
from scheduling.models.emergency import EmergencyCase
from scheduling.models.reference import Doctor, Location, Room, Service, Specialty
from scheduling.models.rule import ScheduleException, ShiftRule
from scheduling.models.slot import Shift, Slot, SlotRelease

__all__ = [
    "Appointment",
    "AppointmentEvent",
    "Doctor",
    "EmergencyCase",
    "Location",
    "Room",
    "ScheduleException",
    "Service",
    "Shift",
    "ShiftRule",
    "Slot",
    "SlotRelease",
    "Specialty",
]
