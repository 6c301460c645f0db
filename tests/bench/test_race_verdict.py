"""The judge of the races notices what must not happen."""

from bench.race import rows
from bench.race.verdict import Round, Told, heard, tally


def told(*statuses, others=3, ms=10.0):
    return [Told("телефон", status, ms, others) for status in statuses]


def one(*statuses, taken=1, lost_beside=0, **columns):
    return Round("телефон", told(*statuses, **columns), taken, lost_beside)


def test_one_winner_and_clean_refusals_are_good():
    found = tally([one(302, 409, 409), one(409, 302, 409)])
    assert found.ok
    assert (found.decided, found.heard.statuses[409]) == (2, 4)


def test_a_slot_sold_twice_is_noticed():
    assert not tally([one(302, 409), one(302, 302, 409, taken=2)]).ok
    assert rows.control(one(302, 302, taken=2)).ok
    assert not rows.control(one(302, 409)).ok


def test_two_who_believe_that_they_won_are_noticed_though_the_database_holds_one():
    assert tally([one(302, 302, 409)]).decided == 0


def test_a_slot_that_nobody_got_is_noticed():
    assert not tally([one(409, 409, taken=0)]).ok


def test_broken_hanging_and_foreign_answers_are_counted_apart():
    found = heard(told(302, 409, 500, 503, 0, 422, 200))
    assert (found.faults, found.others) == (3, 2)
    assert not tally([one(302, 500)]).ok
    assert not tally([one(302, 422)]).ok
    assert not tally([one(302, 409, ms=5001.0)]).ok


def test_a_refusal_names_three_other_times():
    found = tally([one(302, 409, 409, others=2)])
    assert found.bare == 2
    assert not found.ok


def test_who_wanted_another_slot_is_no_rival():
    beside = Told("рядом", 302, 10.0, beside=True)
    assert tally([Round("телефон", [*told(302, 409), beside], 1)]).ok
    assert not tally([one(302, 409, lost_beside=1)]).ok


def test_constraints_alone_are_judged_by_the_database_only():
    assert rows.unguarded([(None, one(302, 500, 422))]).ok
    assert not rows.unguarded([(None, one(302, 302, taken=2))]).ok
