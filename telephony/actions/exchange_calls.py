"""Writes all that an exchange tells of a call into one row, in any order and as often as it is told."""

from datetime import datetime

from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall


def write(told: Told) -> ExchangeCall:
    """Writes what was told and returns the call; the same told again changes nothing.

    A call that somebody has answered is not missed any more, whatever is told later of another extension.
    """
    ExchangeCall.objects.bulk_create([ExchangeCall(call=told.call, rang_at=told.at)], ignore_conflicts=True)
    call = ExchangeCall.objects.select_for_update().get(call=told.call)
    call.number = call.number or told.number
    call.rang_at = min(call.rang_at, told.at)
    _write[told.event](call, told)
    call.save()
    return call


def forget(*, before: datetime) -> int:
    """Forgets calls that rang before this moment, with their recordings, and returns how many."""
    return ExchangeCall.objects.filter(rang_at__lt=before).delete()[0]


def _ringing(call: ExchangeCall, told: Told) -> None:
    if told.extension and told.extension not in call.rings_at:
        call.rings_at = [*call.rings_at, told.extension]


def _answered(call: ExchangeCall, told: Told) -> None:
    call.answered_at = call.answered_at or told.at
    call.extension = call.extension or told.extension
    call.missed_at = None


def _missed(call: ExchangeCall, told: Told) -> None:
    if call.answered_at is None:
        call.missed_at = call.missed_at or told.at
    call.ended_at = call.ended_at or told.at


def _ended(call: ExchangeCall, told: Told) -> None:
    call.ended_at = call.ended_at or told.at


def _recorded(call: ExchangeCall, told: Told) -> None:
    call.recording_id, call.recording_link = told.recording_id, told.recording_link


_write = {
    Event.RINGING: _ringing,
    Event.ANSWERED: _answered,
    Event.MISSED: _missed,
    Event.ENDED: _ended,
    Event.RECORDED: _recorded,
}
