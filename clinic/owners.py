"""A draft belongs to the person of the staff who is signed in, or to the visitor's session on the site.

One that comes without a session belongs to whoever signed in last with this browser, and is shown to them alone.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from booking_site.visitor import known_visitor
from foundation.accounts.actors import ref_of

OFFICE = "/office/"
COOKIE = "signed_in_last"
SALT = "clinic.owners"
SIGN_INS = ("account_login", "mfa_authenticate")
"""The pages on which somebody comes to be signed in, by the password alone or by a second step as well."""
KNOWN_FOR = timedelta(days=30)


def is_of_office(request: HttpRequest) -> bool:
    return request.path.startswith(OFFICE)


def owner_of(request: HttpRequest) -> str | None:
    """Returns whose drafts this request may see; None for nobody's, as long as they have not signed in."""
    if not is_of_office(request):
        return known_visitor(request)
    return ref_of(request.user) if request.user.is_authenticated else None


def last_signed_in(request: HttpRequest) -> str | None:
    try:
        return request.get_signed_cookie(COOKIE, salt=SALT, max_age=KNOWN_FOR)
    except (KeyError, BadSignature):
        return None


def remembered(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Lets the browser remember who has just signed in: a number of ours and no right."""
    if request.path in map(reverse, SIGN_INS) and request.user.is_authenticated:
        response.set_signed_cookie(
            COOKIE,
            ref_of(request.user),
            salt=SALT,
            max_age=KNOWN_FOR,
            path=OFFICE,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
