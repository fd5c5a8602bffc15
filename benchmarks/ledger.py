"""What does the problem ledger cost with 50,000 problems? Born, listed, previewed, closed.

Run with ``python -m benchmarks.ledger``. Processor time on a throw-away SQLite file. Wanted: list,
filter and preview 300 ms and 12 queries each, the proposals of the whole city after a round 2 s.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from benchmarks.pages import cost, prepare
from benchmarks.samples import make_payload
from benchmarks.shortfalls import WEAK, provided

SCHOOLS = 122  # of a unit: the city has 5,000
PROBLEMS = 50_000
ROUNDS = 7
PAGES = (
    ("列表 list", "/ledger/"),
    ("第 900 页 page 900", "/ledger/?page=900"),
    ("按区县筛选 filter by unit", "/ledger/?district=500151"),
    ("按指标、学校筛选 filter by indicator, school", "/ledger/?indicator=A5&school=1"),
    ("逾期 late", "/ledger/?late=true&sort=-due"),
    ("批量预览 bulk preview", "/ledger/many/?scope=all&step=void"),
    ("批量预览一个区县 of one unit", "/ledger/many/?scope=all&step=amend&district=500151"),
)


@contextmanager
def timed(name: str) -> Iterator[None]:
    started = time.process_time()
    yield
    print(f"{name:<44}{time.process_time() - started:>8.2f} s CPU", flush=True)


def evaluations(year: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> list[Any]:
    """One approved result of each unit: its schools as they are, or changed."""
    from districts.models import District
    from indicators.calculation.evaluate import evaluate
    from indicators.models import Standard
    from indicators.services.rules import rules_of

    standard = Standard.objects.earliest("pk")
    rules, found = rules_of(standard), []
    for unit in District.objects.order_by("code")[:41]:
        schools = [
            {**change(school), "school_code": f"21{unit.pk:04d}{place:04d}"}
            for place, school in enumerate(make_payload(SCHOOLS)["schools"])
        ]
        payload = {**make_payload(SCHOOLS), "schools": schools, "standard": standard.code}
        found.append(stored(handed_in(unit, year, standard), evaluate(payload, rules)))
    return found


def handed_in(unit: Any, year: int, standard: Any) -> Any:
    """The file of a unit's self-check of the year, without the file."""
    from django.utils import timezone

    from districts.models import User
    from selfchecks.models import SelfCheck, Upload

    now = timezone.now()
    self_check = SelfCheck.objects.create(
        district=unit,
        year=year,
        standard=standard,
        fill_from=date(year, 9, 1),
        due_on=date(year, 12, 15),
        opened_at=now,
        changed_at=now,
    )
    return Upload.objects.create(
        self_check=self_check,
        number=1,
        status="kept",
        is_current=True,
        file="none",
        display_name="none",
        size=1,
        sha256="0" * 64,
        uploaded_by=User.objects.earliest("pk"),
        uploaded_at=now,
        kept_at=now,
    )


def stored(upload: Any, outcome: Any) -> Any:
    """The outcome of an upload, kept without what it was computed from."""
    from selfchecks.models import Evaluation

    return Evaluation.objects.create(
        self_check=upload.self_check,
        number=1,
        upload=upload,
        standard=upload.self_check.standard,
        engine=outcome.engine,
        inputs={},
        rules={},
        outcome=outcome.as_dict(),
        digest=outcome.digest,
        verdict=outcome.verdict,
        evaluated_at=upload.uploaded_at,
        evaluated_by=upload.uploaded_by,
    )


def fill_up(by: Any) -> None:
    """Problems of earlier years beside those of the round: closed, of every unit."""
    from django.utils import timezone

    from districts.models import District
    from improvement.models import Problem

    units, now = list(District.objects.order_by("code")[:41]), timezone.now()
    rows = range(PROBLEMS - Problem.objects.count())
    Problem.objects.bulk_create(
        Problem(
            district=units[place % len(units)],
            source="evaluation",
            key=f"earlier:{place}",
            kind="numeric",
            indicator=f"A{place % 7 + 1}",
            school_code=f"22{place:08d}",
            school_name=f"第{place}小学",
            words="生均教学用房面积没有到达标值",
            state="closed",
            raised_at=now,
            changed_at=now,
        )
        for place in rows
    )


def judge_all(rows: list[Any], by: Any) -> None:
    """Each in a transaction of its own, as approvals come in."""
    from django.db import transaction

    from improvement.services.ledger_figures import judge

    for evaluation in rows:
        with transaction.atomic():
            judge(evaluation=evaluation, by=by)


def show_page(client: Any, name: str, path: str) -> None:
    from django.db import connection

    client.get(path, secure=True)
    asked = []
    with connection.execute_wrapper(lambda run, *args: asked.append(args[0]) or run(*args)):
        answer = client.get(path, secure=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    spent = cost(lambda: client.get(path, secure=True), ROUNDS)
    print(f"{name:<44}{spent:>8.0f} ms CPU {len(asked):>3} queries", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.test import Client

        from districts.models import User
        from improvement.models import Problem

        by = User.objects.get(username="inspector")
        first = evaluations(2030, lambda school: school)
        with timed("41 次通过，登记问题 41 approvals, problems born"):
            judge_all(first, by)
        print(f"{Problem.objects.count():,} 个问题 problems born")
        fill_up(by)
        print(f"{Problem.objects.count():,} 个问题 problems")
        Problem.objects.filter(pk__endswith="7").update(due_on=date(2025, 3, 3), owner="王主任")
        client = Client(raise_request_exception=True)
        client.force_login(by)
        for name, path in PAGES:
            show_page(client, name, path)
        better = evaluations(2031, provided)
        for name, some in (("8 个区县 8 units", better[:WEAK]), ("其余 the others", better[WEAK:])):
            with timed(f"一轮后提出销号，{name} proposals after a round"):
                judge_all(some, by)
            print(f"{Problem.objects.filter(state='proposed').count():,} 个待销号 proposed")


if __name__ == "__main__":
    main()
