from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.BOOK)
def hold(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.BOOK)
def book(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.BOOK)
def drop(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.BOOK)
def find_time(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.BOOK)
def hand_over(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")


@requires(Permission.BOOK)
def overbook(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")

