"""Signs out, and has the browser forget what pages of ours may have put into its storage (ASVS 14.3.1).

Pages are never in its cache (`no-store`), and to have the cache cleared as well keeps Chromium busy for seconds, while
the next person waits at the desk. Cookies stay: the token of forms in other tabs is one.
"""

from allauth.account.views import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

FORGET = '"storage"'


def sign_out(request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = logout(request)
    if not request.user.is_authenticated:
        response["Clear-Site-Data"] = FORGET
    return response
