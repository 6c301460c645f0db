from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.demo import builder
from clinic.demo.scale import loader, sizes, waiting, worksheet

REFUSALS = {
    builder.DataExists: "В базе уже есть данные. Сеть клиник можно создать только в пустой базе.",
    loader.CutOff: "Прошлая загрузка оборвана, в базе не хватает индексов. Удалите базу и создайте её заново.",
    worksheet.TooFewPatients: "Слишком мало пациентов для стольких врачей. Увеличьте --patients.",
    waiting.TooManyWaiting: "Слишком большой лист ожидания: у пациента одна заявка на специальность. "
    "Увеличьте --patients или уменьшите --waiting.",
}


class Command(BaseCommand):
    help = "Наполняет пустую базу вымышленной сетью клиник любого размера, чтобы измерять на ней скорость."

    def add_arguments(self, parser):
        parser.add_argument("--slots", type=self.number, default=10_000, help="времён в расписании: 10k, 1m, 10m")
        parser.add_argument("--patients", type=self.number, default=10_000, help="пациентов: 10k, 1m")
        parser.add_argument("--waiting", type=self.number, default=1000, help="заявок в листе ожидания: 1k, 500k")

    def handle(self, *, slots, patients, waiting, **options):
        plan = sizes.plan(slots=slots, today=timezone.localdate())
        try:
            made = loader.load(plan=plan, patients=patients, waiting_entries=waiting, say=self.say)
        except tuple(REFUSALS) as error:
            raise CommandError(REFUSALS[type(error)]) from None
        for what, count in made.rows.items():
            self.say(f"{what}: {count}")
        self.say(f"Готово за {made.seconds:.0f} с.")

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    @staticmethod
    def number(text):
        try:
            return sizes.number(text)
        except sizes.BadNumber:
            raise CommandError(f"Не число: {text}. Примеры: 500, 10k, 1m.") from None
