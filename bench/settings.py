"""The product's settings with the floors beside its pages; messages go nowhere."""

from clinic.settings import *  # noqa: F403  # these are the product's, all of them

ROOT_URLCONF = "bench.urls"
MESSAGE_ROUTES = {"sms": ["bench.gateways.SilentGateway"]}
CELERY_TASK_DEFAULT_QUEUE = "bench"
KEEP_SENT_SECRETS = True
"""Simulated people read their codes in the database."""
CODES_PER_NETWORK = (1_000_000, 1_000_000)
CODES_OF_ALL_PER_HOUR = 1_000_000
REQUESTS_PER_NETWORK = (1_000_000, 1_000_000)
REQUESTS_OF_ALL_PER_HOUR = 1_000_000
FORM_SECONDS = 0
HOLDS_PER_NETWORK = HOLDS_PER_DAY = 1_000_000
"""All simulated people come from this machine."""
