from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page as PageOfRows

from back_office.forms.outbox import PhoneSearchForm
from notifications import rendering
from notifications.choices import MessageState, ReceiptState
from notifications.models import Message


@dataclass(frozen=True, slots=True)
class MessageRow:
    created_at: datetime
    address: str
    about: str
    state: MessageState
    receipt: ReceiptState | None
    """What the provider has said of it; «sent» is not yet «delivered»."""
    text: str

    @classmethod
    def of(cls, message: Message, *, in_full: bool) -> "MessageRow":
        """Renders the message; `in_full` shows codes and patients' links and is for the demo alone."""
        return cls(
            created_at=message.created_at,
            address=message.address,
            about=message.get_template_display(),
            state=MessageState(message.state),
            receipt=ReceiptState(message.receipt) if message.receipt else None,
            text=rendering.to_show(message, secrets=in_full),
        )


@dataclass(frozen=True, slots=True)
class OutboxPage:
    form: PhoneSearchForm
    digits: str
    rows: list[MessageRow]
    page_obj: PageOfRows[Message]
    per_page: int
    no_route: bool
    """True when the clinic has no provider, so nothing leaves."""
