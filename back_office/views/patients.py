from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.SEE_PATIENTS)
def patients(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_PATIENTS)
def new(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_PATIENTS)
def card(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_PATIENTS)
def edit(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_PATIENTS)
def representative(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")

