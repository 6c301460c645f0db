"""The clinic is opened here, once, with the key from the log: the page is there while nobody has a login."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

import booking
from back_office.answers import status_of
from back_office.forms.first_run import FirstHeadForm
from back_office.forms.refused import refused
from foundation.accounts.access import public
from foundation.accounts.actors import system
from foundation.accounts.queries import staff
from foundation.errors import DomainError
from foundation.guard import limits
from foundation.guard.addresses import network_of
from foundation.guard.limits import Limit, Spender


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
def first_run(request: HttpRequest) -> HttpResponse:
    if settings.DEMO or not staff.nobody_yet():
        raise Http404
    form = FirstHeadForm(request.POST or None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        _open(request, form)
    except DomainError as error:
        return _page(request, refused(form, error), status=status_of(error))
    messages.success(request, _("The clinic is open. Sign in with the login and the password you have just chosen."))
    return redirect("account_login")


def _open(request: HttpRequest, form: FirstHeadForm) -> None:
    address, typed = request.META.get("REMOTE_ADDR", ""), form.cleaned_data
    limits.spend(Spender("first_run", network_of(address), [Limit(*settings.FIRST_RUN_KEYS)]))
    booking.make_first_head(
        key=typed["key"],
        login=typed["login"],
        name=form.name,
        password=typed["password"],
        by=replace(system("first_run"), ip=address),
    )


def _page(request: HttpRequest, form: FirstHeadForm, *, status: int) -> HttpResponse:
    return render(request, "back_office/first_run.html", {"form": form}, status=status)
