from django.utils import timezone

from notifications.gateways.contract import Outgoing, Receipt


class SilentGateway:
    def send(self, message: Outgoing) -> Receipt:
        return Receipt(provider_id="", accepted_at=timezone.now())
