"""A browser that has sent a form is led to a page that it can come back to: the kept form, opened by GET (D35)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from foundation.drafts import attempts, store
from foundation.drafts.attempts import Kept

QUERY = "draft"
KEEP = "keep"
"""In place of a key it means: keep this form and do nothing of it."""
NEVER_KEPT = ("csrfmiddlewaretoken", "password")
"""Parts of the names of fields that are nobody's words."""


def is_sent_by_browser(request: HttpRequest) -> bool:
    """Tells a page that a person has sent from a program, which is answered at once, and from a part of a page."""
    opens_page = "text/html" in request.headers.get("Accept", "")
    return request.method == "POST" and opens_page and "HX-Request" not in request.headers


def led_to_kept(request: HttpRequest, *, owner: Callable[[], str]) -> HttpResponseRedirect | None:
    """Keeps a form that leads to no other page and leads to it; None where the answer is to be given at once.

    Whatever a verb has done is shown at once, and so is what is too long to be kept.
    """
    here = attempts.current()
    if here is None or here.looks_at or here.shows_result or not is_sent_by_browser(request):
        return None
    key = store.keep(replace(form_of(request), refusal=here.refusal), owner=owner())
    return HttpResponseRedirect(address_of(key, path=request.path, query=request.GET)) if key else None


def keep_unsent(request: HttpRequest, *, owner: str, path: str = "") -> str | None:
    """Keeps a form that nobody may act upon; returns the address that shows it, at the page `path` if not its own."""
    kept = replace(form_of(request), path=path or request.path, unsent=True)
    key = store.keep(kept, owner=owner)
    return address_of(key, path=kept.path, query=request.GET) if key else None


def form_of(request: HttpRequest) -> Kept:
    sent = {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if not any(part in name for part in NEVER_KEPT)
    }
    return Kept(request.path, sent)


def address_of(key: UUID, *, path: str, query: QueryDict) -> str:
    with_key = query.copy()
    with_key[QUERY] = str(key)
    return f"{path}?{with_key.urlencode()}"


def asked_draft(query: QueryDict) -> UUID | None:
    """Returns the key of the draft that an address names."""
    try:
        return UUID(str(query[QUERY]))
    except (KeyError, ValueError):
        return None


def as_posted(sent: dict[str, list[str]]) -> QueryDict:
    posted = QueryDict(mutable=True)
    for name, values in sent.items():
        posted.setlist(name, values)
    posted._mutable = False
    return posted
