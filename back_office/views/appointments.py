from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.SEE_DAY)
def appointment(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def ticket(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def informed(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def confirm(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def arrive(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def noshow(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def move(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def cancel(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.SEE_DAY)
def mistake(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")

