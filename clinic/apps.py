from django.apps import AppConfig
from django.db.backends.signals import connection_created

from foundation.database import clock


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        from clinic import celery, idle, second_factor  # noqa: F401, PLC0415  without `celery` a web process has no broker

        connection_created.connect(clock.measure)
        idle.connect()
        second_factor.connect()
