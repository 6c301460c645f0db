"""Runs a module as a child and starts it again when a file of the project changes.

`python -m standalone.reloading celery -A clinic worker`
"""

import atexit
import subprocess
import sys

import django
from celery import current_app
from django.utils import autoreload

from standalone import server
from standalone.stack import python


def main() -> None:
    django.setup()
    current_app.loader.import_default_modules()  # what is loaded is watched
    child = subprocess.Popen(python(*sys.argv[1:]))
    atexit.register(server.stop, child, 15)
    child.wait()


if __name__ == "__main__":
    autoreload.run_with_reloader(main)
