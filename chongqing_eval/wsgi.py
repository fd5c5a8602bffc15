"""Entry point for web servers."""

import gc
import os
import sys
from importlib import import_module

from django.conf import settings
from django.core.checks import ERROR
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chongqing_eval.settings")
inside = get_wsgi_application()
import_module(settings.ROOT_URLCONF)
from .checks import statements  # noqa: E402  needs the settings
from .door import Door  # noqa: E402

application = Door(inside)


def refuse_unless_said() -> None:
    """Nobody is served before visitors can read whom to ask; without a database, see the door."""
    try:
        found = statements()
    except DatabaseError:
        return
    finally:
        connection.close()
    if found.level == ERROR:
        raise ImproperlyConfigured(found.msg)


def warm_up() -> None:
    """Addresses in both languages and all templates: else the first reader waits for them."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("home")
            reverse("admin:index")
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        get_template(path.relative_to(folder).as_posix())


refuse_unless_said()
warm_up()

# A thread that checks a workbook gives way to readers five times as soon: each of them asks the
# database and waits for its turn again after the answer.
sys.setswitchinterval(0.001)

# What is loaded now stays for good: counting it out saves the garbage collector, and the person
# whose workbook is being read meanwhile, a tenth of a second every time it looks at everything.
gc.collect()
gc.freeze()
