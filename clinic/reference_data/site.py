"""Reference data and logins are kept in Django's stock admin."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, URLResolver


class ReferenceDataSite(AdminSite):
    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leaves out «view on site»: none of these have a page there, and it fails at an id that is no UUID."""
        return [each for each in super().get_urls() if getattr(each, "name", None) != "view_on_site"]
