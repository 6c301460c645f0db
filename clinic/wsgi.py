import gc
import os

from django.core.wsgi import get_wsgi_application

from clinic.charset import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = utf8_only(get_wsgi_application())

# What has been loaded stays: looking through it for garbage again and again was a twentieth of every page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
