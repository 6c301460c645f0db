"""A draft is of one person, sealed, bounded in size and number, and ends by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from foundation.changes import ChangedMeanwhile
from foundation.drafts import door, sealing, store, tasks
from foundation.drafts.attempts import Kept, Refusal
from foundation.drafts.models import LONGEST, Draft
from foundation.encryption import CiphertextDamaged
from patients.errors import PapersNotShown, SamePersonExists
from scheduling.errors import SlotTaken
from tests import factories as make

pytestmark = pytest.mark.django_db
FORM_KEY = uuid4()
ANNA, VERA = "staff:1", "staff:2"
FORM = Kept("/office/patients/new/", {"last_name": ["Орлова"], "papers": ["1", "2"]})


def test_it_is_read_as_it_was_sent():
    assert store.find(store.keep(FORM, owner=ANNA), owner=ANNA) == FORM


def test_it_is_of_its_owner_alone():
    key = store.keep(FORM, owner=ANNA)
    assert store.find(key, owner=VERA) is None
    Draft.objects.update(owner=VERA)  # in the database itself
    assert store.find(key, owner=VERA) is None


def test_nothing_of_it_can_be_read_in_the_database():
    store.keep(FORM, owner=ANNA)
    assert "Орлова" not in str(Draft.objects.values().get())


def test_one_row_is_not_another():
    sealed = sealing.seal(FORM, draft=uuid4(), owner=ANNA)
    with pytest.raises(CiphertextDamaged):
        sealing.unseal(sealed, draft=uuid4(), owner=ANNA)


def test_it_ends_by_itself(settings):
    key = store.keep(FORM, owner=ANNA)
    with time_machine.travel(timezone.now() + timedelta(hours=settings.DRAFT_HOURS), tick=False):
        assert store.find(key, owner=ANNA) is None
        later = store.keep(FORM, owner=ANNA)
        tasks.forget()
        assert [row.pk for row in Draft.objects.all()] == [later]


def test_a_code_is_kept_no_longer_than_it_is_good_for(settings):
    key = store.keep(Kept("/book/code/", {"code": ["123456"]}), owner=ANNA)
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.CODE_MINUTES), tick=False):
        assert store.find(key, owner=ANNA) is None


def test_an_owner_has_a_few_of_them():
    keys = [store.keep(FORM, owner=ANNA) for _number in range(store.AT_ONCE + 2)]
    beside = store.keep(FORM, owner=VERA)
    assert {row.pk for row in Draft.objects.all()} == {*keys[2:], beside}


def test_what_is_too_long_is_not_kept():
    assert store.keep(Kept("/", {"note": ["й" * LONGEST]}), owner=ANNA) is None
    assert not Draft.objects.exists()


def test_it_is_dropped_by_its_owner_alone():
    key = store.keep(FORM, owner=ANNA)
    store.drop(key, owner=VERA)
    assert store.find(key, owner=ANNA) == FORM
    store.drop(key, owner=ANNA)
    assert store.find(key, owner=ANNA) is None


def refused_with(error):
    kept = Kept("/", {}, refusal=Refusal("booking.desk.at_desk", error, {"booking.holds.hold": FORM_KEY}))
    return store.find(store.keep(kept, owner=ANNA), owner=ANNA)


def test_a_refusal_comes_back_with_what_it_carries():
    patient = make.patient()
    error = refused_with(SamePersonExists([patient])).refusal.error
    assert (type(error), error.patients) == (SamePersonExists, [patient])
    assert refused_with(PapersNotShown(("identity",))).refusal.error.missing == ["identity"]
    assert refused_with(ChangedMeanwhile({"phone"})).refusal.error.columns == {"phone"}
    assert refused_with(SlotTaken()).refusal.passed == {"booking.holds.hold": str(FORM_KEY)}


def test_a_result_that_cannot_be_written_down_is_nothing():
    kept = Kept("/", {}, refusal=Refusal("verb", SlotTaken(), {"before": object()}))
    assert store.find(store.keep(kept, owner=ANNA), owner=ANNA).refusal.passed == {"before": None}


def test_what_cannot_be_written_down_is_left_to_the_page():
    assert refused_with(SlotTaken([object()])).refusal.error.alternatives == []


def test_whose_row_is_gone_is_gone_too():
    patient = make.patient()
    kept = Kept("/", {}, refusal=Refusal("verb", SamePersonExists([patient])))
    key = store.keep(kept, owner=ANNA)
    patient.delete()
    assert store.find(key, owner=ANNA) is None


def test_secrets_are_never_kept():
    sent = {"csrfmiddlewaretoken": "x", "password": "1", "password1": "2", "oldpassword": "3", "last_name": "Орлова"}
    assert door.form_of(RequestFactory().post("/", sent)).sent == {"last_name": ["Орлова"]}
