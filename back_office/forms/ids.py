"""Ids from addresses and forms. An id that is none is nothing that could be found."""

from uuid import UUID

from django.http import Http404


def as_uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def uuid_or_404(text: object) -> UUID:
    if found := as_uuid(text):
        return found
    raise Http404
