"""The menu leads to the reference data, and says so on each of its pages."""

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role

PAGES = ("setup", "room_list", "room_add", "people", "person_add")


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_menu_says_where_one_is(sign_in, page):
    shown = sign_in(Role.HEAD).get(reverse(f"office:{page}")).content.decode()
    assert f'<a href="{reverse("office:setup")}" aria-current="page">' in shown


@pytest.mark.django_db
def test_the_button_of_a_form_is_the_primary_one(sign_in):
    shown = sign_in(Role.HEAD).get(reverse("office:room_add")).content.decode()
    assert '<button type="submit" class="button button--primary">Сохранить</button>' in shown
