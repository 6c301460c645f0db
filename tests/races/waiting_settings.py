"""Settings of a web server whose connections wait for an answer without end."""

from clinic.settings import *  # noqa: F403  # these are the product's, all but one class
from clinic.settings import DATABASES

del DATABASES["default"]["OPTIONS"]["pool"]["connection_class"]
