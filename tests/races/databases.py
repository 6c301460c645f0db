"""A primary and its streaming replica, of the test's own, both on unix sockets."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from standalone import binaries, machine, postgres
from standalone.server import Server, launch


class Databases:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clinic-pair-"))
        self.folder.chmod(0o711)  # under root the server's user has to reach it
        self.primary = postgres.start(self.folder / "primary")
        let_a_replica_in(self.folder / "primary")
        self.start_replica()

    def start_replica(self) -> None:
        """Starts the replica, made from the primary the first time; later it catches up from where it was killed."""
        identity, folder = machine.server_identity(), self.folder / "replica"
        machine.give(folder, identity)
        programs = binaries.find(folder, identity)
        if not (folder / "data").exists():
            copy_of = f"host={self.folder / 'primary'} port={postgres.PORT} user={postgres.USER}"
            command = [programs / "pg_basebackup", "-d", copy_of, "-D", folder / "data", "-R", "-X", "stream"]
            command += ["--checkpoint=fast", "--no-sync"]
            subprocess.run(command, check=True, capture_output=True, cwd="/", env=postgres.environment(), **identity)
        process = postgres.run(folder, folder, programs, identity, [], launch)
        self.replica = Server(url=postgres.url(folder), process=process, stop_with=signal.SIGINT)

    def kill_replica(self) -> None:
        os.kill(self.replica.pid, signal.SIGKILL)
        self.replica.process.wait()

    def freeze_replica(self) -> None:
        self._signal_replica(signal.SIGSTOP)

    def thaw_replica(self) -> None:
        self._signal_replica(signal.SIGCONT)

    def _signal_replica(self, number: int) -> None:
        pid = self.replica.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):  # each backend is a session of its own
            os.kill(each, number)

    def ask_replica(self, question: str) -> object:
        address = self.replica.url.replace("postgres://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as replica:
            return replica.execute(question).fetchone()[0]

    def pause(self) -> None:
        """Makes the replica stand still from the next moment on; it goes on receiving."""
        self.ask_replica("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        self.ask_replica("SELECT pg_wal_replay_resume()")

    def reads_of_slots(self) -> int:
        """Returns how often the table of slots was read on the replica, which keeps its own count."""
        return self.ask_replica(
            "SELECT sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int"
            " FROM pg_stat_user_tables WHERE relname = 'scheduling_slot'"
        )

    def stop(self) -> None:
        self.replica.stop()
        self.primary.stop()
        shutil.rmtree(self.folder)


def let_a_replica_in(folder: Path) -> None:
    """Allows replication, a right of its own; under root the copying server is another user than the usual rule's."""
    identity = machine.server_identity()
    user = pwd.getpwuid(identity["user"]).pw_name if identity else machine.person()
    with (folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write("local replication all peer map=clinic\n")
    with (folder / "data" / "pg_ident.conf").open("a") as names:
        names.write(f'clinic "{user}" {postgres.USER}\n')
    with postgres.connect(folder) as primary:
        primary.execute("SELECT pg_reload_conf()")


@contextmanager
def own_databases() -> Iterator[Databases]:
    """Makes the models of this process live on the pair's primary until the block ends."""
    databases, before = Databases(), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": str(databases.folder / "primary"), "PORT": str(postgres.PORT)}
    connection.settings_dict |= {"NAME": postgres.DATABASE, "USER": postgres.USER, "PASSWORD": ""}
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield databases
    finally:
        connection.close()
        connection.settings_dict |= before
        databases.stop()
