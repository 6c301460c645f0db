"""Runs one race: everybody is brought as far as the last request, then all of them press at once."""

import random
import re
from collections.abc import Sequence
from itertools import islice

from django.utils import timezone

from bench import overlaps
from bench.race import paths
from bench.race.plan import MIXED, MIXED_OFFERED, Race
from bench.race.verdict import WON, Round, Told
from bench.race.volley import Shot, fire
from bench.race.world import World
from bench.requests import Request
from scheduling.models import Slot

BESIDE = 5
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Racer = tuple[str, Request]


def run(world: World, port: int, race: Race, *, rng: random.Random) -> Round:
    wanted, others = world.next_slot(), [world.next_slot() for _ in range(BESIDE)]
    racers = line_up(world, wanted, race)
    beside = [("рядом", request) for request in paths.beside(world, others)]
    everybody = [*((racer, False) for racer in racers), *((racer, True) for racer in beside)]
    rng.shuffle(everybody)
    shots = fire(port, [request.render() for (_path, request), _beside in everybody])
    told = [_told(world, wanted, path, shot, aside) for ((path, _), aside), shot in zip(everybody, shots, strict=True)]
    return Round(
        kind=race.kind,
        told=told,
        taken=holds(wanted) if race.kind == paths.HOLDS else overlaps.in_slot(wanted),
        lost_beside=lost_beside(told, others),
    )


def line_up(world: World, slot: Slot, race: Race) -> list[Racer]:
    if race.kind == paths.HOLDS:
        return [(race.kind, request) for request in paths.site_time(world, slot, race.clients)]
    if race.kind in paths.PATHS:
        return [(race.kind, request) for request in paths.PATHS[race.kind](world, slot, race.clients)]
    if race.kind == MIXED:
        return mixture(world, slot, race.clients)
    racers = mixture(world, slot, race.clients - 1)
    racers.append((paths.OFFERED, paths.offered(world, slot)))
    if race.kind == MIXED_OFFERED:
        paths.lapse(slot)
    return racers


def mixture(world: World, slot: Slot, number: int) -> list[Racer]:
    """Returns equally many people of each path."""
    share = -(-number // len(paths.PATHS))
    found = [(name, request) for name, path in paths.PATHS.items() for request in path(world, slot, share)]
    by_turns = [found[at] for first in range(share) for at in range(first, len(found), share)]
    return list(islice(by_turns, number))


def _told(world: World, wanted: Slot, path: str, shot: Shot, beside: bool) -> Told:
    named = {found.decode() for found in UUID.findall(shot.answer.body)}
    others = len((named & world.times) - {str(wanted.pk)})
    return Told(path, shot.answer.status, shot.ms, others, beside)


def holds(slot: Slot) -> int:
    """Counts slots that are kept for a person and not booked: one or none."""
    return Slot.objects.filter(pk=slot.pk, appointment=None, held_until__gt=timezone.now()).count()


def lost_beside(told: Sequence[Told], slots: Sequence[Slot]) -> int:
    """Counts the losers beside, by what they were told or by what became of their slots, whichever is more."""
    booked = Slot.objects.filter(pk__in=[slot.pk for slot in slots], appointment__isnull=False).count()
    return max(sum(one.beside and one.status != WON for one in told), len(slots) - booked)
