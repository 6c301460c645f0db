from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingSiteConfig(AppConfig):
    name = "booking_site"
    verbose_name = _("Booking site")
