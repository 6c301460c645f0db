from clinic.settings import *  # noqa: F403
from clinic.settings import DATABASES

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
