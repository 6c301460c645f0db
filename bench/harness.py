"""`Bench` supplies the databases and servers that a part needs in order to measure."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import databases, servers
from bench.databases import Database, Size
from bench.options import Options
from bench.servers import Background, Web


class Bench:
    def __init__(self, options: Options) -> None:
        self.options = options
        self._filled: set[str] = set()

    @property
    def logs(self) -> Path:
        return self.options.state / "logs"

    def database(self, slots: int | None = None, *, patients: int | None = None, waiting: int = 10_000) -> Database:
        """Returns a filled database that is only to be read. A tenth of the slots are patients, unless told."""
        slots = slots or self.options.slots
        size = Size(slots, patients or max(1_000, slots // 10), waiting)
        fresh = self.options.fresh and size.name not in self._filled
        self._filled.add(size.name)
        return databases.seeded(size, fresh=fresh)

    @contextmanager
    def copy(self, database: Database) -> Iterator[Database]:
        """Returns a filled database to be written into; gone afterwards."""
        with databases.copied(database) as made:
            yield made

    @contextmanager
    def web(
        self,
        database: Database,
        *,
        workers: int = 2,
        threads: int = 8,
        environment: Mapping[str, str] | None = None,
        server: str = "gunicorn",
    ) -> Iterator[Web]:
        """Starts the site with the floors, as `run.py serve` runs it, or another `server` of servers.COMMANDS."""
        with servers.web(
            server,
            database=database.url,
            workers=workers,
            threads=threads,
            environment=environment or {},
            logs=self.logs,
        ) as started:
            yield started

    @contextmanager
    def worker(
        self, database: Database, *, count: int = 1, environment: Mapping[str, str] | None = None
    ) -> Iterator[list[Background]]:
        """Starts `count` Celery workers of two processes each."""
        with ExitStack() as stack:
            yield [
                stack.enter_context(
                    servers.worker(
                        database=database.url, environment=environment or {}, logs=self.logs / f"worker-{number}"
                    )
                )
                for number in range(count)
            ]

    @contextmanager
    def beat(self, database: Database, *, environment: Mapping[str, str] | None = None) -> Iterator[Background]:
        with servers.beat(database=database.url, environment=environment or {}, logs=self.logs) as started:
            yield started
