#!/usr/bin/env python3
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    if set(sys.argv[1:2]) & {"migrate", "sqlmigrate", "createcachetable", "grant_role", "flush", "demo"}:
        os.environ.setdefault("AS_OWNER", "1")  # these change the tables themselves
    if sys.argv[1:2] == ["migrate"]:  # an index on a big table takes as long as it takes
        os.environ.setdefault("DB_LIMITS", "-c lock_timeout=5000")
    execute_from_command_line(sys.argv)
