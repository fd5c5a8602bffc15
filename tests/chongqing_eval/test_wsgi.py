"""A web worker starts with everything loaded, and with that counted out of garbage collection."""

import json
import subprocess
import sys

ASK = """
import gc, json, sys
from chongqing_eval import wsgi
from django.template.loader import engines
review = "admin/selfchecks/review.html"
keys = engines["django"].engine.template_loaders[0].get_template_cache
left = len(gc.get_objects())
known = ["chongqing_eval.urls" in sys.modules, review in keys]
print(json.dumps([gc.get_freeze_count(), left, *known]))
"""


def test_what_a_worker_has_loaded_is_frozen() -> None:
    answer = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    frozen, left, knows_pages, knows_templates = json.loads(answer.stdout)
    assert frozen > 50 * left
    assert knows_pages
    assert knows_templates
