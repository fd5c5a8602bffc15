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

from django.conf import settings
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .claims import CLAIMED, kept
from .models import ChainHead, JobRun

FARTHEST = timedelta(hours=4)  # no claim reaches that far: a clock, or a hand, was wrong
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` says in one line what it did, and raises when it could not; a daily job is done once
    a day of the portal's clock, another at every call, and none before the job it ``needs`` went
    well."""

    name: str
    title: str | Promise
    run: Callable[[], str | Promise]
    daily: bool = True
    needs: str = ""


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
            is_ok, outcome = True, str(job.run())
    except Exception as error:  # told to whoever called, beside what the other jobs did
        is_told = isinstance(error, CommandError)  # in plain words
        logger.error("periodic job %s failed", job.name, exc_info=not is_told)
        is_ok, outcome = False, str(error) or type(error).__name__
    done = {"is_ok": is_ok, "outcome": outcome[:500], "finished_at": timezone.now()}
    JobRun.objects.filter(job=job.name).update(busy_until=None, **done)
    return JobRun.objects.get(job=job.name)


def verify_record() -> str:
    """The whole record, and that it still holds every end that was exported."""
    out = StringIO()
    file = anchors()
    told = {"anchors": file} if file.exists() else {}
    call_command("audit_verify", stdout=out, stderr=StringIO(), **told)
    return out.getvalue().strip()


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


def export_anchor() -> str:
    """Write down where the chain ends today; by e-mail as well when addresses are set."""
    head = ChainHead.objects.filter(pk=1).first()
    if head is None:
        return _("审计链为空。")
    line = f"{timezone.localtime():%Y-%m-%dT%H:%M:%S%z} {head.number}:{head.hash}"
    anchors().parent.mkdir(parents=True, exist_ok=True)
    _append(line)
    if settings.ANCHOR_MAIL:
        send_mail(_("审计链末端 %s") % head.number, line, None, settings.ANCHOR_MAIL)
    return line
