from django.views.decorators.http import require_safe

from booking_site.consent import consent_text
from booking_site.presenters.home import ConsentPage, OfferPage
from booking_site.site_view import Answer, Page, SiteRequest, site_view


@require_safe
@site_view()
def home(request: SiteRequest) -> Answer:
    return Page("booking_site/home.html", OfferPage.of())


@require_safe
@site_view()
def consent(request: SiteRequest) -> Answer:
    return Page("booking_site/consent.html", ConsentPage(consent_text()))
