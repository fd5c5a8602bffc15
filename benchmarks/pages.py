"""What does a request cost? Public pages, API answers and a whole evaluation beside an empty view.

Run with ``python -m benchmarks.pages``. Processor time per request through the whole middleware,
on a throw-away SQLite file with reference data and one district's demonstration register.
"""

import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from statistics import median
from typing import Any

ROUNDS = 40
WARM_UP = 3
EVALUATE = "/api/v1/evaluate/"
REQUESTS: tuple[tuple[str, str], ...] = (
    ("首页 home", "/"),
    ("首页英文 home in English", "/en/"),
    ("首页按日期 home as of a day", "/?as_of=2025-03-14"),
    ("区县页 unit", "/districts/500151/"),
    ("路线图 roadmap", "/roadmap/"),
    ("接口 progress", "/api/v1/progress/"),
    ("接口 districts", "/api/v1/districts/"),
    ("接口 districts xlsx", "/api/v1/districts/?format=xlsx"),
)


def prepare(folder: str, **demo: Any) -> None:
    """Settings of a production start, a fresh database and its data; ``demo``: how much of it."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="chongqing_eval.settings",
        DEBUG="0",
        SECRET_KEY=secrets.token_urlsafe(64),
        AUDIT_KEYS=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="testserver",
        DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
    )
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ROOT_URLCONF = "benchmarks.pages_urls"
    settings.STATIC_ROOT, settings.IS_TRIAL = folder, True
    # The real storage needs collectstatic into the tree; addresses cost the same without it.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    with redirect_stdout(StringIO()):
        call_command("migrate", verbosity=0)
        call_command("load_reference")
        call_command("load_demo", **(demo or {"districts": ["500151"]}))


def cost(call: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median processor time of one call, in milliseconds."""
    for _round in range(min(WARM_UP, rounds)):
        call()
    times = []
    for _round in range(rounds):
        started = time.process_time()
        call()
        times.append(time.process_time() - started)
    return median(times) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.test import Client

        client = Client(raise_request_exception=True)
        print(f"{'request':<34}{'CPU ms':>9}{'× empty':>9}{'KB':>8}")
        empty = cost(lambda: client.get("/empty", secure=True))
        print(f"{'空视图 empty view':<34}{empty:>9.2f}{1:>9.1f}")
        for name, path in REQUESTS:
            show(name, path, client, {}, empty)
        tag = client.get("/api/v1/progress/", secure=True).get("ETag", "")
        if tag:
            show("接口 progress 304", "/api/v1/progress/", client, {"If-None-Match": tag}, empty)
        for schools in (300, 5_000):
            show_evaluation(schools, client, empty)


def show(name: str, path: str, client: Any, headers: dict[str, str], empty: float) -> None:
    answer = client.get(path, secure=True, headers=headers)
    if answer.status_code not in {200, 304}:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    spent = cost(lambda: client.get(path, secure=True, headers=headers))
    print_line(name, spent, empty, answer)


def show_evaluation(schools: int, client: Any, empty: float) -> None:
    """POST evaluate/ from the bytes of the body to the bytes of the answer."""
    from benchmarks.samples import make_payload
    from districts.models import User

    client.force_login(User.objects.filter(is_active=True).earliest("pk"))
    body = json.dumps(make_payload(schools), ensure_ascii=False)

    def call() -> Any:
        return client.post(EVALUATE, body, content_type="application/json", secure=True)

    answer = call()
    if answer.status_code != 200:
        raise RuntimeError(f"{EVALUATE} answers {answer.status_code}")
    spent = cost(call, rounds=max(7, ROUNDS * 300 // schools))
    print_line(f"接口 evaluate {schools:,} schools", spent, empty, answer)


def print_line(name: str, spent: float, empty: float, answer: Any) -> None:
    size = len(answer.content) / 1024
    print(f"{name:<34}{spent:>9.2f}{spent / empty:>9.1f}{size:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
