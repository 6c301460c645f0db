from django.conf import settings

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from patients.choices import Channel
from patients.models import DataConsent, Patient


@writes.atomic
def give(*, patient: Patient, text: str, channel: Channel, by: Actor) -> DataConsent:
    """Records a consent with the very text that was accepted: a document of its own, never part of another.

    152-ФЗ ст. 9.
    """
    consent = DataConsent(
        patient=patient, version=settings.CONSENT_VERSION, text=text, channel=channel, ip=by.ip or None
    )
    writes.insert(consent)
    trail.record(by=by, action="consent.given", patient=patient.pk, object_ref=str(consent.pk))
    return consent
