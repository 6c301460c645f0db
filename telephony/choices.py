from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    """The things that a telephone exchange tells of a call that comes in."""

    RINGING = "ringing", _("rings at an extension")
    ANSWERED = "answered", _("was answered")
    MISSED = "missed", _("was answered by nobody")
    ENDED = "ended", _("is over")
    RECORDED = "recorded", _("was recorded")
