"""The guard counts exactly, however many ask at once, and knows whose address a request comes from (O04–O07, O20)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.checks import run_checks
from django.http import HttpResponse
from django.utils import timezone

from foundation.guard import limits
from foundation.guard.addresses import BehindProxies, is_within, network_of
from foundation.guard.errors import LimitReached
from foundation.guard.limits import Limit, Spender
from foundation.guard.models import Act

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def now():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def anna(*given):
    return Spender("call", "anna", given or [Limit(2, HOUR)])


@pytest.mark.django_db
def test_so_many_acts_within_any_span_and_no_more(now):
    limits.spend(anna())
    now.shift(timedelta(minutes=40))
    limits.spend(anna())
    with pytest.raises(LimitReached) as refused:
        limits.spend(anna())
    assert refused.value.until == timezone.now() + timedelta(minutes=20)
    now.shift(timedelta(minutes=20))
    limits.spend(anna())
    with pytest.raises(LimitReached):
        limits.spend(anna())


@pytest.mark.django_db
def test_o25_a_refusal_is_logged_with_its_kind_and_network_and_nothing_else_of_a_person(now, caplog):
    by_phone = Spender("code.phone", "+79210001122", [Limit(1, HOUR)])
    by_network = Spender("code.network", "203.0.113.7", [Limit(9, HOUR)])
    limits.spend(by_phone, by_network)
    with pytest.raises(LimitReached) as refused:
        limits.spend(by_phone, by_network)
    assert caplog.messages == [f"refused until {refused.value.until}: code.phone, from 203.0.113.7"]
    assert "9210001122" not in caplog.text


@pytest.mark.django_db
def test_what_is_refused_counts_for_nobody(now):
    boris = Spender("call", "boris", [Limit(1, HOUR)])
    limits.spend(boris)
    for _again in range(3):
        with pytest.raises(LimitReached) as refused:
            limits.spend(anna(), boris)
    assert refused.value.kind == "call"
    assert Act.objects.count() == 1
    limits.spend(anna())


@pytest.mark.django_db
def test_of_several_limits_the_one_that_lasts_longest_is_told(now):
    both = anna(Limit(1, MINUTE), Limit(1, HOUR))
    limits.spend(both)
    with pytest.raises(LimitReached) as refused:
        limits.spend(both)
    assert refused.value.until == timezone.now() + HOUR


@pytest.mark.django_db
def test_other_people_and_other_kinds_are_counted_apart():
    limits.spend(anna(Limit(1, HOUR)))
    limits.spend(Spender("call", "vera", [Limit(1, HOUR)]), Spender("visit", "anna", [Limit(1, HOUR)]))


@pytest.mark.django_db
def test_nothing_can_be_read_from_what_is_kept_and_it_is_forgotten(now):
    limits.spend(Spender("call", "+79210001122", [Limit(1, HOUR)]))
    assert "9210001122" not in str(Act.objects.values().get())
    now.shift(limits.LONGEST - MINUTE)
    assert limits.forget() == 0
    now.shift(MINUTE)
    assert limits.forget() == 1


OUTSIDE, PROXY, INNER = "203.0.113.9", "10.0.0.2", "10.0.0.3"


@pytest.mark.parametrize(
    ("trusted", "address", "told", "seen"),
    [
        ([], OUTSIDE, "198.51.100.1", OUTSIDE),
        ([PROXY], PROXY, OUTSIDE, OUTSIDE),
        ([PROXY], PROXY, f"198.51.100.1, {OUTSIDE}", OUTSIDE),
        (["10.0.0.0/8"], PROXY, f"{OUTSIDE}, {INNER}", OUTSIDE),
        (["10.0.0.0/8"], PROXY, "", PROXY),
        (["10.0.0.0/8"], PROXY, "unknown", PROXY),
        (["10.0.0.0/8"], OUTSIDE, "10.0.0.9", OUTSIDE),
        (["unix"], "", OUTSIDE, OUTSIDE),
        ([PROXY], "", OUTSIDE, ""),
        (["10.0.0.0/8"], "::ffff:10.0.0.2", OUTSIDE, OUTSIDE),
        (["fd00::/8"], "fd00::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_a_trusted_proxy_is_believed(rf, settings, trusted, address, told, seen):
    settings.TRUSTED_PROXIES = trusted
    found = []

    def view(request):
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    BehindProxies(view)(rf.get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": told}))
    assert found == [seen]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("somebody", ""),
    ],
)
def test_a_customer_has_one_network(address, network):
    assert network_of(address) == network


def test_addresses_within_networks():
    assert is_within("178.177.1.2", ["10.0.0.0/8", "178.176.0.0/14"])
    assert not is_within("178.180.1.2", ["178.176.0.0/14"])
    assert not is_within("", ["0.0.0.0/0"])


def test_behind_a_proxy_that_nobody_trusts_no_network_is_known(settings):
    """All visitors would be one, and ten codes an hour would be all that the site sends."""
    settings.BEHIND_TLS, settings.TRUSTED_PROXIES = True, []
    assert network_of("172.17.0.1") == ""
    settings.TRUSTED_PROXIES = ["172.16.0.0/12"]
    assert network_of("203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({"BEHIND_TLS": True, "TRUSTED_PROXIES": []}, ["guard.W001"]),
        ({"BEHIND_TLS": True, "TRUSTED_PROXIES": ["unix", "10.0.0.0/8"]}, []),
        ({"TRUSTED_PROXIES": ["nginx"]}, ["guard.E001"]),
        ({"SHARED_NETWORKS": ["unix"]}, ["guard.E001"]),
    ],
)
def test_whom_to_believe_is_checked(settings, options, problems):
    for name, value in options.items():
        setattr(settings, name, value)
    assert [problem.id for problem in run_checks(tags=["guard"])] == problems
