from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.accounts.access import public


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/base.html")
