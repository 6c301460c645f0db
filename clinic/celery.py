import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import after_setup_logger, after_setup_task_logger
from kombu import Connection

from clinic.redaction import redact_handlers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")


class QuickConnection(Connection):
    """Looks once a second for a broker that went away.

    The stock pause grows to half a minute, and a freed slot would wait for it after the broker is back (T12).
    """

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Connection:
        pauses = {"interval_start": 1, "interval_step": 0, "interval_max": 1}
        return super().ensure_connection(*args, **pauses | kwargs)


class QuickAMQP(AMQP):
    Connection = QuickConnection


app = Celery("clinic", set_as_current=True, amqp=QuickAMQP)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["booking"])  # use cases are no app: they have no models
after_setup_logger.connect(redact_handlers)
after_setup_task_logger.connect(redact_handlers)
