"""The page of the work behind the pages: a job that hangs is seen with its age, and begun again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from audit.models import Entry, JobRun, Worker
from audit.refusals import Conflict, NotAllowed
from chongqing_eval import checks
from chongqing_eval.services import jobs
from districts.models import User
from selfchecks.services.notices import send_letters
from tests.reader import words
from tests.source import dotted, modules

pytestmark = pytest.mark.django_db
PAGE = "/admin/jobs/"


@pytest.fixture
def hanging() -> DBTaskResult:
    """A worker that lives has been at one piece of work for two and a half hours."""
    send_letters.enqueue()
    row = DBTaskResult.objects.get()
    Worker.objects.create(name="梅", place="m1:77")
    row.claim("梅")
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=150))
    return DBTaskResult.objects.get()


def shown(client: Client) -> str:
    return words(client.get(PAGE)).replace("\xa0", " ")


@pytest.mark.parametrize("who", ["yang_keeper", "wu_manager"])
def test_a_job_that_hangs_is_seen_with_its_age_and_begun_again(
    request: Any, signed_in: Any, hanging: DBTaskResult, worker: Callable[[], None], who: str
) -> None:
    person = request.getfixturevalue(who)
    client: Client = signed_in(person)
    assert "寄出提醒邮件久未做完2 小时，30 分钟1m1:77—" in shown(client)
    answer = client.post(PAGE, {"job": str(hanging.pk)}, follow=True)
    assert "寄出提醒邮件：已重新排队。" in words(answer)
    entry = Entry.objects.get(action="task.retry")
    assert (entry.actor, entry.changes["tries"]) == (person.username, 1)
    assert not Worker.objects.exists()  # who hangs on it starts anew: see tests/audit/test_workers
    worker()
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_who_only_reads_sees_it_and_cannot_begin_it_again(
    signed_in: Any, he_auditor: User, hanging: DBTaskResult
) -> None:
    client: Client = signed_in(he_auditor)
    assert "寄出提醒邮件久未做完" in shown(client)
    assert "重新做：" not in shown(client)
    assert "由系统管理员或市级管理员重新做" in words(
        client.post(PAGE, {"job": str(hanging.pk)}, follow=True)
    )
    with pytest.raises(NotAllowed):
        jobs.retry(key=hanging.pk, by=he_auditor)
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING


def test_what_periodic_work_did_is_read_in_either_language(
    signed_in: Any, he_auditor: User
) -> None:
    job = {"started_at": timezone.now(), "is_ok": True}
    JobRun.objects.create(job="links", figures={"count": 3}, **job)
    JobRun.objects.create(job="hooks", outcome="对方没有应答", **job | {"is_ok": False})
    client: Client = signed_in(he_auditor)
    assert "寄出 3 个。" in shown(client)
    english = words(client.get(f"/en{PAGE}"))
    assert "Sent: 3." in english
    assert "对方没有应答" in english  # in the words of what failed


@pytest.mark.parametrize("who", ["zhou_inspector", "chen_officer"])
def test_it_is_nobody_elses_page(request: Any, signed_in: Any, who: str) -> None:
    client: Client = signed_in(request.getfixturevalue(who))
    assert client.get(PAGE, follow=True).status_code == 403


def test_what_is_done_or_waits_or_is_unknown_is_not_begun_again(
    signed_in: Any, wu_manager: User, hanging: DBTaskResult
) -> None:
    for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY):
        DBTaskResult.objects.update(status=status)
        with pytest.raises(Conflict):
            jobs.retry(key=hanging.pk, by=wu_manager)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    with pytest.raises(Conflict):
        jobs.retry(key=hanging.pk, by=wu_manager)
    client: Client = signed_in(wu_manager)
    for job in (str(uuid4()), "1", ""):
        assert "没有什么要重做的" in words(client.post(PAGE, {"job": job}, follow=True))
    assert not Entry.objects.filter(action="task.retry").exists()


def test_a_failed_job_shows_what_went_wrong_and_doctor_says_it(
    signed_in: Any, wu_manager: User, hanging: DBTaskResult
) -> None:
    hanging.set_failed(ZeroDivisionError())
    assert "寄出提醒邮件失败0 分钟1m1:77ZeroDivisionError" in shown(signed_in(wu_manager))
    assert "1 项后台工作失败或久未做完" in checks.queue().msg
    jobs.retry(key=hanging.pk, by=wu_manager)
    assert "1 项后台工作在排队" in checks.queue().msg


def test_a_long_queue_hides_nothing_that_failed(
    hanging: DBTaskResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_SHOWN", 2)
    for _number in range(3):
        send_letters.enqueue()
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    waiting.update(enqueued_at=timezone.now() - timedelta(hours=9))
    assert [job.state for job in jobs.jobs()] == ["stuck", "waiting", "waiting"]
    waiting.update(enqueued_at=timezone.now() - timedelta(seconds=9))
    assert [job.state for job in jobs.jobs()] == ["stuck"]


def test_every_task_has_a_name_that_people_read() -> None:
    tasks = {dotted(path) for path in modules() if "\n@task()" in path.read_text(encoding="utf-8")}
    assert tasks <= {title.rpartition(".")[0] for title in jobs.TITLES}
