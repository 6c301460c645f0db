"""Makes what tests need: `from tests import factories as make`, then `make.patient(first_name="Анна")`.

Each has a factory behind it that fills in what a test does not care for. Where a rule matters the factory goes through
the product's own verb, so that no test stands on a row the clinic could not have. Every name is invented.
"""

from tests.factories.actors import TEST, actor, there, user
from tests.factories.people import OTHER_ADULT, born, child, document, parent_of, patient, person, representative
from tests.factories.timetable import (
    absence,
    away,
    close,
    doctor,
    location,
    moment,
    room,
    service,
    shift,
    slots_of,
    specialty,
)
from tests.factories.visits import BIRTH_CERTIFICATE, PASSPORT, appointment, follow_up, overbooked, seen
from tests.factories.waiting import answer, entry, entry_of_before, offer, question, request, task, unmet_wish, wishes

__all__ = [
    "BIRTH_CERTIFICATE",
    "OTHER_ADULT",
    "PASSPORT",
    "TEST",
    "absence",
    "actor",
    "answer",
    "appointment",
    "away",
    "born",
    "child",
    "close",
    "doctor",
    "document",
    "entry",
    "entry_of_before",
    "follow_up",
    "location",
    "moment",
    "offer",
    "overbooked",
    "parent_of",
    "patient",
    "person",
    "question",
    "representative",
    "request",
    "room",
    "seen",
    "service",
    "shift",
    "slots_of",
    "specialty",
    "task",
    "there",
    "unmet_wish",
    "user",
    "wishes",
]
