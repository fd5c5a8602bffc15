"""What a bureau has to do for one year: its tasks in their order, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.access import SignedInRequest
from districts.ended import ended
from districts.models import User
from selfchecks.bureau.access import may_write, of_self_check, shown
from selfchecks.forms import UploadForm
from selfchecks.models import ReviewEntry, SelfCheck, State, Upload, UploadStatus
from selfchecks.remarks import open_remarks
from selfchecks.services.blockers import MAY_UPLOAD, blocker_of
from selfchecks.services.documents import Documents, documents_of
from selfchecks.workflow import STEP, SUBMITTING
from workbooks.findings import paragraph

FEW = 3  # of the latest steps
DONE, NEXT, ATTENTION, WAITING = "pass", "rev", "near", "idle"
GLYPHS = {DONE: "✓", NEXT: "○", ATTENTION: "△", WAITING: "–"}


@of_self_check()
def tasks(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    prefetch_related_objects([self_check], "trail")
    standing = Standing(self_check, request.user)
    listed = list(standing.tasks())
    recent = standing.trail[:FEW]
    return shown(
        request,
        "tasks",
        self_check,
        tasks=listed,
        call=standing.call(listed),
        current=standing.current,
        ended=ended(self_check.district),
        documents=standing.documents,
        can_upload=may_write(request, self_check),
        form=UploadForm(),
        done=sum(task.kind == DONE for task in listed),
        said=standing.said,
        is_untouched=standing.is_untouched,
        recent=[(entry, STEP[entry.step].label) for entry in recent],
        remarks=open_remarks(self_check),
    )


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the list; ``kind`` is the class of its state."""

    name: str
    url: str
    status: str
    kind: str
    note: str = ""

    @property
    def glyph(self) -> str:
        return GLYPHS[self.kind]


class Standing:
    """Where a self-check stands for its reader, asked once for all tasks."""

    def __init__(self, self_check: SelfCheck, viewer: User) -> None:
        self.self_check, self.viewer = self_check, viewer
        uploads = list(self_check.uploads.order_by("-number"))
        self.latest = uploads[0] if uploads else None
        self.current = next((upload for upload in uploads if upload.is_current), None)
        self.unexplained = len(self.current.unexplained()) if self.current else 0
        self.is_signed = not self_check.awaits_district
        self.trail = [*self_check.trail.all()][::-1]

    @cached_property
    def documents(self) -> Documents:
        return documents_of(self.self_check)

    @property
    def said(self) -> ReviewEntry | None:
        """The latest step, where the district now has to act on what was said with it."""
        last = self.trail[0] if self.trail and self.self_check.awaits_district else None
        return last if last and last.comment else None

    @property
    def is_untouched(self) -> bool:
        """Whether the district has changed nothing since it was told to."""
        return self.said is not None and self.said.taken_at == self.self_check.changed_at

    @property
    def lacks_documents(self) -> int:
        """How many keep the self-check from being signed."""
        return len(self.documents.missing) if self.documents.binds else 0

    @cached_property
    def sign_blocked(self) -> str:
        return self.blocked("submit")

    def blocked(self, step: str) -> str:
        """Why the step cannot be taken by anybody yet; the role is the reader's own affair."""
        is_theirs = self.viewer.role in STEP[step].roles
        refusal = blocker_of(self.self_check, STEP[step], self.viewer, whoever=not is_theirs)
        return str(refusal) if refusal else ""

    def url(self, page: str, **more: Any) -> str:
        return reverse(page, kwargs={"reference": self.self_check.reference, **more})

    def call(self, tasks: list[Task]) -> dict[str, str] | None:
        """What waits for this very person, on top of the list."""
        if self.self_check.is_editable and self.viewer.role in MAY_UPLOAD:
            return self._next(tasks)
        is_theirs = self.viewer.role in STEP["submit"].roles
        if self.self_check.state != State.AWAITING_SIGNATURE or not is_theirs:
            return None
        words, label = _("填报员已送审，等您核对并审签。"), _("去核对并审签")
        if self.sign_blocked:
            words, label = self.sign_blocked, _("去核对")
        return {"words": words, "label": label, "url": self.url("self-check-check")}

    def _next(self, tasks: list[Task]) -> dict[str, str] | None:
        """The first task that is not done; without one, what was remarked keeps it from going."""
        for task in tasks:
            if task.kind in (NEXT, ATTENTION):
                name, url = task.name, task.url
                if task.kind == NEXT and self.is_untouched:
                    name, url = _("填报的数据"), self.url("self-check-figures")
                return {"words": task.status, "label": _("下一步：%s") % name, "url": url}
        words = self.blocked("send_for_signature")
        label, url = _("下一步：%s") % _("复核意见"), self.url("self-check-comments")
        return {"words": words, "label": label, "url": url} if words else None

    def tasks(self) -> Iterator[Task]:
        """In the order in which most people do them; any order is possible."""
        template = (
            _("随时可下载"),
            DONE if self.latest else NEXT,
            _("学校名册和上年数据已经填好。"),
        )
        yield Task(_("下载模板"), self.url("self-check-template"), *template)
        yield Task(_("上传工作簿"), self.url("self-check-upload"), *self._upload())
        yield Task(_("处理问题"), *self._problems())
        explanations = self.url("self-check-explanations")
        yield Task(_("补充说明与佐证"), explanations, *self._explanations())
        yield Task(_("核对"), self.url("self-check-check"), *self._check())
        yield Task(_("负责人审签"), self.url("self-check-check"), *self._signature())
        yield Task(_("报送"), *self._submission())

    def _upload(self) -> tuple[str, ...]:
        latest = self.latest
        refused = ""
        if latest and latest.status == UploadStatus.REFUSED:
            refused = _("最近上传的第 %s 版有错误，没有采用。") % latest.number
        if self.current:
            return _("已采用第 %s 版") % self.current.number, DONE, refused
        if not self.self_check.is_editable:
            return _("没有上传"), WAITING
        if refused:
            return _("上次的文件没有采用"), WAITING, refused  # its problems come first
        return _("还没有采用") if latest else _("未上传"), NEXT

    def _problems(self) -> tuple[str, ...]:
        latest = self.latest
        if latest is None:
            return self.url("self-check-upload"), _("上传后显示"), WAITING
        url = self.url("self-check-version", number=latest.number)
        if latest.status == UploadStatus.REFUSED:
            status = ngettext("%s 个必须修改", "%s 个必须修改", latest.error_count)
            return url, status % latest.error_count, ATTENTION
        if latest.status == UploadStatus.HELD:
            return url, _("已检查，待您确认采用"), ATTENTION
        return url, _("没有必须修改的问题"), DONE

    def _explanations(self) -> tuple[str, ...]:
        note = self._documents_in_words()
        if self.current is None:
            return _("采用工作簿后填写"), WAITING, note
        if self.unexplained:
            status = ngettext("%s 个警告待说明", "%s 个警告待说明", self.unexplained)
            return status % self.unexplained, ATTENTION, note
        if count := self.lacks_documents if self.self_check.awaits_district else 0:
            status = ngettext("缺 %s 项佐证材料", "缺 %s 项佐证材料", count)
            return status % count, ATTENTION, note
        return _("没有待说明的警告"), DONE, note

    def _documents_in_words(self) -> str:
        attached = sum(len(line.items) for line in self.documents.lines)
        waiting, parts = len(self.documents.waiting), []
        if attached:
            parts.append(_("已附 %s 份佐证材料。") % attached)
        if waiting and self.self_check.is_editable:
            parts.append(_("还有 %s 份没有归类。") % waiting)
        return paragraph(parts)

    def _check(self) -> tuple[str, ...]:
        note = self._newer()
        lacks = self.current and self.lacks_documents and not self.unexplained
        if self.current and not self.self_check.is_editable:
            return _("已送审"), DONE, note
        reason = self.blocked("send_for_signature")
        if reason or lacks or self.unexplained or self.current is None:
            return _("还不能送审"), WAITING, note or ("" if lacks else reason)  # named below
        told = _("还没有改动，请先按意见修改") if self.is_untouched else _("可以送审")
        return told, NEXT, note

    def _newer(self) -> str:
        newer = newer_held(self.self_check, self.current)
        if newer is None or self.current is None:
            return ""
        return _("更新的第 %(newer)s 版已检查、等待确认采用；现在送审的会是第 %(now)s 版。") % {
            "newer": newer.number,
            "now": self.current.number,
        }

    def _signature(self) -> tuple[str, ...]:
        if self.is_signed:
            return _("已审签"), DONE
        if self.self_check.state == State.AWAITING_SIGNATURE:
            return _("等待审签"), NEXT, self.sign_blocked
        return _("尚未送审"), WAITING

    def _submission(self) -> tuple[str, ...]:
        entry = next((entry for entry in self.trail if entry.step in SUBMITTING), None)
        if entry and self.is_signed:
            url = self.url("self-check-receipt", number=entry.number)
            return url, self.self_check.get_state_display(), DONE, _("看回执")
        return self.url("self-check-check"), _("尚未报送"), WAITING


def newer_held(self_check: SelfCheck, current: Upload | None) -> Upload | None:
    """A checked version that waits for confirmation while an older one counts."""
    if current is None or not self_check.is_editable:
        return None
    held = self_check.uploads.filter(status=UploadStatus.HELD, number__gt=current.number)
    return held.order_by("-number").first()
