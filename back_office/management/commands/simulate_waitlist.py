"""Plays weeks of the waitlist through the product's own verbs and prints the measures of T100–T105."""

from dataclasses import replace
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandParser

from back_office.simulation import report
from back_office.simulation.clock import DAY, SimulatedClock, living_in
from back_office.simulation.database import throwaway
from back_office.simulation.runs import Run, by_operators, play_all, without_caps
from back_office.simulation.world import World

USUAL = World()


class Command(BaseCommand):
    help = "Проигрывает недели листа ожидания на временной базе и печатает, что вышло рядом с планками и моделью."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=USUAL.days, help="сколько дней мерить")
        parser.add_argument("--warm-up", type=int, default=USUAL.warm_up, help="сколько дней разгона перед ними")
        parser.add_argument("--operators", default=str(USUAL.operators), help="операторов: 3 или 1..4")
        parser.add_argument("--load", type=float, default=USUAL.load, help="доля их времени на входящие звонки")
        parser.add_argument("--public", type=float, default=USUAL.public, help="желающих на свободное время в час")
        parser.add_argument("--seed", type=int, default=USUAL.seed, help="то же число — те же недели")
        parser.add_argument("--doctors", type=int, default=USUAL.doctors, help="врачей, по два на специальность")
        parser.add_argument("--waiting", type=int, default=USUAL.waiting, help="людей в листе каждой специальности")
        parser.add_argument("--even", action="store_true", help="время подходит каждому жребием, как в модели")
        parser.add_argument("--message-first", action="store_true", help="сначала сообщение тем, кому время подходит")
        parser.add_argument("--month", action="store_true", help="ещё раз, с месяцем на 500 ожидающих (T104)")
        parser.add_argument(
            "--minutes", type=float, help="остановить прогон через столько минут и напечатать, что есть"
        )
        parser.add_argument("--caps", action="store_true", help="ещё раз без каждого из пределов")

    def handle(self, **options: object) -> None:
        first, *others = numbers(str(options["operators"]))
        chosen = {
            name: options[name]
            for name in ("days", "warm_up", "load", "public", "seed", "waiting", "even", "message_first")
        }
        doctors = int(str(options["doctors"]))
        world = World(operators=first, doctors=doctors, specialties=doctors // 2, **chosen)  # type: ignore[arg-type]  # argparse has made the types
        runs = [Run(f"операторов: {first}", world)]
        runs += [Run("с месяцем", replace(world, month=True))] if options["month"] else []
        runs += by_operators(world, others)
        runs += without_caps(world) if options["caps"] else []
        minutes = float(str(options["minutes"] or 0))
        self._play(runs, timedelta(minutes=minutes) if minutes else None)

    def _play(self, runs: list[Run], within: timedelta | None) -> None:
        with living_in(SimulatedClock()), throwaway():
            results = []
            for run, measures in play_all(runs, within=within, told=self._tell):
                results.append((run, measures))
                self._say(f"\n## {run.name}: дней {measures.world.days}, зерно {run.world.seed}")
                self._say(
                    f"подходит времён своей специальности: {100 * measures.fitting:.0f} %; считалось {measures.took}"
                )
                self._say(*report.lines(measures))
        if len(results) > 1:
            self._say("\n## Рядом", *report.comparison(results))

    def _tell(self, minute: float, seconds: float) -> None:
        self.stderr.write(f"прошло дней: {minute / DAY:.0f}, секунд: {seconds:.0f}")

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()


def numbers(text: str) -> list[int]:
    """Returns 1, 2, 3, 4 for «1..4» and 3 for «3»."""
    first, _dots, last = text.partition("..")
    return list(range(int(first), int(last or first) + 1))
