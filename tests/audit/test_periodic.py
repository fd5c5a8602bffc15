"""What is due is done once, by whoever comes first, and a failure stops nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from audit import periodic
from audit.models import ChainHead, Entry, JobRun
from audit.periodic import Job, run_due
from districts.models import User
from districts.services.people import create_token

pytestmark = pytest.mark.django_db
SENT = gettext_lazy("寄出 %(count)s 个。")
MORNING = timezone.make_aware(datetime(2026, 11, 23, 8, 0))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Two jobs of a day and one of every call; what they did, in order."""
    did: list[str] = []

    def fail() -> int:
        did.append("broken")
        raise CommandError("磁盘满了")

    def job(name: str) -> int:
        did.append(name)
        return did.count(name)

    jobs = (
        Job("broken", "坏的", fail, "没有说"),
        Job("daily", "每天的", lambda: job("daily"), SENT),
        Job("always", "每次的", lambda: job("always"), "第 %(count)s 次", daily=False),
    )
    monkeypatch.setattr(periodic, "JOBS", {each.name: each for each in jobs})
    return did


def test_a_day_has_each_daily_job_once_and_failures_again(done: list[str]) -> None:
    first = {job.name: run.is_ok for job, run in run_due(MORNING)}
    assert first == {"broken": False, "daily": True, "always": True}
    list(run_due(MORNING + timedelta(hours=1)))
    assert done == ["broken", "daily", "always", "broken", "always"]
    list(run_due(MORNING + timedelta(hours=15, minutes=59)))  # 23:59 of the same day
    assert done[5:] == ["broken", "always"]
    list(run_due(MORNING + timedelta(hours=16)))  # midnight in Shanghai
    assert done[7:] == ["broken", "daily", "always"]
    assert JobRun.objects.get(job="broken").outcome == "磁盘满了"


def test_who_comes_second_leaves_it_to_the_first(done: list[str]) -> None:
    list(run_due(MORNING))
    done.clear()
    JobRun.objects.update(busy_until=MORNING + timedelta(hours=2))
    tomorrow = MORNING + timedelta(days=1)
    JobRun.objects.filter(job="daily").update(busy_until=tomorrow + timedelta(minutes=5))
    list(run_due(tomorrow))
    assert done == ["broken", "always"]  # the claims of yesterday have ended
    list(run_due(tomorrow + timedelta(minutes=6)))
    assert done[2:] == ["broken", "daily", "always"]


def test_a_clock_that_ran_ahead_does_not_silence_a_job(done: list[str]) -> None:
    ahead = MORNING + timedelta(days=400)
    list(run_due(ahead))
    JobRun.objects.update(busy_until=ahead)
    done.clear()
    list(run_due(MORNING))
    assert done == ["broken", "daily", "always"]
    list(run_due(MORNING))
    assert done[3:] == ["broken", "always"]


def test_a_job_waits_until_the_one_it_needs_went_well(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Job("second", "其后的", lambda: done.append("second") or 0, "", needs="broken")
    monkeypatch.setitem(periodic.JOBS, "second", second)
    list(run_due(MORNING))
    assert "second" not in done
    monkeypatch.setitem(periodic.JOBS, "broken", Job("broken", "好了的", lambda: 0, ""))
    list(run_due(MORNING))
    assert done[-1] == "second"


def test_a_job_whose_process_died_is_done_again_the_same_day(done: list[str]) -> None:
    list(run_due(MORNING))
    tomorrow, killed = MORNING + timedelta(days=1), periodic.JOBS["daily"]
    assert periodic._claim(killed, tomorrow)
    done.clear()
    list(run_due(tomorrow + timedelta(seconds=29)))
    assert "daily" not in done
    list(run_due(tomorrow + timedelta(seconds=31)))
    assert "daily" in done


def test_the_command_says_what_was_done_and_what_failed(done: list[str]) -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("periodic", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "[完成] 每天的:寄出 1 个。" in out.getvalue()
    assert "[完成] 每次的:第 1 次" in out.getvalue()
    assert "[失败] 坏的:磁盘满了" in err.getvalue()


def test_what_came_of_it_is_worded_when_it_is_read(done: list[str]) -> None:
    job, run = list(run_due(MORNING))[1]
    assert (run.outcome, run.figures) == ("", {"count": 1})
    assert job.told(run) == "寄出 1 个。"
    with override("en"):
        assert job.told(run) == "Sent: 1."
    failed = JobRun.objects.get(job="broken")
    assert periodic.JOBS["broken"].told(failed) == "磁盘满了"


def test_a_failure_is_not_told_in_the_figures_of_the_day_before(done: list[str]) -> None:
    list(run_due(MORNING))

    def fail() -> int:
        raise CommandError("没有应答")

    periodic.JOBS["daily"] = replace(periodic.JOBS["daily"], run=fail)
    list(run_due(MORNING + timedelta(days=1)))
    assert periodic.JOBS["daily"].told(JobRun.objects.get(job="daily")) == "没有应答"


def test_each_job_of_a_fresh_portal_says_what_it_did_in_both_languages(
    reference: None, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHOR_FILE, settings.MEDIA_ROOT = tmp_path / "anchors.txt", tmp_path / "media"
    for job, run in run_due(MORNING):
        told = job.told(run)
        assert run.is_ok, (job.name, told)
        assert "%" not in told
        with override("en"):
            assert job.told(run) != told, job.name
            assert job.told(run).isascii(), job.told(run)


@pytest.fixture
def anchors(settings: Any, tmp_path: Path) -> Path:
    settings.ANCHOR_FILE = tmp_path / "outside" / "anchors.txt"
    return settings.ANCHOR_FILE


def test_the_end_of_the_chain_is_written_down_and_sent(
    anchors: Path, settings: Any, chen_officer: User, wu_manager: User
) -> None:
    settings.ANCHOR_MAIL = ["archive@example.org"]
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    periodic.export_anchor()
    head = ChainHead.objects.get(pk=1)
    assert anchors.read_text().split()[-1] == f"{head.number}:{head.hash}"
    assert mail.outbox[0].to == ["archive@example.org"]
    assert f"{head.number}:{head.hash}" in mail.outbox[0].body


def test_a_rewritten_chain_does_not_have_the_ends_that_were_written_down(
    anchors: Path, reference: None, chen_officer: User, wu_manager: User
) -> None:
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    periodic.export_anchor()
    call_command("audit_verify", anchors=anchors, stdout=StringIO(), stderr=StringIO())
    number = Entry.objects.order_by("-number").first().number
    anchors.write_text(f"2026-11-23T08:00:00+0800 {number}:{'0' * 64}\n")
    with pytest.raises(CommandError, match="整体重写"):
        call_command("audit_verify", anchors=anchors, stdout=StringIO(), stderr=StringIO())


def test_every_room_has_registered_its_work() -> None:
    assert set(periodic.JOBS) == {
        *("audit_verify", "audit_anchor", "links", "notices", "orphans", "reopenings", "sessions"),
        *("batches", "feedback", "hooks", "late_measures", "ledger", "look_backs", "tasks"),
    }
