"""A list that renews itself also says that somebody calls for help, so that its page need not ask twice."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from scheduling.queries import emergencies

View = Callable[..., HttpResponseBase]


def tells_of_emergencies(view: View) -> View:
    """Sends `emergencies` with each renewal while somebody is waited for; the bar of the page then asks for more."""

    @wraps(view)
    def told(request: HttpRequest, **address: object) -> HttpResponseBase:
        response = view(request, **address)
        if request.headers.get("HX-Request") and emergencies.untaken().exists():
            response.headers["HX-Trigger"] = "emergencies"
        return response

    return told
