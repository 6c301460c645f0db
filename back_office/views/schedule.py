from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.accounts.access import requires
from clinic.accounts.choices import Permission


@require_safe
@requires(Permission.KEEP_SCHEDULE)
def doctors(request: HttpRequest) -> HttpResponse:
    return render(request, "office/base.html")
