"""What is due again and again: each room registers its work, ``manage.py periodic`` does it.

A job is claimed by one conditional write, so that two callers never do it twice; what failed is
tried again at the next call, and a claim whose process died ends within half a minute.
"""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .claims import CLAIMED, kept
from .failing import why
from .models import ChainHead, JobRun

FARTHEST = timedelta(hours=4)  # no claim reaches that far: a clock, or a hand, was wrong
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` gives its count, or the figures by their names, which ``words`` say in the reader's
    language, and raises when it could not; a daily job is done once a day of the portal's clock,
    another at every call, and none before the job it ``needs`` went well."""

    name: str
    title: str | Promise
    run: Callable[[], int | dict[str, Any]]
    words: str | Promise
    daily: bool = True
    needs: str = ""

    def told(self, run: JobRun) -> str:
        """What came of it in one line."""
        if run.figures is None or "sentence" in run.figures:
            return why(run)
        return str(self.words) % run.figures


JOBS: dict[str, Job] = {}


def register(*jobs: Job) -> None:
    """Called by each room when it starts; the order is the order of work."""
    JOBS.update({job.name: job for job in jobs})


def run_due(now: datetime | None = None) -> Iterator[tuple[Job, JobRun]]:
    """Do what is due, one after another; a job that fails does not stop the next."""
    for job in JOBS.values():
        if _claim(job, now or timezone.now()):
            yield job, _run(job)


def _claim(job: Job, now: datetime) -> bool:
    JobRun.objects.get_or_create(job=job.name)
    if job.needs and not JobRun.objects.filter(job=job.needs, is_ok=True).exists():
        return False
    never = now + FARTHEST
    is_free = Q(busy_until=None) | Q(busy_until__lt=now) | Q(busy_until__gt=never)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    is_due = (
        Q()
        if not job.daily
        else ~Q(is_ok=True) | Q(started_at__lt=midnight) | Q(started_at__gt=never)
    )
    waiting = JobRun.objects.filter(is_free, is_due, job=job.name)
    claim = {"started_at": now, "busy_until": now + CLAIMED, "is_ok": None}
    return waiting.update(**claim) == 1


def _run(job: Job) -> JobRun:
    try:
        with kept(JobRun.objects.filter(job=job.name)):
            figures = job.run()
        done: dict[str, Any] = {"is_ok": True, "outcome": ""}
        done["figures"] = {"count": figures} if isinstance(figures, int) else figures
    except Exception as error:  # told to whoever called, beside what the other jobs did
        is_told = isinstance(error, CommandError)  # in plain words
        logger.error("periodic job %s failed", job.name, exc_info=not is_told)
        outcome = str(error) or type(error).__name__
        done = {"is_ok": False, "outcome": outcome[:500]}
        done["figures"] = getattr(error, "kept", None)
    now = timezone.now()
    JobRun.objects.filter(job=job.name).update(busy_until=None, finished_at=now, **done)
    return JobRun.objects.get(job=job.name)


def verify_record() -> dict[str, Any]:
    """The whole record, and that it still holds every end that was exported."""
    file = anchors()
    told = {"anchors": file} if file.exists() else {}
    call_command("audit_verify", stdout=StringIO(), stderr=StringIO(), **told)
    return _end()


def _end() -> dict[str, Any]:
    """Where the chain ends; one without entries ends at 0."""
    head = ChainHead.objects.filter(pk=1).first()
    return {"number": head.number, "hash": head.hash} if head else {"number": 0, "hash": ""}


def anchors() -> Path:
    """The file that keeps the end of the chain of every day, a line each, outside the database."""
    return Path(settings.ANCHOR_FILE)


def _append(line: str) -> None:
    """A whole line or none."""
    with anchors().open("ab", buffering=0) as file:
        before, content = file.tell(), f"{line}\n".encode()
        if file.write(content) < len(content):
            file.truncate(before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def export_anchor() -> dict[str, Any]:
    """Write down where the chain ends today; by e-mail as well when addresses are set."""
    end = _end()
    if end["number"]:
        line = f"{timezone.localtime():%Y-%m-%dT%H:%M:%S%z} {end['number']}:{end['hash']}"
        anchors().parent.mkdir(parents=True, exist_ok=True)
        _append(line)
        if settings.ANCHOR_MAIL:
            send_mail(_("审计链末端 %s") % end["number"], line, None, settings.ANCHOR_MAIL)
    return end
