from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall
from tests import factories as make
from worklist.models import Task


def tell(event, *, call, number="+79210001122", **more):
    booking.report_call(told=Told(event=event, call=call, at=timezone.now(), number=number, **more), by=make.TEST)


def test_calls_back_and_who_calls(clinic, as_role, settings):
    settings.EXCHANGE_SECRET = "0123456789abcdef" * 4
    phone = as_role(Role.OPERATOR)
    User.objects.filter(role=Role.OPERATOR).update(extension="101")
    for number in ("+79210001122", "+79210009988"):
        tell(Event.MISSED, call=number, number=number)
    mine, other = Task.objects.order_by("created_at")
    booking.claim_task(task=other.pk, by=make.actor(Role.OPERATOR))
    phone.to("office:calls").send("office:task_claim", mine.pk, status=200)
    phone.to("office:missed_call", mine.pk).to("office:missed_call", other.pk, status=409)
    tell(Event.RINGING, call="rings", extension="101")
    phone.to("office:calls").page.get_by_text("Звонит:").wait_for()
    tell(Event.ANSWERED, call="rings", extension="101", number="")
    phone.to("office:waitlist").page.get_by_text("На линии:").wait_for()
    tell(Event.ENDED, call="rings")
    tell(Event.RINGING, call="hidden", extension="101", number="")
    phone.to("office:calls").page.get_by_text("Звонит: скрытый номер").wait_for()


def test_the_calls_that_came_in(clinic, as_role):
    head = as_role(Role.HEAD)
    head.to("office:exchange")
    tell(Event.RECORDED, call="1", recording_id="1", recording_link="https://pbx.example/1")
    tell(Event.ANSWERED, call="2", number="", extension="101")
    tell(Event.MISSED, call="3")
    recorded = ExchangeCall.objects.get(call="1")
    head.to("office:exchange").send("office:recording", recorded.pk, status=200)
    head.to("office:figures", "answered")
