"""The product's settings with the floors beside its pages; messages go nowhere."""

from clinic.settings import *  # noqa: F403  # these are the product's, all of them

ROOT_URLCONF = "bench.urls"
MESSAGE_ROUTES = {"sms": ["bench.gateways.SilentGateway"]}
CELERY_TASK_DEFAULT_QUEUE = "bench"
KEEP_SENT_SECRETS = True
"""Simulated people read their codes in the database."""
