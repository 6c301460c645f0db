import gc
import logging
import os

from django.core.checks import run_checks
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from clinic.charset import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = utf8_only(get_wsgi_application())
for problem in run_checks(tags=["messages"]):  # a clinic from which nothing leaves says so at every start
    logging.getLogger("clinic").warning("%s", problem)
call_command("first_run_key", if_new=True)  # a clinic that nobody has opened says how, in the log

# What has been loaded stays: looking through it for garbage again and again was a twentieth of every page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
