"""Brings the database, the static files and the demo clinic up to date, in one process: Django loads slowly.

`python -m standalone.prepare migrate static demo`, or any of them.
"""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from standalone.speech import say


def migrate() -> None:
    say("Обновляю устройство базы данных")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def static() -> None:
    say("Собираю стили и скрипты")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def demo() -> None:
    if settings.DEMO:
        say("Проверяю данные клиники: пустую базу заполню примером")
        call_command("demo", if_empty=True)
        with Path(settings.STATIC_ROOT).with_name("logins.txt").open("w", encoding="utf-8") as output:
            call_command("demo", logins=True, stdout=output)


STEPS = {"migrate": migrate, "static": static, "demo": demo}

if __name__ == "__main__":
    django.setup()
    for name in sys.argv[1:]:
        STEPS[name]()
