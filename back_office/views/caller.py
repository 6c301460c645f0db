from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.WORK_WAITLIST)
def caller(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def new_patient(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def wishes(request: HttpRequest, patient_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def represent(request: HttpRequest, patient_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def book(request: HttpRequest, patient_id: object) -> HttpResponse:
    return HttpResponse(status=501)


@requires(Permission.WORK_WAITLIST)
def join(request: HttpRequest, patient_id: object) -> HttpResponse:
    return HttpResponse(status=501)
