"""Runs the whole clinic: servers, web, worker and beat, until it is told to stop."""

import http.client
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from standalone import made
from standalone.server import READY_SECONDS
from standalone.speech import Refusal, complain, say, tail
from standalone.stack import Stack, python
from standalone.supervisor import ROOT, Stopped

WEB = ["--worker-class", "gthread", "--workers", 2, "--threads", 8, "--graceful-timeout", 10]
LOOK_SECONDS = 0.5
WORKER = ["--concurrency", 2, "--loglevel", "warning", "--without-mingle", "--without-gossip"]


def serve() -> int:
    host, port = read_host(), read_port()
    with Stack("serve", address=address(host, port)) as stack:
        return stay_open(stack, lambda: open_clinic(stack, host, port))


def open_clinic(stack: Stack, host: str, port: int) -> None:
    check_free(host, port)
    made.compile_catalogues(stack.step)
    made.prepare(stack.step, stack.folder, "migrate", *made.static_if_stale(stack.folder), "demo")
    launch(stack, host, port)
    wait_ready(stack, host, port)


def stay_open(stack: Stack, start: Callable[[], None]) -> int:
    """Starts the clinic and watches over it until it is stopped."""
    try:
        start()
        tell(stack)
        watch(stack)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except Stopped:
        return 0
    finally:
        say("Останавливаю")


def watch(stack: Stack) -> NoReturn:
    """Starts again what dies, and keeps the logs short, until a signal stops it."""
    while True:
        stack.supervisor.revive()
        stack.supervisor.cut_logs()
        time.sleep(LOOK_SECONDS)


def read_host() -> str:
    return os.environ.get("HOST") or "127.0.0.1"


def read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT должен быть числом от 1 до 65535, а не «{text}».")
    return int(text)


def address(host: str, port: int) -> str:
    name = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def binding(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                f"Не удалось занять {host}:{port} ({error.strerror}). "
                f"Выберите другой порт: PORT={port + 10} python3 run.py"
            ) from error


def launch(stack: Stack, host: str, port: int) -> None:
    say("Запускаю сайт, обработчик задач и планировщик")
    schedule = stack.folder / "beat-schedule"
    for name, command in (
        ("worker", python("celery", "-A", "clinic", "worker", *WORKER)),
        ("beat", python("celery", "-A", "clinic", "beat", "-s", schedule, "--pidfile=", "-l", "warning")),
        ("web", python("gunicorn", "clinic.wsgi", "--bind", binding(host, port), "--no-control-socket", *WEB)),
    ):
        own = {"MIGRATION_DATABASE_URL": "", "DB_POOL": "1" if name == "web" else ""}  # none of them owns a table
        stack.supervisor.launch(name, command, log=log(stack, name), cwd=ROOT, env={**stack.environment, **own})


def log(stack: Stack, name: str) -> Path:
    return stack.folder / "logs" / f"{name}.log"


def wait_ready(stack: Stack, host: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while (answer := fetch_readyz(host, port))[0] != 200:
        stack.supervisor.check()
        if time.monotonic() > deadline:
            raise Refusal(
                f"Сайт не готов за {READY_SECONDS} секунд: {answer[1]}\n"
                f"Журнал {log(stack, 'web')}:\n{tail(log(stack, 'web'))}"
            )
        time.sleep(0.1)


def fetch_readyz(host: str, port: int) -> tuple[int, str]:
    """Asks `/readyz` straight over the socket, past any proxy of the person's shell."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(local, port, timeout=10)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        return response.status, response.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def tell(stack: Stack) -> None:
    print(f"\nКлиника открыта: {stack.address}\nДля сотрудников: {stack.address}office/\n", flush=True)
    logins = stack.folder / "logins.txt"
    if logins.exists():
        print(logins.read_text(encoding="utf-8"), flush=True)
    print(f"Списки приёма на бумаге: {stack.folder / 'paper'}")
    print(f"Журналы: {stack.folder / 'logs'}\nОстановить: Ctrl-C", flush=True)
