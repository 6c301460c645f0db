from django.conf import settings
from django.http import HttpRequest

from back_office.navigation import office_nav


def clinic(request: HttpRequest) -> dict[str, object]:
    """What every page says about the clinic (R2) and, in the office, where this person may go."""
    return {"clinic": settings.CLINIC, "demo": settings.DEMO, "office_nav": office_nav(request)}
