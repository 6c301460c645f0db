"""The migration that empties a stored patronymic of «нет», a dash and their like (D27)."""

from importlib import import_module

import pytest
from django.apps import apps

import booking
from foundation.text.folding import fold
from patients.choices import Channel
from scheduling.queries import find_people
from tests import factories as make

pytestmark = pytest.mark.django_db
NAMED = "nobody_is_called_none"


def migrate():
    for migration in (f"patients.migrations.0015_{NAMED}", f"waitlist.migrations.0010_{NAMED}"):
        import_module(migration).empty_patronymics(apps, None)


@pytest.mark.parametrize(
    ("stored", "kept"),
    [("нет", ""), ("НЕТ", ""), ("-", ""), ("отсутствует", ""), ("н/д", ""), ("Нетович", "Нетович")],
)
def test_d27_a_stored_patronymic_that_says_none_is_empty(stored, kept):
    names = {"last_name": "Ли", "first_name": "Нина", "patronymic": stored}
    child = make.child()
    who, acting = make.patient(**names), make.parent_of(child, **names)
    request = booking.hand_over(
        person=make.person(**names),
        wishes=make.wishes(make.specialty()),
        representative=make.representative(**names),
        channel=Channel.SITE,
        by=make.TEST,
    )
    migrate()
    for row in (who, acting, request):
        row.refresh_from_db()
        assert (row.patronymic, row.full_name) == (kept, f"Ли Нина {kept}".strip())
    assert request.representative_patronymic == kept
    assert {who.search_name, acting.search_name} == {fold(f"Ли Нина {kept}")}
    assert {each.patient for each in find_people.find("ли нина").people} == {who, child}


def test_d27_nothing_else_is_written(django_assert_num_queries):
    make.patient()
    with django_assert_num_queries(4):
        migrate()
