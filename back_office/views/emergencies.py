from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@require_safe
@requires(Permission.EMERGENCY)
def cases(request: HttpRequest) -> HttpResponse:
    return render(request, "office/base.html")


@require_POST
@requires(Permission.EMERGENCY)
def open_case(request: HttpRequest) -> HttpResponse:
    return render(request, "office/base.html")


@require_safe
@requires(Permission.EMERGENCY)
def case(request: HttpRequest, case_id) -> HttpResponse:
    return render(request, "office/base.html")
