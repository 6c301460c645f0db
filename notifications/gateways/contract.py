"""The contract of a gateway, which hands messages to a provider: one method, and others where it reports or rings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from notifications.choices import MessageChannel, ReceiptState


class GatewayError(Exception):
    """The provider did not take the message; it is tried again."""


class AddressRefused(GatewayError):
    """The provider will never deliver to this address; the message is given up at once."""


@dataclass(frozen=True)
class Outgoing:
    """A message as it goes out. The same `id` again is the same message, tried once more."""

    id: UUID
    channel: MessageChannel
    address: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """The answer of a provider that has taken a message over."""

    provider_id: str
    accepted_at: datetime
    state: ReceiptState = ReceiptState.ACCEPTED


class Gateway(Protocol):
    def send(self, message: Outgoing) -> Receipt:
        """Hands the message over. Raises GatewayError, AddressRefused.

        It may take seconds: never call it inside a transaction.
        """


@runtime_checkable
class Reporting(Protocol):
    """A gateway whose provider can be asked what has become of the messages it took."""

    def receipts(self, provider_ids: Sequence[str]) -> Mapping[str, ReceiptState]:
        """Returns what is known for certain, by the provider's number; at most 100 are asked at once.

        Raises GatewayError.
        """


@dataclass(frozen=True)
class Rung:
    """The answer of a provider that rings a phone: the last digits of the number it rings from, which are the code."""

    digits: str
    receipt: Receipt


@runtime_checkable
class Ringing(Protocol):
    """A gateway whose provider rings a phone from a number whose last digits prove who has it."""

    def ring(self, phone: str) -> Rung:
        """Rings a phone (E.164). Raises GatewayError, AddressRefused.

        It may take seconds: never call it inside a transaction.
        """
