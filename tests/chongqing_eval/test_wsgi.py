"""A web worker starts with everything loaded, and with that counted out of garbage collection."""

import json
import subprocess
import sys

ASK = """
import gc, json, sys
from chongqing_eval import wsgi
left = len(gc.get_objects())
print(json.dumps([gc.get_freeze_count(), left, "chongqing_eval.urls" in sys.modules]))
"""


def test_what_a_worker_has_loaded_is_frozen() -> None:
    answer = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    frozen, left, knows_pages = json.loads(answer.stdout)
    assert frozen > 50 * left
    assert knows_pages
