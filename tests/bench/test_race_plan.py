from collections import Counter

from bench.race.plan import MIXED, MIXED_OFFERED, races

ALONE = [f"путь {number}" for number in range(10)]


def test_a_hundred_races_have_every_path_alone_and_all_sizes():
    planned = races(100, alone=ALONE, clients=(50, 200))
    assert Counter((race.workers, race.clients) for race in planned) == {
        (2, 50): 25,
        (2, 200): 25,
        (8, 50): 25,
        (8, 200): 25,
    }
    kinds = Counter(race.kind for race in planned)
    assert {kinds[path] for path in ALONE} == {4}
    assert (kinds[MIXED], kinds[MIXED_OFFERED]) == (40, 20)


def test_each_server_is_started_once():
    workers = [race.workers for race in races(7, alone=ALONE, clients=(50, 200))]
    assert workers == sorted(workers)
    assert len(workers) == 7
