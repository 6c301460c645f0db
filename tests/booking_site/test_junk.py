"""Whatever a link or a form of the site names that is not there: nobody chosen, the usual page, or 404; never 500."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from scheduling import links
from tests import factories as make

pytestmark = pytest.mark.django_db
JUNK = ("\x00", "a\x00b", "x", "", " ", "9" * 400, "-1", "1e9", "\ufffd", "٣", "{}", "' OR 1=1 --", "0000-00-00")
JUNK += ("99999999999999999999-01-01", "2026-02-30", "00000000-0000-0000-0000-000000000000", "x" * 20_000)
ASKED = ("doctor", "service", "day", "from", "slot", "page", "who", "next", "finish", "weekdays", "date_from")
TYPED = (*ASKED, "last_name", "first_name", "birth_date", "phone", "hours", "relation", "consent", "code", "key")


@pytest.fixture
def addresses(db):
    """Every page of the site on a clinic where each can be opened."""
    visit = make.appointment()
    slug, token = visit.service.specialty.slug, links.token_of(visit)
    of_specialty = [reverse(f"site:{name}", args=[slug]) for name in ("specialty", "days", "day", "request")]
    of_visit = [reverse(f"site:{name}", args=[token]) for name in ("visit", "visit_move", "visit_cancel")]
    plain = [reverse(f"site:{name}") for name in ("home", "choose", "take", "details", "extend", "code", "code_again")]
    return [*of_specialty, *of_visit, *plain, reverse("site:doctor", args=[visit.doctor.slug])]


def answers(client, addresses, query=""):
    client.raise_request_exception = False
    return {address: client.generic("GET", address, QUERY_STRING=query).status_code for address in addresses}


def test_junk_in_a_link(client, addresses):
    plain = answers(client, addresses)
    for junk in JUNK:
        assert answers(client, addresses, urlencode(dict.fromkeys(ASKED, junk))) == plain, junk


@pytest.mark.parametrize("query", ["doctor[]=x&doctor[a]=y", "doctor=x&doctor=%00&doctor=y", "doctor=%ff", "doctor"])
def test_a_list_in_a_link(client, addresses, query):
    query = "&".join(query.replace("doctor", name) for name in ASKED)
    assert answers(client, addresses, query) == answers(client, addresses)


def test_junk_in_a_form(client, addresses):
    client.raise_request_exception = False
    for junk in JUNK:
        found = {address: client.post(address, dict.fromkeys(TYPED, junk)).status_code for address in addresses}
        assert {address: status for address, status in found.items() if status >= 500} == {}, junk


def test_junk_in_the_form_of_a_chosen_time(client, take, slots):
    client.raise_request_exception = False
    take(slots[0])
    pages = [reverse(f"site:{name}") for name in ("details", "extend", "code", "code_again")]
    for junk in JUNK:
        assert [page for page in pages if client.post(page, dict.fromkeys(TYPED, junk)).status_code >= 500] == [], junk


def test_nobody_is_chosen_by_junk(client, service):
    page = reverse("site:request", args=[service.specialty.slug])
    for junk in JUNK:
        form = client.get(page, {"doctor": junk, "service": junk}).context["form"]
        assert (form.initial["doctor"], form.initial["service"]) == (None, None), junk


def test_the_doctor_of_the_link_is_chosen(client, shift, service):
    page = reverse("site:request", args=[service.specialty.slug])
    form = client.get(page, {"doctor": shift.doctor.slug, "service": service.pk}).context["form"]
    assert (form.initial["doctor"], form.initial["service"]) == (shift.doctor, service)


@pytest.mark.parametrize("junk", ["", "x", "\x00", "9" * 400])
@pytest.mark.parametrize("name", ["slot", "service"])
def test_a_time_is_taken_by_its_own_form_alone(client, slots, service, name, junk):
    sent = {"slot": str(slots[0].pk), "service": str(service.pk)}
    assert client.post(reverse("site:take"), sent | {name: junk}).status_code == 404
    assert client.post(reverse("site:take"), {each: sent[each] for each in sent if each != name}).status_code == 404
    assert client.post(reverse("site:take"), sent).status_code == 302
