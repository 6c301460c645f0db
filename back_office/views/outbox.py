from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.views.decorators.http import require_http_methods

from back_office.forms.outbox import PhoneSearchForm
from back_office.presenters.outbox import MessageRow, OutboxPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from notifications.choices import MessageChannel, MessageState
from notifications.gateways import routes
from notifications.models import Message

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.SEE_OUTBOX)
def messages(request: StaffRequest) -> Answer:
    """Shows what was sent; a phone is looked up by POST, so that no address holds it."""
    digits = PhoneSearchForm(request.POST).digits
    found = Message.objects.filter(address__contains=digits) if digits else Message.objects.all()
    page = Paginator(_not_delivered_first(found), PER_PAGE).get_page(1 if digits else request.GET.get("page"))
    content = OutboxPage(
        form=PhoneSearchForm(initial={"phone": digits}),
        digits=digits,
        rows=[MessageRow.of(message, in_full=settings.DEMO) for message in page],
        page_obj=page,
        per_page=PER_PAGE,
        no_route=not routes.names(MessageChannel.SMS),
    )
    return Page("back_office/outbox/list.html", content, shows=())


def _not_delivered_first(found: QuerySet[Message]) -> QuerySet[Message]:
    """Puts those first about which somebody has to call, then the newest."""
    return found.order_by(Case(When(state=MessageState.FAILED, then=Value(0)), default=Value(1)), "-created_at")
