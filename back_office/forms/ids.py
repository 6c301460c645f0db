"""Ids are read here from addresses and forms; a text that is no id finds nothing."""

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
