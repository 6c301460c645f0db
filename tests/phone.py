"""A provider whose messages the patient reads; it can be away."""

from typing import ClassVar

from django.utils import timezone

from notifications.gateways.contract import GatewayError, Outgoing, Receipt


class Phone:
    """The gateway that tests name; all of its objects share what was read."""

    away: ClassVar[bool] = False
    sent: ClassVar[list[Outgoing]] = []
    texts: ClassVar[list[str]] = []

    @classmethod
    def clear(cls) -> None:
        """Empties the phone and brings the provider back."""
        cls.away = False
        cls.sent.clear()
        cls.texts.clear()

    def send(self, message: Outgoing) -> Receipt:
        """Takes a message, or refuses it while the provider is away."""
        if self.away:
            raise GatewayError("503")
        self.sent.append(message)
        self.texts.append(message.text)
        return Receipt(provider_id="a-17", accepted_at=timezone.now())
