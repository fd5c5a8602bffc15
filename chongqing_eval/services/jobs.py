"""What is queued and who works on it; a person begins again what hangs or has failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from audit.models import Worker
from audit.refusals import Conflict, NotAllowed
from audit.services import record
from districts.models import User
from districts.roles import Role

MAY_RETRY = (Role.KEEPER, Role.MANAGER)
HANGS = timedelta(minutes=2)  # longer than any piece of work takes
WAITS = timedelta(minutes=1)
MOST_SHOWN = 200
TITLES: dict[str, str | Promise] = {
    "improvement.services.working.improve": _("计算增配方案"),
    "papers.services.batches.fill": _("生成批量公文"),
    "selfchecks.services.notices.send_letters": _("寄出提醒邮件"),
    "districts.services.links.send_links": _("寄出一次性链接"),
    "districts.services.delivering.send_to": _("向其他系统推送改动"),
    "districts.services.old_address.send": _("告知原来的邮箱"),
}
STATES: dict[str, tuple[str, str | Promise]] = {
    "waiting": ("open", _("排队中")),
    "running": ("in_review", _("正在做")),
    "stuck": ("returned", _("久未做完")),
    "failed": ("returned", _("失败")),
}
FINISHED = _("这项工作已经做完，或已经重新排队；没有什么要重做的。")


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that waits, is being done or went wrong; ``since`` when that began."""

    key: UUID
    title: str | Promise
    state: str
    since: datetime
    tries: int
    place: str
    error: str

    @property
    def look(self) -> tuple[str, str | Promise]:
        return STATES[self.state]

    @property
    def may_be_retried(self) -> bool:
        return self.state in ("stuck", "failed")


def jobs() -> list[Job]:
    """What a person may have to look at first, then what is being done, then what waits."""
    now, places = timezone.now(), dict(Worker.objects.values_list("name", "place"))
    order = ("failed", "stuck", "running", "waiting")
    rows = DBTaskResult.objects.order_by("enqueued_at")
    begun = rows.filter(status__in=(TaskResultStatus.FAILED, TaskResultStatus.RUNNING))
    waiting = rows.filter(status=TaskResultStatus.READY, enqueued_at__lte=now - WAITS)
    shown = [*begun[:MOST_SHOWN], *waiting[:MOST_SHOWN]]
    return sorted((_job(row, now, places) for row in shown), key=lambda job: order.index(job.state))


def troubled() -> int:
    """How many hang or have failed."""
    return sum(job.may_be_retried for job in jobs())


def _job(row: Any, now: datetime, places: dict[str, str]) -> Job:
    since = {
        TaskResultStatus.RUNNING: row.started_at,
        TaskResultStatus.FAILED: row.finished_at,
    }.get(row.status, row.enqueued_at)
    hangs = row.status == TaskResultStatus.RUNNING and now - since > HANGS
    names = {
        TaskResultStatus.RUNNING: "stuck" if hangs else "running",
        TaskResultStatus.FAILED: "failed",
    }
    return Job(
        key=row.pk,
        title=TITLES.get(row.task_path, row.task_path),
        state=names.get(row.status, "waiting"),
        since=since,
        tries=len(row.worker_ids),
        place=places.get(row.worker_ids[-1], "") if row.worker_ids else "",
        error=row.exception_class_path.rpartition(".")[2],
    )


@transaction.atomic
def retry(*, key: UUID, by: User) -> Job:
    """It waits again, for another worker; who hangs on it starts anew. Raises NotAllowed, Conflict.

    What the first try has written stays, and is not written again: every task sees to that.
    """
    if by.role not in MAY_RETRY:
        raise NotAllowed(_("后台工作由系统管理员或市级管理员重新做。"))
    row = DBTaskResult.objects.select_for_update().filter(pk=key).first()
    job = _job(row, timezone.now(), {}) if row else None
    if row is None or job is None or not job.may_be_retried:
        raise Conflict(FINISHED)
    if row.status == TaskResultStatus.RUNNING:
        Worker.objects.filter(name=row.worker_ids[-1]).delete()
    row.status, row.run_after, row.worker_ids = TaskResultStatus.READY, timezone.now(), []
    row.save(update_fields=["status", "run_after", "worker_ids"])
    changes = {"task": row.task_path, "tries": job.tries, "error": job.error}
    record(action="task.retry", by=by, changes=changes)
    return job
