from django.conf import settings
from django.template.loader import render_to_string


def consent_text() -> str:
    """The very text a visitor accepts: shown on its own page and kept with the consent (152-ФЗ ст. 9)."""
    return render_to_string(
        "booking_site/consent.txt", {"clinic": settings.CLINIC, "version": settings.CONSENT_VERSION}
    )
