from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.SEE_WAITLIST)
def waitlist(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.SEE_WAITLIST)
def join(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.SEE_WAITLIST)
def entry(request: HttpRequest, entry_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.SEE_WAITLIST)
def change(request: HttpRequest, entry_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.SEE_WAITLIST)
def wait_again(request: HttpRequest, entry_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.SEE_WAITLIST)
def remove(request: HttpRequest, entry_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.SEE_WAITLIST)
def times(request: HttpRequest, entry_id: object) -> HttpResponse:
    return HttpResponse(status=501)
