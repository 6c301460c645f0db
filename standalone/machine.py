"""Finds what this machine allows: the user of Postgres, and the places of data and sockets."""

import hashlib
import locale
import os
import pwd
import stat
import tempfile
from pathlib import Path
from typing import TypedDict

from standalone.speech import Refusal

SOCKET_PATH_LIMIT = 100
"""Length in bytes. The kernel takes 107 (103 on macOS) and ends with an unreadable message beyond."""


class Identity(TypedDict, total=False):
    """Arguments of Popen; empty where the server runs as the person who started it."""

    user: int
    group: int
    extra_groups: list[int]


def server_identity() -> Identity:
    """Returns the user that the servers run as, because Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Refusal("Нет пользователя postgres или nobody. Создайте: useradd --system postgres")


def person() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Refusal(f"У пользователя с номером {os.geteuid()} нет имени в системе (/etc/passwd).") from None


def others_can_enter(folder: Path) -> bool:
    """Tells whether any user may walk into `folder`, or will be able to once it is made."""
    folder = folder.resolve()
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents) if path.exists())


def state_place(root: Path, *, shared: bool) -> Path:
    """Returns the folder of data, logs and keys: `local/` in the project.

    `shared`: another user (Postgres under root) has to reach it. Where they cannot, it is a folder of our own under
    /var/lib: nobody's folders are opened up.
    """
    folder = root / "local"
    if shared and not others_can_enter(folder):
        return Path("/var/lib") / f"clinic-{short_name(root)}"
    return folder


def state_folder(root: Path, *, shared: bool) -> Path:
    folder = state_place(root, shared=shared)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"Не удалось создать папку {folder}: {error.strerror}.") from error
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise Refusal(
            f"Папка {folder} принадлежит другому пользователю: {_name(owner)}. Запускайте под его именем "
            f"или скопируйте проект к себе без папок local и .venv."
        )
    return folder


def socket_folder(home: Path, longest_name: str, identity: Identity | None = None) -> Path:
    """Returns `home` itself, or a short folder of our own when the socket's path would be too long."""
    if len(os.fsencode(home / longest_name)) <= SOCKET_PATH_LIMIT:
        return home
    folder = Path(tempfile.gettempdir()) / f"clinic-{os.geteuid()}-{short_name(home)}"
    if len(os.fsencode(folder / longest_name)) > SOCKET_PATH_LIMIT:
        folder = Path("/tmp") / folder.name  # ours alone: checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = (identity or {}).get("user", os.geteuid())
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in (os.geteuid(), owner):
        raise Refusal(f"Папка {folder} принадлежит другому пользователю. Удалите её и повторите.")
    return folder


def give(folder: Path, identity: Identity) -> None:
    """Gives a folder of our own to the server, which writes there; under root others may pass through to the socket."""
    folder.mkdir(parents=True, exist_ok=True)
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    folder.chmod(0o711 if identity else 0o700)


def utf8_locale() -> str:
    """Returns the first UTF-8 locale of the machine: with plain C, lower() leaves Cyrillic alone and search fails."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "ru_RU.UTF-8", "en_US.UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise Refusal("Нет ни одной локали UTF-8. Установите: sudo apt install locales-all")


def tuning() -> list[str]:
    """Returns settings of a Postgres that is measured: its share of this machine's memory, no surprise checkpoints."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = min(2048, memory // 5)
    memory_settings = [f"shared_buffers={shared}MB", f"effective_cache_size={memory // 2}MB"]
    return [*memory_settings, "max_wal_size=4GB", "max_connections=300"]


def short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:8]


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
