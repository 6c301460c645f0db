from django.core.management.base import BaseCommand, CommandError, CommandParser

from standalone.demo import builder
from standalone.demo.logins import DEMO_LOGINS


class Command(BaseCommand):
    help = "Наполняет пустую базу вымышленной клиникой: врачи, расписание, пациенты, записи, лист ожидания."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="молча ничего не делать, если данные уже есть")
        parser.add_argument("--logins", action="store_true", help="только показать логины демонстрации")

    def handle(self, *, if_empty: bool, logins: bool, **options: object) -> None:
        if logins:
            self.show_logins()
            return
        try:
            made = builder.build()
        except builder.DataExists:
            if if_empty:
                return
            raise CommandError("В базе уже есть данные. Демонстрацию можно создать только в пустой базе.") from None
        self.stdout.write(
            f"Готово. Врачей: {made.doctors}, пациентов: {made.patients}, времён в расписании: {made.slots}, "
            f"записей: {made.appointments}, в листе ожидания: {made.waiting}."
        )
        self.show_logins()

    def show_logins(self) -> None:
        wide = max(len(login.label) for login in DEMO_LOGINS)
        for login in DEMO_LOGINS:
            self.stdout.write(f"{login.label:<{wide}}  {login.username:<10}  {login.password}")
