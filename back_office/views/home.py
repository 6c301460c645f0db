from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from back_office.navigation import first_page
from back_office.staff_view import Answer, StaffRequest, staff_view
from foundation.accounts.choices import Permission


@require_safe
@staff_view(Permission.OFFICE)
def home(request: StaffRequest) -> Answer:
    """Each role starts on the page it works on."""
    return redirect(first_page(request.user))
