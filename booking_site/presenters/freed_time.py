"""This page of a private link asks whether a freed time would suit, and tells what has become of the answer."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils import timezone

from booking_site.forms.freed_time import AnswerForm
from patients.choices import ContactWay
from waitlist.choices import EntryState, TimeReply
from waitlist.models import TimeQuestion
from waitlist.queries import questions


class Standing(StrEnum):
    """The state of a question, by which the page says what can be done."""

    ASKED = "asked"
    READY = "ready"
    REFUSED = "refused"
    GONE = "gone"
    BOOKED = "booked"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class FreedTimePage:
    """The page tells the four facts of the time, as a visit would (R13); whom it is for, by the first name alone."""

    question: TimeQuestion
    token: str
    standing: Standing
    first_name: str
    in_writing: bool
    """True when the person asks to be reached in writing only: nobody phones them."""
    form: AnswerForm = field(default_factory=AnswerForm)

    @classmethod
    def of(cls, question: TimeQuestion, token: str) -> "FreedTimePage":
        patient = question.entry.patient
        in_writing = patient.contact_way == ContactWay.WRITING
        return cls(question, token, standing_of(question), patient.first_name, in_writing)


def standing_of(question: TimeQuestion) -> Standing:
    if question.entry.state == EntryState.BOOKED:
        return Standing.BOOKED
    if not question.entry.is_open:
        return Standing.LEFT
    said = set(question.answers.values_list("reply", flat=True))
    if TimeReply.NO in said:
        return Standing.REFUSED
    if question.starts_at <= timezone.now() or not questions.is_there(question):
        return Standing.GONE
    return Standing.READY if said else Standing.ASKED
