from django.http import HttpRequest, HttpResponse

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@requires(Permission.SEE_DAY)
def day(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("…")

