from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        from clinic import celery  # noqa: F401, PLC0415  without it `current_app` of a web process has no broker
