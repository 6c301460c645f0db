"""The exchange on the pages: who calls, whom to call back, and the recordings."""

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall
from tests import factories as make
from worklist.choices import TaskState
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db
NUMBER = "+79210001122"
CALLING, CALLS = "/office/calling/", "/office/calls/"


@pytest.fixture(autouse=True)
def exchange(settings):
    settings.EXCHANGE_SECRET = "0123456789abcdef" * 4


@pytest.fixture
def office(sign_in):
    return sign_in(make.user(Role.OPERATOR, extension="101"))


def tell(event, **more):
    told = {"event": event, "call": "1", "at": timezone.now(), "number": NUMBER} | more
    return booking.report_call(told=Told(**told), by=make.TEST)


def press(name, task):
    return reverse(f"office:missed_{name}", args=[task.pk])


def page(task):
    return reverse("office:missed_call", args=[task.pk])


def test_every_page_of_whoever_has_an_extension_asks_who_calls(office, sign_in, settings):
    asks = f'hx-get="{CALLING}"'
    assert asks in office.get(CALLS).content.decode()
    settings.EXCHANGE_SECRET = ""
    assert asks not in office.get(CALLS).content.decode()
    settings.EXCHANGE_SECRET = "0123456789abcdef" * 4
    assert asks not in sign_in(Role.OPERATOR).get(CALLS).content.decode()


def test_the_caller_is_shown_once_and_leads_to_the_card(office):
    none = office.get(CALLING).context["seen"]
    assert office.get(CALLING, {"calling": none}).status_code == 204
    tell(Event.RINGING, extension="101")
    part = office.get(CALLING, {"calling": none})
    assert "+7 921 000-11-22" in part.content.decode()
    assert office.get(CALLING, {"calling": part.context["seen"]}).status_code == 204
    person = make.patient(phone=NUMBER)
    page = office.post(reverse("office:caller"), {"caller": NUMBER}, follow=True)
    assert [each.pk for each in page.context["people"]] == [person.pk]
    tell(Event.ENDED)
    assert office.get(CALLING, {"calling": part.context["seen"]}).context["calls"] is False


def test_a_hidden_number_is_asked_for(office):
    tell(Event.RINGING, extension="101", number="")
    text = office.get(CALLING).content.decode()
    assert "скрытый номер" in text
    assert 'name="caller" value="скрыт"' in text


def test_a_missed_call_stands_in_the_one_queue_and_is_called_back(office):
    tell(Event.MISSED)
    task = Task.objects.get()
    (line,) = office.get(CALLS).context["lines"]
    assert (line.task, line.phone, line.page) == (task.pk, "+7 921 000-11-22", page(task))
    assert office.post(reverse("office:call_next")).url == page(task)
    assert office.get(page(task)).context["phone"].as_e164 == NUMBER
    assert office.post(press("not_reached", task)).url == CALLS
    (line,) = office.get(CALLS).context["lines"]
    assert "нет ответа" in " ".join(line.why) or "не отвечает" in " ".join(line.why)
    office.post(reverse("office:task_claim", args=[task.pk]))
    office.post(reverse("office:task_back", args=[task.pk]))
    assert not Claim.objects.exists()
    office.post(reverse("office:task_claim", args=[task.pk]))
    office.post(press("reached", task))
    task.refresh_from_db()
    assert (task.state, office.get(CALLS).context["lines"]) == (TaskState.DONE, [])


def test_what_somebody_else_has_taken_is_said(office):
    tell(Event.MISSED)
    task = Task.objects.get()
    booking.claim_task(task=task.pk, by=make.actor(Role.OPERATOR))
    for answer in (office.get(page(task)), office.post(press("reached", task))):
        assert (answer.status_code, bool(answer.context["error"])) == (409, True)


def test_the_head_hears_a_recording(sign_in):
    tell(Event.RECORDED, recording_id="1", recording_link="https://pbx.example/1")
    head = sign_in(Role.HEAD)
    page = head.get(reverse("office:exchange"))
    assert "https://pbx.example" not in page.content.decode()
    (row,) = page.context["rows"]
    answer = head.post(reverse("office:recording", args=[row.pk]))
    assert 'href="https://pbx.example/1"' in answer.content.decode()
    ExchangeCall.objects.update(recording_link="")
    assert head.post(reverse("office:recording", args=[row.pk])).context["link"] == ""


def test_an_extension_is_given_on_the_page_of_the_person_and_once(sign_in):
    head, person = sign_in(Role.HEAD), make.user(Role.OPERATOR)
    make.user(Role.OPERATOR, extension="102")
    url = reverse("office:person", args=[person.pk])
    names = {name: getattr(person, name) for name in ("last_name", "first_name", "patronymic", "role")}

    def give(extension):
        version = head.get(url).context["form"]["version"].value()
        return head.post(url, names | {"extension": extension, "version": version})

    assert give("101").status_code == 302
    assert User.objects.get(pk=person.pk).extension == "101"
    assert give("1 01").status_code == 422
    assert give("102").status_code in (409, 422)
    assert User.objects.get(pk=person.pk).extension == "101"
    assert give("").status_code == 302


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DOCTOR, Role.HEAD])
def test_only_operators_are_told_who_calls(sign_in, role):
    assert sign_in(role).get(CALLING).status_code == 403
