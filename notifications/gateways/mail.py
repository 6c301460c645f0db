from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext

from foundation.database import clock
from foundation.organization.card import clinic
from notifications.gateways.contract import AddressRefused, GatewayError, Outgoing, Receipt

NEVER = range(500, 600)
"""Replies of a mail server that say that it will never take this (RFC 5321, 4.2.1)."""


class SmtpGateway:
    """Sends an e-mail by the server of `EMAIL_URL`; that it is taken is not yet that it is delivered."""

    def send(self, message: Outgoing) -> Receipt:
        subject = gettext("%(clinic)s: your appointment") % {"clinic": clinic()["name"]}
        letter = EmailMessage(subject, message.text, settings.DEFAULT_FROM_EMAIL, [message.address])
        letter.extra_headers["Message-ID"] = f"<{message.id}@{urlsplit(settings.CLINIC['base_url']).hostname}>"
        letter.connection = get_connection()
        try:
            letter.send()
        except SMTPRecipientsRefused as error:
            (code, _words), *_others = error.recipients.values()
            raise (AddressRefused if code in NEVER else GatewayError)(str(code)) from error
        except (SMTPException, OSError) as error:
            raise GatewayError(type(error).__name__) from error
        return Receipt(provider_id=str(message.id), accepted_at=clock.now())
