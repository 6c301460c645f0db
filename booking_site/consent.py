from django.conf import settings
from django.template.loader import render_to_string

from foundation.organization.card import clinic


def consent_text() -> str:
    """Returns the very text that a visitor accepts; it has its own page and is kept with the consent (152-ФЗ ст. 9)."""
    return render_to_string("booking_site/consent.txt", {"clinic": clinic(), "version": settings.CONSENT_VERSION})
