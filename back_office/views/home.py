from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from back_office.navigation import first_page
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission


@require_safe
@requires(Permission.OFFICE)
def home(request: HttpRequest) -> HttpResponse:
    """Each role starts on the page it works on."""
    return redirect(first_page(request.user))
