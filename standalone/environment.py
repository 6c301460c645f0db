"""Makes the environment variables of the clinic's processes."""

import base64
import os
import secrets
import sys
from pathlib import Path

from standalone.speech import Refusal


def read_keys(folder: Path, *, needed: bool = False) -> dict[str, str]:
    """Returns keys made once for this state folder.

    `needed`: there are data already that only the old keys can read.
    """
    file = folder / "keys.env"
    if not file.exists():
        if needed:
            raise Refusal(
                f"Пропал файл ключей {file}: без него не прочитать номера документов в базе. "
                f"Верните его из копии или удалите папку {folder}, чтобы начать с пустой базы."
            )
        write_keys(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


def write_keys(file: Path) -> None:
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{random_key()}",
        "BLIND_INDEX_KEY": random_key(),
    }
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.writelines(f"{name}={value}\n" for name, value in keys.items())
    new.replace(file)


FOR_A_LOOK = {"CALL_HOURS": "00:00-24:00,00:00-24:00"}
"""The example is looked at at any hour: its operators phone then, too."""


def random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def is_demo(*, own_database: bool) -> bool:
    """Tells whether the clinic has invented people: in a database of one's own there is none of them (O11)."""
    asked = os.environ.get("DEMO", "")
    if own_database and asked not in ("", "0"):
        raise Refusal(
            "Пример клиники живёт только во встроенной базе: его пароли известны всем. "
            "Уберите DEMO, чтобы открыть клинику в базе DATABASE_URL; чтобы посмотреть пример, уберите DATABASE_URL."
        )
    return not own_database


def made_here(keys: dict[str, str], *, static: Path, address: str, demo: bool) -> dict[str, str]:
    return {
        **keys,
        "DEMO": str(int(demo)),
        **(FOR_A_LOOK if demo else {}),
        "ALLOWED_HOSTS": f"localhost,127.0.0.1,[::1],{os.environ.get('HOST', 'localhost')}",
        "BASE_URL": address,
        "STATIC_ROOT": str(static),
        "PAPER_FOLDER": str(static.with_name("paper")),
        "AUDIT_ANCHOR": str(static.with_name("audit-anchor")),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }


def with_own_variables(made: dict[str, str]) -> dict[str, str]:
    """Adds the person's own variables, which win over what is made here."""
    own_programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**made, **os.environ, "PATH": own_programs}
