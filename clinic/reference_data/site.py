"""Reference data and logins are kept in Django's stock admin, behind the office's own rule of who may."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import requires
from foundation.accounts.actors import staff
from foundation.accounts.choices import Permission
from foundation.accounts.models import User
from foundation.audit import trail

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
LIBRARIES = ("allauth.", "django.contrib.")


def _kept(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Writes down who has opened the page (O10)."""

    @wraps(view)
    def seen(request: HttpRequest, *args: object, **address: object) -> HttpResponseBase:
        answer = view(request, *args, **address)
        if request.method == "GET" and answer.status_code == HTTPStatus.OK and isinstance(request.user, User):
            by = staff(request.user, ip=request.META.get("REMOTE_ADDR", ""))
            trail.record_page(by=by, where=request.path)
        return answer

    return seen


class ReferenceDataSite(AdminSite):
    site_title = site_header = index_title = _("Reference data")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Leads strangers to the sign-in and refuses others of the staff, as every page of the office does.

        Django sends both to the sign-in, which sends back whoever is signed in, and so on without an end.
        """
        return cast(View, requires(Permission.ADMINISTER)(_kept(super().admin_view(view, cacheable))))

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.may(Permission.ADMINISTER)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Leaves out what a library shows of its own tables: secrets of sign-ins, and groups, which give no rights."""
        if admin_class is None or not admin_class.__module__.startswith(LIBRARIES):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leaves out «view on site»: none of these have a page there, and it fails at an id that is no UUID."""
        return [each for each in super().get_urls() if getattr(each, "name", None) != "view_on_site"]
