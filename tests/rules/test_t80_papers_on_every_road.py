"""T80, T81: on whatever road a visit is booked, exactly the papers of the rules are named, for the day of the visit."""

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from foundation.accounts.choices import Role
from patients.demandable import Demandable
from scheduling import links
from scheduling.models import Appointment
from tests.rules.papers.people import NOON, PEOPLE, told
from tests.rules.papers.roads import ROADS, leads

pytestmark = pytest.mark.django_db
WALKED = [(road, who) for road in ROADS for who, comes in PEOPLE.items() if leads(road, comes)]


@pytest.fixture(autouse=True)
def _first_of_june():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(("road", "who"), WALKED)
def test_t80_the_papers_are_named_exactly(client, sign_in, road, who):
    """Before the booking, after it, on the ticket and on the page of the link."""
    comes = PEOPLE[who]
    walk = ROADS[road](comes)
    if walk.before is not None:
        assert told(walk.before) == comes.told
    assert told(walk.after) == comes.told
    visit = Appointment.objects.latest("starts_at")
    card = client.get(reverse("site:visit", args=[links.token_for(visit.pk)])).content.decode()
    ticket = sign_in(Role.REGISTRAR).get(reverse("office:ticket", args=[visit.pk])).content.decode()
    assert (told(card), told(ticket)) == (comes.told, comes.told)


def test_t80_every_road_is_walked_by_everybody_who_comes_by_it():
    assert {road: sum(each == road for each, _who in WALKED) for road in ROADS} == {
        "unknown_caller": 12,
        "next_call": 12,
        "other_time_of_a_call": 12,
        "from_the_entry": 12,
        "panel_by_phone": 12,
        "follow_up": 11,
        "on_the_site": 8,
    }


def test_control_a_paper_too_many_and_a_sentence_too_many_are_noticed():
    page = f"<p>{Demandable.IDENTITY.label}</p>"
    assert told(page) == PEOPLE["an adult"].told
    assert told(page + f"<li>{Demandable.BIRTH_CERTIFICATE.label}</li>") != PEOPLE["an adult"].told
    assert told(page + f"<p>{settings.TOLD_OF_MINORS[14]}</p>") != PEOPLE["an adult"].told
