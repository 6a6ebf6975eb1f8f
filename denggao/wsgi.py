import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denggao.settings")
application = get_wsgi_application()

from denggao.guards import before_serving  # noqa: E402 -- needs the apps

before_serving()

# What is loaded now stays: the collector need not look through it with every few requests.
gc.collect()
gc.freeze()
