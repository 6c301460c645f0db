"""T01 from outside: one free slot and everybody who wants it, on every path and at the same moment."""

import random
from collections.abc import Sequence
from itertools import groupby

from django.db import connection

from bench import overlaps
from bench.databases import Database
from bench.harness import Bench
from bench.race import paths, plan, rows
from bench.race import round as one_race
from bench.race.plan import Race
from bench.race.rows import Raced
from bench.race.verdict import Round
from bench.race.world import World
from bench.report import Row
from scheduling.models import Appointment
from standalone.speech import say

TITLE = "Гонка: одно свободное время и все, кто его хочет"
LONG = True
SLOTS, PATIENTS = 100_000, 100_000
CLIENTS, QUICK_CLIENTS = (50, 200), (10, 30)
UNGUARDED_SHARE = 5
"""One race of so many is run again without the application's guard."""
ONCE = ("appointment_doctor_once", "appointment_room_once", "appointment_patient_once")


def run(bench: Bench) -> list[Row]:
    clients = QUICK_CLIENTS if bench.options.quick else CLIENTS
    races = plan.races(bench.options.rounds, alone=paths.ALONE, clients=clients)
    with bench.copy(bench.database(SLOTS, patients=PATIENTS)) as database, database.here():
        world = World()
        say("Гонки с проверками приложения")
        guarded = raced(bench, database, world, races)
        say("Гонки без проверок и замков приложения")
        alone = unguarded(bench, database, world, clients)
        pairs = overlaps.count()
        say("Контроль: сняты и ограничения базы")
        return [
            *rows.of(guarded),
            rows.unguarded(alone),
            rows.overlaps(pairs),
            rows.control(without_constraints(bench, database, world, clients)),
        ]


def raced(bench: Bench, database: Database, world: World, races: Sequence[Race], *, server: str = "gunicorn") -> Raced:
    rng, found = random.Random(317), []
    for workers, group in groupby(races, key=lambda race: race.workers):
        with bench.web(database, workers=workers, server=server) as web:
            for race in group:
                found.append((race, one_race.run(world, web.port, race, rng=rng)))
    return found


def unguarded(bench: Bench, database: Database, world: World, clients: Sequence[int]) -> Raced:
    """Runs races without the guard, half of them with everybody together, the others path by path."""
    number = max(2, bench.options.rounds // UNGUARDED_SHARE)
    alone = list(paths.PATHS)
    kinds = [plan.MIXED if turn % 2 else alone[turn // 2 % len(alone)] for turn in range(number)]
    races = [Race(plan.WORKERS[-1], clients[0], kind) for kind in kinds]
    return raced(bench, database, world, races, server="unguarded")


def without_constraints(bench: Bench, database: Database, world: World, clients: Sequence[int]) -> Round:
    """Runs the same race with nothing at all in the way: it has to be lost."""
    with connection.cursor() as cursor:
        for name in ONCE:
            cursor.execute(f"ALTER TABLE {Appointment._meta.db_table} DROP CONSTRAINT {name}")
    race = Race(plan.WORKERS[-1], clients[0], "телефон")
    ((_race, found),) = raced(bench, database, world, [race], server="unguarded")
    return found
