"""The head reads the figures: pages, plots, workbook."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from back_office.figures import plot, sheet
from back_office.figures.questions import QUESTIONS
from back_office.figures.tables import Column, FigureTable, Line
from foundation.accounts.choices import Role
from tests import factories as make
from waitlist.models import FreedTime

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(sign_in):
    return sign_in(Role.HEAD)


def url(name, page="figures", **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{reverse(f'office:{page}', args=[name])}?{query}"


def freed(number, *, minutes=12):
    """Makes times that were given back just now, and were phoned about after so many minutes."""
    shift = make.shift(make.doctor(make.service(make.specialty())), days=3, slots=number)
    now = timezone.now()
    for slot in make.slots_of(shift):
        made = FreedTime.objects.create(
            slot=slot, starts_at=slot.starts_at, look_at=now, ended_at=now, outcome="taken", channel="site"
        )
        FreedTime.objects.filter(pk=made.pk).update(phoned_at=made.freed_at + timedelta(minutes=minutes))


def test_the_first_page_leads_to_the_first_question(head):
    assert head.get(reverse("office:figures_first")).url == reverse("office:figures", args=["first_dial"])


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_empty_clinic_has_every_page(head, name):
    page = head.get(url(name))
    assert page.status_code == 200
    assert len(page.context["tables"]) >= 1


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_page_asks_as_often_for_many_as_for_one(head, name):
    head.get(url(name))

    def asked() -> int:
        with CaptureQueriesContext(connection) as statements:
            head.get(url(name))
        return len(statements)

    freed(1)
    make.entry(make.specialty())
    few = asked()
    freed(5)
    make.entry(make.specialty("Трихология", "трихолог"))
    assert asked() == few


def test_a_nobodys_question_is_not_there(head):
    for page in ("figures", "figures_file"):
        assert head.get(reverse(f"office:{page}", args=["weather"])).status_code == 404


def test_the_plot_has_the_numbers_of_the_table(head):
    freed(2)
    text = head.get(url("first_dial")).content.decode()
    (drawn, *_others) = re.findall(r"<figure class=\"plot\">.*?</figure>", text, re.S)
    assert "12,0" in drawn
    assert "style=" not in drawn
    labelled = re.search(r'aria-labelledby="(\S+) (\S+)"', drawn)
    assert all(f'id="{part}"' in drawn for part in labelled.groups())


def test_days_are_chosen_or_refused_beside_the_field(head):
    page = head.get(url("refilled", since="01.10.2026", until="03.10.2026"))
    assert (page.context["days"].first.day, page.context["days"].last.day) == (1, 3)
    for wrong in ({"since": "03.10.2026", "until": "01.10.2026"}, {"since": "01.01.2026", "until": "01.10.2026"}):
        page = head.get(url("refilled", **wrong))
        today = timezone.localdate()
        assert page.context["form"].errors
        assert (page.context["days"].first, page.context["days"].last) == (today - timedelta(days=6), today)


def test_the_workbook_has_the_same_numbers(head):
    freed(3)
    answer = head.get(url("refilled", "figures_file"))
    book = load_workbook(BytesIO(answer.content))
    notice, route, specialty = book.worksheets
    assert [cell.value for cell in notice[4]][1:] == [3, 0, 100]
    assert [row[1].value for row in route.iter_rows(min_row=2)] == [0, 3, 0, 0, 0, 0]
    assert specialty.max_row == 3
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["=1+1", "+7921", "-2", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_workbook_is_run(name):
    table = FigureTable("Лист/=1", "=1", [Column("@имя")], [Line(name, [1])], Line(name, [None]))
    (page,) = load_workbook(BytesIO(sheet.workbook([table]))).worksheets
    cells = [cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert all(cell.value.startswith("'") for cell in cells)


@pytest.mark.parametrize("in_time", [True, False])
def test_bars_stay_inside_and_the_highest_is_the_most(in_time):
    lines = [Line(f"день {number}", [number, None, number / 2]) for number in range(12)]
    columns = [Column("раз", plotted=True), Column("два"), Column("три", 1, plotted=True)]
    drawn = plot.Plot.of(FigureTable("Всё", "День", columns, lines, in_time=in_time), key="x")
    sizes = [float(bar.height if in_time else bar.width.rstrip("%")) for bar in drawn.bars]
    most = plot.HEIGHT if in_time else plot.WIDEST
    assert max(sizes) == most
    assert all(float(bar.y) + float(bar.height) <= drawn.height for bar in drawn.bars)
    assert all(float(bar.x.rstrip("%")) + float(bar.width.rstrip("%")) <= 100.1 for bar in drawn.bars)
    assert [name for _series, name in drawn.legend] == ["раз", "три"]


def test_a_plot_of_nothing_says_so():
    drawn = plot.Plot.of(FigureTable("Всё", "День", [Column("раз", plotted=True)], [Line("пн", [None])]), key="x")
    assert "нечего" in drawn.description


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_only_the_head_reads_figures(sign_in, role):
    assert sign_in(role).get(url("unmet")).status_code == 403
