from clinic.settings import *  # noqa: F403  # these are the product's, all but one
from clinic.settings import DATABASES

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
