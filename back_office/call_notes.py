"""The note of a call is kept while an operator types it, until the call is written down."""

from uuid import UUID

from django.http import HttpRequest

NOTES = "notes"
LONGEST, MOST = 300, 20
"""Signs of a note, and notes of one person, that are kept."""


def typed(request: HttpRequest) -> str:
    """Returns the note that came with a form of its page."""
    return request.POST.get("note", "").replace("\x00", "")[:LONGEST]


def keep(request: HttpRequest, offer: UUID) -> None:
    """Keeps the note that a page sends by itself, if it has changed."""
    if "note" not in request.POST:
        return
    notes, text = dict(request.session.get(NOTES, {})), typed(request)
    if notes.pop(str(offer), "") == text:
        return
    notes |= {str(offer): text} if text else {}
    request.session[NOTES] = dict(list(notes.items())[-MOST:])


def of(request: HttpRequest, offer: UUID) -> str:
    return str(request.session.get(NOTES, {}).get(str(offer), ""))


def drop(request: HttpRequest, offer: UUID) -> None:
    """Forgets the note: it stands in what was written down of the call."""
    if str(offer) in request.session.get(NOTES, {}):
        request.session[NOTES] = {key: text for key, text in request.session[NOTES].items() if key != str(offer)}
