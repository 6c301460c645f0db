import re
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page as PageOfRows

from back_office.forms.outbox import PhoneSearchForm
from notifications.choices import MessageKind, MessageState
from notifications.models import Message


@dataclass(frozen=True, slots=True)
class MessageRow:
    created_at: datetime
    address: str
    kind: str
    state: MessageState
    text: str

    @classmethod
    def of(cls, message: Message, *, in_full: bool) -> "MessageRow":
        return cls(
            created_at=message.created_at,
            address=message.address,
            kind=message.get_kind_display(),
            state=MessageState(message.state),
            text=message.text if in_full else masked(message),
        )


@dataclass(frozen=True, slots=True)
class OutboxPage:
    form: PhoneSearchForm
    digits: str
    rows: list[MessageRow]
    page_obj: PageOfRows[Message]
    per_page: int


def masked(message: Message) -> str:
    """Outside the demo nobody reads codes or cancel links from here."""
    if message.kind == MessageKind.CODE:
        return re.sub(r"\d", "•", message.text)
    return re.sub(r"https?://\S+", "•••", message.text)
