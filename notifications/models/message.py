from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from notifications.choices import MessageChannel, MessageState, MessageTemplate, ReceiptState


class Message(models.Model):
    """One message to one address: an outbox row of facts, written in the transaction of what it tells about.

    `notifications.rendering` makes the words of it when it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(_("channel"), max_length=5, choices=MessageChannel, default=MessageChannel.SMS)
    address = models.CharField(_("address"), max_length=254)
    template = models.CharField(_("what about"), max_length=20, choices=MessageTemplate)
    facts = models.JSONField(_("facts"), default=dict)
    sealed = models.TextField(_("secret facts"), blank=True)
    """Encrypted facts; wiped when the message is sent or given up, in the demo when it is out of date."""
    patient = models.UUIDField(_("patient"), null=True)
    """The patient it concerns, if one is known: the register is beside this app, so there is no foreign key."""
    about = models.UUIDField(_("subject"), null=True)
    """The key of the row it tells about; the template says of which kind."""
    dedupe_key = models.CharField(max_length=120)
    due_at = models.DateTimeField(_("due at"))
    useful_until = models.DateTimeField(_("useful until"), null=True)
    """From then on it is dropped instead of sent. NULL: it is always sent."""
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    route = models.CharField(_("route"), max_length=100, blank=True)
    """The name in the settings of the route that has taken it."""
    provider_id = models.CharField(_("number at the provider"), max_length=100, blank=True)
    receipt = models.CharField(_("receipt"), max_length=12, choices=ReceiptState, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    """The first try that failed."""
    told_at = models.DateTimeField(_("told by a person at"), null=True)
    """The moment at which a person told the patient what was not delivered."""
    created_at = CreatedAtField(_("created at"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.CheckConstraint(
                condition=~Q(address="") | Q(state__in=[MessageState.FAILED, MessageState.DROPPED]),
                name="message_has_address",
            ),
            models.CheckConstraint(condition=Q(template__in=MessageTemplate.values), name="message_template_known"),
            models.CheckConstraint(
                condition=~Q(template=MessageTemplate.CODE, facts__has_key="code"), name="message_code_is_sealed"
            ),
            models.CheckConstraint(
                condition=Q(sealed="") | Q(useful_until__isnull=False), name="message_secrets_have_an_end"
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at=None)),
                name="message_sent_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[MessageState.QUEUED, MessageState.SENDING]),
                name="message_due",
            ),
            models.Index(fields=["useful_until"], condition=~Q(sealed=""), name="message_secrets"),
            models.Index(
                fields=["useful_until"], condition=Q(state=MessageState.FAILED, told_at=None), name="message_to_tell"
            ),
            models.Index(
                fields=["useful_until"],
                condition=Q(state=MessageState.SENT, receipt=ReceiptState.ACCEPTED, told_at=None),
                name="message_not_reported",
            ),
            models.Index(fields=["about"], name="message_about"),
            models.Index(fields=["sent_at"], name="message_sent_lately", condition=Q(sent_at__isnull=False)),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_template_display()} {self.state}"
