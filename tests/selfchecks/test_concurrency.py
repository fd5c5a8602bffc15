"""Many at once on PostgreSQL: one outcome, nothing half written (real threads and processes)."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Conflict, Refused
from audit.services import verify
from audit.verification import faults_of_files
from districts.models import School, User
from selfchecks import files
from selfchecks.models import Evaluation, Notice, SchoolRecord, SelfCheck, Upload
from selfchecks.services import notices, uploads
from selfchecks.services.steps import AlreadyTaken, take_step
from tests.selfchecks.conftest import keep_clean, latest
from tests.selfchecks.workbook_files import workbook

# What a race between real threads needs; other files of races take it from here.
RACES = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite lets one writer in at a time; these races exist on PostgreSQL only",
    ),
]
pytestmark = RACES
THREADS = 8


def at_once(*attempts: Callable[[], Any]) -> list[Any]:
    """What each attempt answered or was refused with, all started together."""
    barrier = Barrier(len(attempts))

    def run(attempt: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return attempt()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def step(self_check: SelfCheck, name: str, by: User, **given: Any) -> Callable[[], Any]:
    return lambda: take_step(self_check=self_check, step=name, by=by, **given)


@pytest.mark.race
def test_m53_many_clicks_on_submit_are_one_submission(
    reach, self_check: SelfCheck, zhao_signatory: User
) -> None:
    reach("awaiting_signature")
    answers = at_once(*[step(self_check, "submit", zhao_signatory)] * THREADS)
    taken = [answer for answer in answers if not isinstance(answer, Refused)]
    again = [answer for answer in answers if isinstance(answer, AlreadyTaken)]
    assert (len(taken), len(again)) == (1, THREADS - 1)
    assert {answer.entry for answer in again} == set(taken)
    assert Evaluation.objects.count() == 1
    assert verify() is None


@pytest.mark.race
def test_m56_two_inspectors_take_up_and_one_gets_it(
    reach, self_check: SelfCheck, zhou_inspector: User, sun_inspector: User
) -> None:
    reach("submitted")
    people = (zhou_inspector, sun_inspector) * (THREADS // 2)
    answers = at_once(*(step(self_check, "take_up", person) for person in people))
    assert sum(not isinstance(answer, Refused) for answer in answers) == 1
    self_check.refresh_from_db()
    lost = [a for a in answers if isinstance(a, Refused) and not isinstance(a, AlreadyTaken)]
    assert all(self_check.inspector.display_name in str(refused) for refused in lost)


@pytest.mark.race
def test_m56_opposite_decisions_at_once_are_one_decision(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("in_review")
    given = {"comment": "请核对", "evaluation_digest": latest(self_check).digest}
    names = ("approve", "send_back") * (THREADS // 2)
    answers = at_once(*(step(self_check, name, zhou_inspector, **given) for name in names))
    assert sum(not isinstance(answer, Refused) for answer in answers) == 1
    assert self_check.trail.count() == 4


@pytest.mark.race
def test_what_is_signed_is_the_version_that_counts(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    keep_clean(self_check, chen_officer)
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    content = workbook(self_check, changes)

    def upload() -> Any:
        return uploads.keep(
            self_check=SelfCheck.objects.get(pk=self_check.pk),
            content=content,
            name="自查.xlsx",
            by=chen_officer,
        )

    at_once(upload, step(self_check, "send_for_signature", chen_officer))
    self_check.refresh_from_db()
    entry = self_check.trail.get()
    assert self_check.state == "awaiting_signature"
    assert entry.upload == self_check.uploads.get(is_current=True)
    assert set(SchoolRecord.objects.values_list("upload", flat=True)) == {entry.upload_id}


@pytest.mark.race
def test_two_uploads_at_once_are_two_versions_and_one_counts(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    contents = [
        workbook(self_check, {(schools[1].code, "backbone_teachers_junior"): 5 + number})
        for number in range(4)
    ]

    def upload(content: bytes) -> Callable[[], Any]:
        return lambda: uploads.keep(
            self_check=self_check, content=content, name="自查.xlsx", by=chen_officer
        )

    answers = at_once(*map(upload, contents))
    assert not [answer for answer in answers if isinstance(answer, Refused)]
    assert sorted(Upload.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    current = Upload.objects.get(is_current=True)
    assert set(SchoolRecord.objects.values_list("upload", flat=True)) == {current.pk}
    assert verify() is None


@pytest.mark.race
def test_the_same_file_at_once_is_one_version(self_check: SelfCheck, chen_officer: User) -> None:
    content = workbook(self_check)
    answers = at_once(
        *[
            lambda: uploads.keep(
                self_check=self_check, content=content, name="自查.xlsx", by=chen_officer
            )
        ]
        * 4
    )
    assert {answer.upload.number for answer in answers if not isinstance(answer, Conflict)} == {1}
    assert Upload.objects.count() == 1
    assert SchoolRecord.objects.count() == 3


@pytest.mark.race
def test_m61_mixed_writers_end_without_a_deadlock(
    reach, self_check: SelfCheck, zhao_signatory: User, zhou_inspector: User, chen_officer: User
) -> None:
    reach("submitted")
    attempts = [
        step(self_check, "take_up", zhou_inspector),
        step(self_check, "withdraw", zhao_signatory, comment="有误"),
        step(self_check, "recall", chen_officer),
        step(self_check, "submit", zhao_signatory),
    ]
    before = Entry.objects.count()
    answers = at_once(*attempts * 4)
    taken = sum(not isinstance(answer, Refused) for answer in answers)
    assert taken >= 1
    assert Entry.objects.count() == before + taken
    assert verify() is None


def test_m62_two_runs_of_the_outbox_send_each_letter_once(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, mailoutbox: list[Any]
) -> None:
    Notice.objects.update(email_state="pending")
    User.objects.update(email="someone@example.com")
    waiting = Notice.objects.filter(email_state="pending").count()
    at_once(*[notices.deliver] * 4)
    assert len(mailoutbox) == waiting


HALF = """
import sys, time, django
django.setup()
from django.db import connection
from selfchecks.models import SelfCheck
from selfchecks.services import uploads, writing
from districts.models import User
whole = uploads.write
def half(*given):
    whole(*given)
    print("written", flush=True)
    time.sleep(60)
uploads.write = half
self_check = SelfCheck.objects.get(pk=int(sys.argv[1]))
content = open(sys.argv[2], "rb").read()
uploads.keep(self_check=self_check, content=content, name="a.xlsx",
             by=User.objects.get(username="officer_500106"))
"""


def test_m74_a_process_killed_in_the_middle_leaves_nothing_half_written(
    self_check: SelfCheck, chen_officer: User, tmp_path: Any
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(self_check))
    with subprocess.Popen(
        [sys.executable, "-c", HALF, str(self_check.pk), str(path)],
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "DATABASE_URL": _address(),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "DJANGO_SETTINGS_MODULE": "chongqing_eval.settings",
            "DEBUG": "1",
        },
        cwd=settings.BASE_DIR,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        os.kill(process.pid, signal.SIGKILL)
    assert not SchoolRecord.objects.exists()
    assert not Upload.objects.filter(is_current=True).exists()
    # What was received before stays, complete, and can be confirmed by the next attempt.
    assert [row.status for row in Upload.objects.all()] == ["held"]
    assert list(faults_of_files()) == []
    kept = uploads.confirm(upload=Upload.objects.get(), by=chen_officer)
    assert kept.upload.is_current
    files.sweep_orphans(timezone.now() + timedelta(days=1))
    assert len(default_storage.listdir(files.UPLOADS)[1]) == Upload.objects.count()


def _address() -> str:
    """The database of this test run, for another process."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return given._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
