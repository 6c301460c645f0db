"""The rule of a view: who is let in, who is sent to sign in, who is refused, and what a browser may keep."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from foundation.accounts.access import public, requires
from foundation.accounts.choices import ROLE_PERMISSIONS, Permission, Role
from foundation.accounts.models import User


def somebody(role=Role.REGISTRAR, **columns):
    return User(role=role, username="petrova", **columns)


def asked(rf, user, **headers):
    request = rf.get("/office/day/?date=2026-11-27", headers=headers)
    request.user = user
    return request


@requires(Permission.BOOK)
def page(request, number, *, word):
    return HttpResponse(f"{number} {word}")


@requires(Permission.BOOK)
def kept_page(request):
    return HttpResponse(headers={"Cache-Control": "private, max-age=60"})


def test_whoever_may_sees_the_page_and_no_browser_keeps_it(rf):
    answer = page(asked(rf, somebody()), 7, word="seven")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"7 seven", "private, no-store")


def test_a_view_may_say_itself_how_long_it_is_kept(rf):
    assert kept_page(asked(rf, somebody()))["Cache-Control"] == "private, max-age=60"


@pytest.mark.parametrize("user", [somebody(Role.DOCTOR), somebody(is_active=False), somebody(role="")])
def test_whoever_may_not_is_refused(rf, user):
    with pytest.raises(PermissionDenied):
        page(asked(rf, user), 7, word="seven")


def test_whoever_is_not_signed_in_is_led_back_afterwards(rf):
    answer = page(asked(rf, AnonymousUser()), 7, word="seven")
    assert (answer.status_code, answer.url.partition("?next=")[2]) == (302, "/office/day/%3Fdate%3D2026-11-27")


def test_a_fragment_sends_the_whole_page_to_sign_in(rf):
    answer = page(asked(rf, AnonymousUser(), hx_request="true"), 7, word="seven")
    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (204, "true", b"")


def test_a_view_carries_its_rule_and_its_name():
    assert (page.access_rule, page.__name__) == (Permission.BOOK, "page")
    assert public(lambda request: None).access_rule == "public"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_what_its_list_says_while_it_works_here(role, permission):
    listed = permission in ROLE_PERMISSIONS[role]
    assert (somebody(role).may(permission), somebody(role, is_active=False).may(permission)) == (listed, False)


def test_r18_r20_what_only_one_role_may():
    """Visits are the doctor's, the waitlist the contact centre's, busy times the registry's and the head's.

    For a patient without papers the head alone signs.
    """
    of = {
        permission: {role for role in Role if permission in ROLE_PERMISSIONS[role]}
        for permission in (
            Permission.CONDUCT_VISITS,
            Permission.WORK_WAITLIST,
            Permission.OVERBOOK,
            Permission.SIGN_OFF,
        )
    }
    assert of == {
        Permission.CONDUCT_VISITS: {Role.DOCTOR},
        Permission.WORK_WAITLIST: {Role.OPERATOR},
        Permission.OVERBOOK: {Role.REGISTRAR, Role.HEAD},
        Permission.SIGN_OFF: {Role.HEAD},
    }


def test_r14_everybody_who_works_here_may_open_an_emergency():
    everybody = {Permission.OFFICE, Permission.EMERGENCY}
    assert frozenset.intersection(*ROLE_PERMISSIONS.values()) == everybody
    assert set(ROLE_PERMISSIONS) == set(Role)
