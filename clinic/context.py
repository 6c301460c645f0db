from django.conf import settings
from django.http import HttpRequest

from back_office.navigation import office_nav


def clinic(request: HttpRequest) -> dict[str, object]:
    """Returns what every page says about the clinic (R2) and, in the office, the pages this person may open."""
    return {"clinic": settings.CLINIC, "demo": settings.DEMO, "office_nav": office_nav(request)}
