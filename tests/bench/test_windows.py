from collections import Counter

import pytest

from bench import windows
from bench.client import Sample, Unexpected


def sample(*latencies, seconds=1.0, status=200):
    return Sample(list(latencies), Counter({status: len(latencies)}), seconds)


def test_series_is_told_by_the_median_of_its_windows():
    series = windows.Series([sample(1, 1, 1), sample(9, 9, 9), sample(2, 2, 2, seconds=0.5)])
    assert series.p50 == 2
    assert series.rate == 3


def test_percentiles_of_a_window():
    found = sample(*range(1, 101))
    assert [found.percentile(50), found.percentile(95), found.percentile(100)] == [51, 96, 100]


def test_things_are_measured_in_turns():
    order = []
    windows.in_turns(*(lambda name=name: order.append(name) or sample(1) for name in "AB"), windows=3)
    assert "".join(order) == "ABABAB"


def test_processor_times_are_read_from_the_first_line():
    assert windows.parse("cpu  10 1 20 300 5 0 6 7 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n") == [10, 1, 20, 300, 5, 0, 6, 7]


@pytest.mark.parametrize(("stolen", "share"), [(0, 0.0), (25, 0.25)])
def test_stolen_share_is_of_all_that_passed(stolen, share):
    before = [100, 0, 100, 100, 0, 0, 0, 50]
    after = [100 + 50, 0, 100 + 25 - stolen, 100 + 25, 0, 0, 0, 50 + stolen]
    assert windows.stolen_share(before, after) == share


def test_no_time_has_passed_is_nothing_stolen():
    assert windows.stolen_share([1] * 8, [1] * 8) == 0.0


def test_robbed_window_is_measured_again(monkeypatch):
    stolen = iter([0, 50, 50, 50])
    monkeypatch.setattr(windows, "processor_times", lambda: [0] * 7 + [next(stolen)])
    seen = iter([sample(1), sample(2)])
    found, robbed = windows.undisturbed(lambda: next(seen))
    assert (found.latencies, robbed) == ([2], False)


def test_window_robbed_every_time_is_kept_and_said(monkeypatch):
    stolen = iter(range(0, 1000, 50))
    monkeypatch.setattr(windows, "processor_times", lambda: [0] * 7 + [next(stolen)])
    [series] = windows.in_turns(lambda: sample(1), windows=2, retries=1)
    assert (len(series.samples), series.stolen) == (2, 2)


def test_another_answer_than_the_measured_one_is_no_measurement():
    with pytest.raises(Unexpected):
        sample(1, status=500).require(200)
    with pytest.raises(Unexpected):
        sample().require(200)
