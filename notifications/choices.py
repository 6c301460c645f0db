from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageChannel(TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")


class MessageKind(TextChoices):
    CODE = "code", _("Confirmation code")
    BOOKED = "booked", _("Appointment booked")
    MOVED = "moved", _("Appointment moved")
    CANCELLED = "cancelled", _("Appointment cancelled")
    CALL_US = "call_us", _("Please call us back")


class MessageState(TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not delivered")
