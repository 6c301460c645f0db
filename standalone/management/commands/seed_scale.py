from argparse import ArgumentTypeError
from time import monotonic

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from standalone.demo import builder
from standalone.seeding import loader, sizes, waiting, worksheet

REFUSALS = {
    loader.SuperuserNeeded: "Нужны права суперпользователя PostgreSQL: загрузка усыпляет индексы.",
    builder.DataExists: "В базе уже есть данные. Сеть клиник можно создать только в пустой базе.",
    loader.CutOff: "Прошлая загрузка оборвана, в базе не хватает индексов. Удалите базу и создайте её заново.",
    worksheet.TooFewPatients: "Слишком мало пациентов для стольких врачей. Увеличьте --patients.",
    waiting.TooManyWaiting: "Слишком большой лист ожидания: у пациента одна заявка на специальность. "
    "Увеличьте --patients или уменьшите --waiting.",
}


def number(text: str) -> int:
    try:
        return sizes.number(text)
    except sizes.BadNumber:
        raise ArgumentTypeError(f"Не число: {text}. Примеры: 500, 10k, 1m.") from None


class Command(BaseCommand):
    help = "Наполняет пустую базу вымышленной сетью клиник любого размера, чтобы измерять на ней скорость."
    began = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slots", type=number, default=10_000, help="времён в расписании: 10k, 1m, 10m")
        parser.add_argument("--patients", type=number, default=10_000, help="пациентов: 10k, 1m")
        parser.add_argument("--waiting", type=number, default=1000, help="заявок в листе ожидания: 1k, 500k")

    def handle(self, *, slots: int, patients: int, waiting: int, **options: object) -> None:
        self.began = monotonic()
        plan = sizes.plan(slots=slots, today=timezone.localdate())
        try:
            made = loader.load(plan=plan, patients=patients, waiting_entries=waiting, say=self.say)
        except tuple(REFUSALS) as error:
            raise CommandError(REFUSALS[type(error)]) from None
        self.say(", ".join(f"{what}: {count}" for what, count in made.items()))
        self.say("Готово.")

    def say(self, text: str) -> None:
        self.stdout.write(f"{monotonic() - self.began:4.0f} с  {text}")
        self.stdout.flush()
