"""Entry point for web servers."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chongqing_eval.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)

# What is loaded now stays for good: counting it out saves the garbage collector, and the person
# whose workbook is being read meanwhile, a tenth of a second every time it looks at everything.
gc.collect()
gc.freeze()
