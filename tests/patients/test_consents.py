"""Consent to the use of data: the very text, its version, when and from where (152-ФЗ, domain §4)."""

import pytest

from foundation.accounts.actors import site_visitor
from foundation.audit.models import AuditEvent
from patients.actions import consents
from patients.choices import Channel
from patients.models import DataConsent
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "Даю согласие на обработку моих персональных данных."


@pytest.mark.parametrize(("ip", "kept"), [("203.0.113.7", "203.0.113.7"), ("2001:db8::7", "2001:db8::7"), ("", None)])
def test_consent_keeps_what_was_accepted_by_whom_and_from_where(settings, ip, kept):
    settings.CONSENT_VERSION = "2026-11"
    patient, by = make.patient(), site_visitor(session="abc", ip=ip)
    made = consents.give(patient=patient, text=TEXT, channel=Channel.SITE, by=by)
    consent = DataConsent.objects.get()
    assert consent == made
    assert (consent.patient, consent.text, consent.version) == (patient, TEXT, "2026-11")
    assert (consent.channel, consent.ip) == (Channel.SITE, kept)
    event = AuditEvent.objects.get(action="consent.given")
    assert (event.actor, event.patient, event.object_ref) == ("site:abc", patient.pk, str(consent.pk))


def test_each_consent_is_kept_also_of_the_same_person():
    patient = make.patient()
    for version in (TEXT, f"{TEXT} Новая редакция."):
        consents.give(patient=patient, text=version, channel=Channel.SITE, by=make.TEST)
    assert DataConsent.objects.filter(patient=patient).count() == 2
