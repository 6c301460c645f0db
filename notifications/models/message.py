from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from notifications.choices import MessageChannel, MessageKind, MessageState


class Message(models.Model):
    """One text to one address: an outbox row, written in the transaction of what it tells about."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(_("channel"), max_length=5, choices=MessageChannel, default=MessageChannel.SMS)
    kind = models.CharField(_("kind"), max_length=20, choices=MessageKind)
    address = models.CharField(_("address"), max_length=254)
    text = models.TextField(_("text"))
    dedupe_key = models.CharField(max_length=120)
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.CheckConstraint(condition=~models.Q(address=""), name="message_has_address"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=[MessageState.QUEUED, MessageState.SENDING]),
                name="message_due",
            ),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.state}"
