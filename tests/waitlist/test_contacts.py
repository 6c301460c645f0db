"""People are phoned so often in some days at most, and rest after several noes in a row."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from scheduling.actions.slots import announce
from scheduling.choices import Misfit, ReleaseReason
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import CallOutcome
from waitlist.models import CallAttempt, FreedTime, WaitlistEntry
from waitlist.queries import why
from worklist.models import PhonedNumber

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def policy(settings):
    settings.CONTACTS, settings.CONTACTS_DAYS, settings.REFUSALS, settings.REFUSAL_DAYS = 6, 7, 3, 7


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), days=3, slots=6))


@pytest.fixture
def entry(slots):
    return make.entry(slots[0].doctor.specialties.get())


def phoned(entry, outcome, times, *, ago=DAY):
    with time_machine.travel(timezone.now() - ago, tick=False):
        CallAttempt.objects.bulk_create(
            CallAttempt(entry=entry, outcome=outcome, by="staff:1", by_name="О") for _ in range(times)
        )


def reason(entry, slot):
    return why.reason(WaitlistEntry.objects.get(pk=entry.pk), slot=slot)


@pytest.mark.parametrize(
    ("outcome", "times", "ago", "enough"),
    [
        ("no_answer", 5, DAY, False),
        ("no_answer", 6, DAY, True),
        ("no_answer", 6, 7 * DAY, False),
        ("busy", 9, DAY, False),
        ("wrong_number", 9, DAY, False),
    ],
)
def test_a_person_is_phoned_so_often_in_some_days_at_most(slots, entry, outcome, times, ago, enough):
    phoned(entry, outcome, times, ago=ago)
    assert reason(entry, slots[0]) == (Misfit.CONTACTED if enough else None)
    assert (matching.offer_slot(slot=slots[0].pk) is None) is enough


def test_the_calls_about_all_wishes_of_a_person_count(slots, entry):
    other = make.entry(make.specialty("Хирургия"), who=entry.patient)
    phoned(entry, "no_answer", 3)
    phoned(other, "declined_slot", 3)
    assert reason(entry, slots[0]) == Misfit.CONTACTED


def test_without_the_rule_nobody_is_spared(slots, entry, settings):
    settings.CONTACTS = 0
    phoned(entry, "no_answer", 20)
    assert matching.offer_slot(slot=slots[0].pk)


def test_a_pause_that_is_over_keeps_nobody_busy_about_whoever_was_phoned_often_enough(slots, entry):
    phoned(entry, "no_answer", 6)
    WaitlistEntry.objects.update(not_before=timezone.now() - DAY, rests_until=timezone.now() - 2 * DAY)
    announce(slots[:1], reason=ReleaseReason.CANCELLED)
    matching.match_freed()
    [time] = FreedTime.objects.all()
    assert time.look_at > timezone.now(), "one that is due already would be looked at for ever"


def says(outcome, slots, operator):
    """The next free time is proposed, and the person says this of it."""
    PhonedNumber.objects.all().delete()
    offer = next(offer for slot in slots if (offer := matching.offer_slot(slot=slot.pk)))
    phoning.claim(offer=offer.pk, by=operator)
    at = timezone.now() + timedelta(hours=1)
    booking.finish_call(offer=offer.pk, outcome=outcome, call_back_at=at, by=operator)


def rests_for(entry):
    entry.refresh_from_db()
    return entry.rests_until and round((entry.rests_until - timezone.now()) / DAY)


def test_three_noes_in_a_row_are_a_rest_that_says_why(slots, entry, operator):
    for _no in range(2):
        says(CallOutcome.DECLINED_SLOT, slots, operator)
    says(CallOutcome.NO_ANSWER, slots, operator)
    assert rests_for(entry) is None
    says(CallOutcome.DECLINED_SLOT, slots, operator)
    assert rests_for(entry) == 7
    PhonedNumber.objects.all().delete()
    assert reason(entry, slots[5]) == Misfit.DECLINES
    assert matching.offer_slot(slot=slots[5].pk) is None


def test_after_a_rest_it_takes_as_many_noes_again(slots, entry, operator):
    phoned(entry, "declined_slot", 5)
    WaitlistEntry.objects.update(rests_until=timezone.now())
    says(CallOutcome.DECLINED_SLOT, slots, operator)
    assert rests_for(entry) == 0


def test_changed_wishes_end_a_rest(slots, entry, operator):
    WaitlistEntry.objects.update(rests_until=timezone.now() + DAY)
    assert matching.offer_slot(slot=slots[0].pk) is None
    booking.change_wishes(entry=entry.pk, changes=Changes({"note": "можно и вечером"}), by=operator)
    assert matching.offer_slot(slot=slots[0].pk)


def test_without_the_rule_a_no_is_no_rest(slots, entry, operator, settings):
    settings.REFUSALS = 0
    phoned(entry, "declined_slot", 4)
    says(CallOutcome.DECLINED_SLOT, slots, operator)
    assert rests_for(entry) is None


def test_the_page_of_the_entry_says_until_when_and_why(sign_in, entry):
    WaitlistEntry.objects.update(rests_until=timezone.now() + DAY)
    office = sign_in(Role.OPERATOR)
    page = office.get(f"/office/waitlist/{entry.pk}/").content.decode()
    assert "Не беспокоим до" in page
    WaitlistEntry.objects.update(rests_until=timezone.now() - DAY)
    assert "Не беспокоим до" not in office.get(f"/office/waitlist/{entry.pk}/").content.decode()
