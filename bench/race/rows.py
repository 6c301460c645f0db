"""The table of the races."""

from collections.abc import Sequence

from bench.race import paths
from bench.race.plan import Race
from bench.race.verdict import Round, Told, heard, tally
from bench.report import Row

Raced = Sequence[tuple[Race, Round]]
BAR, ONCE = "один, остальным 409", "занято однажды"


def of(raced: Raced) -> list[Row]:
    """Returns rows for everybody together by the size of the race, then by path; then for each path alone."""
    together = [(race, found) for race, found in raced if race.kind not in paths.ALONE]
    found = []
    for workers, clients in sorted({(race.workers, race.clients) for race, _found in together}):
        same = [each for race, each in together if (race.workers, race.clients) == (workers, clients)]
        found.append(race_row(f"все вместе: процессов {workers}, клиентов {clients}", same))
    found += by_path([one for _race, each in together for one in each.told])
    alone = {kind: [each for race, each in raced if race.kind == kind] for kind in paths.ALONE}
    return found + [race_row(f"только {kind}", rounds) for kind, rounds in alone.items() if rounds]


def race_row(name: str, rounds: Sequence[Round]) -> Row:
    found = tally(rounds)
    return Row(name, str(found), BAR, found.ok, found.numbers)


def by_path(told: Sequence[Told]) -> list[Row]:
    """Returns rows of answers by path, where all paths met."""
    names = dict.fromkeys(one.path for one in sorted(told, key=lambda one: one.path))
    return [Row(f"  {name}", str(heard([one for one in told if one.path == name]))) for name in names]


def unguarded(raced: Raced) -> Row:
    """Returns the row of races without the guard: whatever the losers are told, the slot has one visit."""
    found = tally(each for _race, each in raced)
    once = sum(each.taken == 1 for _race, each in raced)
    value = f"занято однажды {once}/{len(raced)}; {found.heard}"
    return Row("без проверок приложения, одни ограничения", value, ONCE, once == len(raced), found.numbers)


def overlaps(pairs: dict[str, int]) -> Row:
    value = f"у врача {pairs['doctor']}, в кабинете {pairs['room']}, у пациента {pairs['patient']}"
    return Row("пересечений приёмов во всей базе", value, "0", not any(pairs.values()), dict(pairs))


def control(found: Round) -> Row:
    """Returns the row of the control: the races do meet, and a slot that is sold twice is noticed."""
    noticed = found.taken > 1 and not found.ok
    return Row("контроль: без проверок и без ограничений", f"занято раз: {found.taken}", "> 1", noticed)
