"""The task list of a year: seven tasks, each with its state and what stands in its way."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import User
from selfchecks.models import SelfCheck, State, Upload, UploadStatus
from selfchecks.services.blockers import blocker_of
from selfchecks.workflow import STEP

DONE, NEXT, ATTENTION, WAITING = "done", "next", "attention", "waiting"


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the list; ``kind`` is done, next, attention or waiting."""

    name: str
    url: str
    status: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """The next step of the reader."""

    words: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a self-check stands, asked once for all tasks."""

    self_check: SelfCheck
    viewer: User
    current: Upload | None
    latest: Upload | None
    newer: Upload | None
    unexplained: int
    evidence: int

    @property
    def is_signed(self) -> bool:
        return self.self_check.state in (State.SUBMITTED, State.IN_REVIEW, State.APPROVED)

    @property
    def is_ready(self) -> bool:
        return self.current is not None and not self.unexplained

    def blocked(self, step: str) -> str:
        """Why the step cannot be taken by anybody yet; the role is the reader's own affair."""
        refusal = blocker_of(self.self_check, STEP[step], self.viewer)
        return str(refusal) if refusal and self.viewer.role in STEP[step].roles else ""


def standing_of(self_check: SelfCheck, viewer: User) -> Standing:
    uploads = list(self_check.uploads.order_by("-number"))
    current = next((upload for upload in uploads if upload.is_current), None)
    return Standing(
        self_check=self_check,
        viewer=viewer,
        current=current,
        latest=uploads[0] if uploads else None,
        newer=newer_held(self_check, current),
        unexplained=len(current.unexplained()) if current else 0,
        evidence=self_check.evidence_items.filter(removed_at__isnull=True).count(),
    )


def newer_held(self_check: SelfCheck, current: Upload | None) -> Upload | None:
    """A checked version that waits for confirmation while an older one counts."""
    if current is None or not self_check.is_editable:
        return None
    held = self_check.uploads.filter(status=UploadStatus.HELD, number__gt=current.number)
    return held.order_by("-number").first()


def call_of(standing: Standing) -> Call | None:
    """What waits for this very person, said on top of the list."""
    is_theirs = standing.viewer.role in STEP["submit"].roles
    if standing.self_check.state != State.AWAITING_SIGNATURE or not is_theirs:
        return None
    url, blocked = _address(standing, "self-check-check"), standing.blocked("submit")
    if blocked:
        return Call(blocked, _("去核对"), url)
    return Call(_("填报员已送审,等您核对并审签。"), _("去核对并审签"), url)


def tasks_of(standing: Standing) -> tuple[Task, ...]:
    """In the order in which most people do them; any order is possible."""
    makers = (_template, _upload, _problems, _explanations, _check, _signature, _submission)
    return tuple(maker(standing) for maker in makers)


def _address(standing: Standing, name: str, **more: Any) -> str:
    return reverse(name, kwargs={"reference": standing.self_check.reference, **more})


def _template(standing: Standing) -> Task:
    url = _address(standing, "self-check-template")
    note = _("学校名册和上年数据已经填好。")
    return Task(_("下载模板"), url, _("随时可下载"), DONE if standing.latest else NEXT, note)


def _upload(standing: Standing) -> Task:
    name, url = _("上传工作簿"), _address(standing, "self-check-upload")
    latest = standing.latest
    is_refused = latest is not None and latest.status == UploadStatus.REFUSED
    refused = _("最近上传的第 %s 版有错误,没有采用。") % latest.number if is_refused else ""
    if standing.current:
        status = _("已采用第 %s 版") % standing.current.number
        return Task(name, url, status, DONE, refused)
    if not standing.self_check.is_editable:
        return Task(name, url, _("没有上传"), WAITING)
    if is_refused:
        return Task(name, url, _("上次的文件没有采用"), ATTENTION, refused)
    return Task(name, url, _("还没有采用") if latest else _("未上传"), NEXT)


def _problems(standing: Standing) -> Task:
    name, latest = _("处理问题"), standing.latest
    if latest is None:
        return Task(name, _address(standing, "self-check-upload"), _("上传后显示"), WAITING)
    url = _address(standing, "self-check-version", number=latest.number)
    if latest.status == UploadStatus.REFUSED:
        status = ngettext("%s 个必须修改", "%s 个必须修改", latest.error_count)
        return Task(name, url, status % latest.error_count, ATTENTION)
    if latest.status == UploadStatus.HELD:
        return Task(name, url, _("已检查,待您确认采用"), ATTENTION)
    return Task(name, url, _("没有必须修改的问题"), DONE)


def _explanations(standing: Standing) -> Task:
    name, url = _("补充说明与佐证"), _address(standing, "self-check-explanations")
    note = _("已附 %s 份佐证材料。") % standing.evidence if standing.evidence else ""
    if standing.current is None:
        return Task(name, url, _("采用工作簿后填写"), WAITING, note)
    if standing.unexplained:
        status = ngettext("%s 个警告待说明", "%s 个警告待说明", standing.unexplained)
        return Task(name, url, status % standing.unexplained, ATTENTION, note)
    return Task(name, url, _("没有待说明的警告"), DONE, note)


def _check(standing: Standing) -> Task:
    name, url = _("核对"), _address(standing, "self-check-check")
    note = _newer(standing)
    if not standing.is_ready:
        note = note or standing.blocked("send_for_signature")
        return Task(name, url, _("还不能送审"), WAITING, note)
    is_open = standing.self_check.is_editable
    status = _("可以送审") if is_open else _("已送审")
    return Task(name, url, status, NEXT if is_open else DONE, note)


def _newer(standing: Standing) -> str:
    if standing.newer is None or standing.current is None:
        return ""
    return _("更新的第 %(newer)s 版已检查、等待确认采用;现在送审的会是第 %(now)s 版。") % {
        "newer": standing.newer.number,
        "now": standing.current.number,
    }


def _signature(standing: Standing) -> Task:
    name, url = _("负责人审签"), _address(standing, "self-check-check")
    if standing.is_signed:
        return Task(name, url, _("已审签"), DONE)
    if standing.self_check.state == State.AWAITING_SIGNATURE:
        return Task(name, url, _("等待审签"), NEXT, standing.blocked("submit"))
    return Task(name, url, _("尚未送审"), WAITING)


def _submission(standing: Standing) -> Task:
    name, self_check = _("报送"), standing.self_check
    entry = self_check.trail.filter(step="submit").last()
    if entry and standing.is_signed:
        url = _address(standing, "self-check-receipt", number=entry.number)
        return Task(name, url, self_check.get_state_display(), DONE, _("看回执"))
    return Task(name, _address(standing, "self-check-check"), _("尚未报送"), WAITING)
