from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageChannel(TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")
    VOICE = "voice", _("call")


class MessageTemplate(TextChoices):
    """The template of a message; `notifications.texts` has the words of each."""

    CODE = "code", _("Confirmation code")
    BOOKED = "booked", _("Appointment booked")
    MOVED = "moved", _("Appointment moved")
    CANCELLED = "cancelled", _("Appointment cancelled")
    REMINDER = "reminder", _("Reminder of the visit")
    CALL_US = "call_us", _("Please call us back")
    FREED_TIME = "freed_time", _("A time has become free")
    AS_WRITTEN = "as_written", _("Text as written")


ABOUT_VISITS = (
    MessageTemplate.BOOKED,
    MessageTemplate.MOVED,
    MessageTemplate.CANCELLED,
    MessageTemplate.REMINDER,
)
"""The templates that tell about a visit: the newest message about it is the one that counts."""


NOT_AT_NIGHT = (MessageTemplate.REMINDER, MessageTemplate.FREED_TIME)
"""The templates that do not leave in the quiet hours; the others answer what somebody has just done."""


class MessageState(TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not delivered")
    DROPPED = "dropped", _("out of date, not sent")


FINAL_STATES = (MessageState.SENT, MessageState.FAILED, MessageState.DROPPED)
"""Final states: such a message is never sent again."""


IN_QUEUE = (MessageState.QUEUED, MessageState.SENDING)
NOT_DELIVERED = (*IN_QUEUE, MessageState.FAILED)
"""States in which nothing has reached the phone for certain."""


class ReceiptState(TextChoices):
    """The provider's word on what has become of a message; «sent» is never «told» (R13)."""

    ACCEPTED = "accepted", _("accepted by the provider")
    DELIVERED = "delivered", _("delivered to the phone")
    UNDELIVERED = "undelivered", _("not delivered to the phone")
