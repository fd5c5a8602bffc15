"""A web worker starts with everything loaded, and with that counted out of garbage collection;
in production not before the operator has said what visitors have to be told."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from schedule.models import Subject

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


LOADED = [sys.executable, "-c", ASK]


def started(folder: Path) -> "subprocess.CompletedProcess[str]":
    """A worker of a portal whose database is in a folder."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3"}
    return subprocess.run(LOADED, capture_output=True, text=True, env=environment)


def test_what_a_worker_has_loaded_is_frozen(tmp_path: Path) -> None:
    answer = started(tmp_path)  # its database has no tables yet: the door says so, later
    frozen, left, knows_pages, knows_templates = json.loads(answer.stdout)
    assert frozen > 50 * left
    assert knows_pages
    assert knows_templates


def test_nobody_is_served_before_the_operator_has_spoken(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "portal.sqlite3") as database:
        database.execute("CREATE TABLE schedule_statement (subject TEXT)")
        said = [(subject,) for subject in Subject.values if subject != "privacy"]
        database.executemany("INSERT INTO schedule_statement VALUES (?)", said)
    refused = started(tmp_path)
    assert refused.returncode == 1
    assert "门户说明还没有填写：隐私说明；请写成文件后运行 manage.py statements" in refused.stderr
    with sqlite3.connect(tmp_path / "portal.sqlite3") as database:
        database.execute("INSERT INTO schedule_statement VALUES ('privacy')")
    assert started(tmp_path).returncode == 0
