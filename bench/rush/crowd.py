"""The crowd of people at once, each in a thread of its own."""

import random
import threading
import time
from collections.abc import Sequence

import psycopg

from bench import codes
from bench.rush.person import Person, Story

START_SECONDS = 1.0


class Phones:
    """The codes that arrive on everybody's phone, read by one connection."""

    def __init__(self, url: str) -> None:
        self._database = psycopg.connect(url, autocommit=True)
        self._lock = threading.Lock()

    def code_of(self, phone: str) -> str:
        """Returns the code; empty when no message has come."""
        with self._lock:
            return codes.code_in(self._database.execute(codes.LAST, [phone]).fetchone())

    def close(self) -> None:
        self._database.close()


def start_all(people: Sequence[Person]) -> list[Story]:
    """Lets everybody come within the first second."""
    stories: list[Story] = []
    gate = threading.Barrier(len(people))

    def one(person: Person) -> None:
        gate.wait()
        time.sleep(random.Random(person.phone).random() * START_SECONDS)
        stories.append(person.live())

    threads = [threading.Thread(target=one, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return stories
