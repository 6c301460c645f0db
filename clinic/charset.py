"""Requests are written in UTF-8: another charset, known or not, is the sender's mistake and never ours.

It is refused before Django sees it, which reads the address too by the charset of the form, and fails at some.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

READ = {"", "utf-8"}
REFUSED = HTTPStatus.BAD_REQUEST


def utf8_only(application: "WSGIApplication") -> "WSGIApplication":
    """Answers 400 to a request that says it is in another charset."""

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        if _charset(environ.get("CONTENT_TYPE", "")) in READ:
            return application(environ, start_response)
        start_response(f"{REFUSED} {REFUSED.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Send it in UTF-8.\n"]

    return answered


def _charset(content_type: str) -> str | None:
    """Returns the named charset, empty when none is named; None where the line cannot be read."""
    try:
        return parse_header_parameters(content_type)[1].get("charset", "").lower()
    except (ValueError, LookupError):
        return None
