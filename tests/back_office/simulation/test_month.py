"""A month that is published in the simulation is told to people one by one (T104)."""

from dataclasses import replace

from back_office.simulation import month, report
from back_office.simulation.runs import play
from tests.back_office.simulation.test_play import SMALL


def test_people_are_told_of_a_published_month_once(db, monkeypatch):
    monkeypatch.setattr(month, "PEOPLE", 12)
    monkeypatch.setattr(month, "DOCTORS", 1)
    monkeypatch.setattr(month, "DAY_OF_WARM", 0)
    told = play(replace(SMALL, month=True, cancelled=0.1, operators=2)).month
    assert told.people == 12
    assert told.dials > 0
    assert told.proposals == 1
    assert told.attempts <= 3


def test_the_report_of_a_month_has_its_bars():
    assert "опубликованному" in str([figure.name for figure in report.figures(_measures())])


def _measures():
    from back_office.simulation.measures import Calls, Holds, Measures
    from back_office.simulation.world import World

    world = World(month=True)
    return Measures(world, Holds(world, slots_of_week=100), Calls(world), fitting=0.3)
