"""Brings the database, the static files and the demo clinic up to date, in one process: Django loads slowly.

`python -m standalone.prepare migrate static demo`, or any of them.
"""

import os
import sys
from pathlib import Path
from typing import TextIO

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
    with _logins() as output:
        if not settings.DEMO:
            call_command("first_run_key", if_new=True, stdout=output)
            return
        say("Проверяю данные клиники: пустую базу заполню примером")
        call_command("demo", if_empty=True)
        call_command("demo", logins=True, stdout=output)


def _logins() -> TextIO:
    """Opens the file that is printed when the clinic is open: how one signs in. It is for whoever started it alone."""
    file = Path(settings.STATIC_ROOT).with_name("logins.txt")
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


STEPS = {"migrate": migrate, "static": static, "demo": demo}

if __name__ == "__main__":
    os.environ["AS_OWNER"] = "1"
    django.setup()
    for name in sys.argv[1:]:
        STEPS[name]()
