from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.WORK_WAITLIST)
def calls(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def queue(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def claim_next(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def enter_request(request: HttpRequest, request_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def close_request(request: HttpRequest, request_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def call(request: HttpRequest, offer_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def claim(request: HttpRequest, offer_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def keep_alive(request: HttpRequest, offer_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def finish(request: HttpRequest, offer_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def book(request: HttpRequest, offer_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def give_back(request: HttpRequest, offer_id: object) -> HttpResponse:
    return HttpResponse(status=501)
