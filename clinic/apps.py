from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from foundation.database import application_role, clock


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        from clinic import celery, entrance, idle, second_factor  # noqa: F401, PLC0415  without `celery` a web process has no broker

        connection_created.connect(clock.measure)
        idle.connect()
        second_factor.connect()
        entrance.connect()
        post_migrate.connect(grant_to_application, sender=apps.get_app_config("audit"))


def grant_to_application(**migrated: object) -> None:
    """Gives the application's role its rights of new tables, whenever the owner has migrated."""
    if settings.APPLICATION_ROLE:
        role, _password = settings.APPLICATION_ROLE
        application_role.grant(role)
