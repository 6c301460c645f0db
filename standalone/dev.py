"""Runs the clinic for development: parts restart when a file changes, and pages show what they cost."""

from standalone import made
from standalone.serve import address, binding, check_free, log, read_host, read_port, stay_open, wait_ready
from standalone.speech import say
from standalone.stack import Stack, python
from standalone.supervisor import ROOT

VARIABLES = {"DEBUG": "1", "DEBUG_TOOLBAR": "1"}


def dev() -> int:
    host, port = read_host(), read_port()
    with Stack("dev", address=address(host, port)) as stack:
        stack.environment |= VARIABLES
        return stay_open(stack, lambda: open_workshop(stack, host, port))


def open_workshop(stack: Stack, host: str, port: int) -> None:
    check_free(host, port)
    made.compile_catalogues(stack.step)
    made.prepare(stack.step, stack.folder, "migrate", "demo")
    say("Запускаю сайт и обработчик задач; они перезапускаются сами, когда меняется файл")
    schedule = stack.folder / "beat-schedule"
    for name, command in (
        ("worker", python("standalone.reloading", "celery", "-A", "clinic", "worker", "-B", "-s", schedule)),
        ("web", python("manage", "runserver", binding(host, port))),
    ):
        stack.supervisor.launch(name, command, log=log(stack, name), cwd=ROOT, env=stack.environment)
    wait_ready(stack, host, port)
