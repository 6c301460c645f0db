from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from back_office.navigation import first_page
from back_office.presenters import setup
from back_office.staff_view import Answer, StaffRequest, staff_view
from foundation.accounts.choices import Permission


@require_safe
@staff_view(Permission.OFFICE)
def home(request: StaffRequest) -> Answer:
    """Each role starts on the page it works on, a head on what a new clinic still needs."""
    if request.by.may(Permission.ADMINISTER) and setup.is_left(hidden=setup.HIDDEN in request.COOKIES):
        return redirect("office:setup")
    return redirect(first_page(request.user))
