"""The pages of errors lead on from where the error was: the office's back to work, the site's to its beginning.

They read neither the form nor the session, for one of them may be what failed.
"""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from clinic import entrance, outages, unsent
from clinic.owners import is_of_office


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    entrance.note_denial(request)
    return _drawn(request, HTTPStatus.FORBIDDEN)


def page_grown_old(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answers a form without a good token (`CSRF_FAILURE_VIEW`).

    Nothing is repeated of a form that came from elsewhere (`reason` names its origin).
    """
    again = unsent.shown_again(request) if reason.startswith("CSRF ") else None
    return again or render(request, "403_csrf.html", {"in_office": is_of_office(request)}, status=HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _drawn(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return outages.answer_to(request, sys.exc_info()[1]) or _plain(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _drawn(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, f"{status}.html", {"in_office": is_of_office(request)}, status=status)


def _plain(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Draws the page without asking who is signed in: the database may be away, the request unreadable."""
    return HttpResponse(render_to_string(f"{status}.html", {"in_office": is_of_office(request)}), status=status)
