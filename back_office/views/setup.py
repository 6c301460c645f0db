"""The head sees what a new clinic still needs, and goes from here to every page of the reference data."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from back_office.presenters.setup import HIDDEN, SetupPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission

KEPT_FOR = timedelta(days=400)


@require_safe
@staff_view(Permission.ADMINISTER)
def setup(request: StaffRequest) -> Answer:
    return Page("back_office/reference/setup.html", SetupPage.of(hidden=HIDDEN in request.COOKIES), shows=())


@require_POST
@staff_view(Permission.ADMINISTER)
def hide(request: StaffRequest) -> Answer:
    """Lets this browser begin with the day from now on; the list itself stays under «Reference data»."""
    messages.success(request, _("You begin with the day from now on. This list stays under «Reference data»."))
    answer = redirect("office:home")
    answer.set_cookie(
        HIDDEN,
        "1",
        max_age=KEPT_FOR,
        path=reverse("office:home"),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return answer
