"""The self-check of one district in one year, and each workbook the district sent for it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.models import District
from districts.scope import PUBLIC, ScopedQuerySet
from districts.wording import day_text
from indicators.models import Standard


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    AWAITING_SIGNATURE = "awaiting_signature", _("待审签")
    SUBMITTED = "submitted", _("已报送")
    IN_REVIEW = "in_review", _("复核中")
    APPROVED = "approved", pgettext_lazy("state", "复核通过")
    RETURNED = "returned", pgettext_lazy("state", "退回修改")
    CLOSED = "closed", _("已终止")


def person(label: Any, **more: Any) -> "models.ForeignKey[Any, Any]":
    """To somebody who did something: they are named for good, accounts are never removed."""
    more = {"related_name": "+", **more}
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, **more)


def part_of_self_check(name: str, **more: Any) -> "models.ForeignKey[Any, Any]":
    """To the self-check the row belongs to, which knows its rows by ``name``."""
    label = pgettext_lazy("one", "自查")
    return models.ForeignKey("SelfCheck", models.PROTECT, name, verbose_name=label, **more)


OPTIONAL: dict[str, Any] = {"null": True, "blank": True}
EDITABLE = (State.DRAFT, State.RETURNED)
AT_DISTRICT = (*EDITABLE, State.AWAITING_SIGNATURE)  # the next move is the district's


class Deadline(Sealed):
    """From when to when the self-check of a year is filled in (填报期限)."""

    scope = PUBLIC

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    fill_from = models.DateField(_("开始填报日"))
    due_on = models.DateField(_("报送截止日"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("填报期限")
        verbose_name_plural = pgettext_lazy("plural", "填报期限")
        ordering = ("-year",)
        constraints = [
            models.CheckConstraint(
                condition=Q(fill_from__lte=F("due_on")), name="deadline_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {day_text(self.due_on)}"


class SelfCheck(Sealed):
    """A district's self-check of one year (自查), judged by one version of the standard.

    ``version`` counts every change of state or content: a reader names the one they saw.
    ``approved_evaluation`` is the last approved snapshot; it stays when the self-check is reopened.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="self_checks", verbose_name=_("区县")
    )
    year = models.PositiveSmallIntegerField(_("年度"), db_index=True)
    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="self_checks", verbose_name=_("标准")
    )
    state = models.CharField(
        _("状态"), max_length=20, choices=State.choices, default=State.DRAFT, db_index=True
    )
    version = models.PositiveIntegerField(_("变更次数"), default=1)
    fill_from = models.DateField(_("开始填报日"))
    due_on = models.DateField(_("报送截止日"))
    opened_at = models.DateTimeField(_("开启时间"))
    changed_at = models.DateTimeField(_("最近变更时间"))
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    inspector = person(_("复核人"), **OPTIONAL)
    approved_evaluation = models.ForeignKey(
        "Evaluation", models.PROTECT, "+", verbose_name=_("最近通过的测算结果"), **OPTIONAL
    )
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "自查")
        verbose_name_plural = _("自查")
        ordering = ("-year", "district__code")
        constraints = [
            models.UniqueConstraint(
                fields=("district", "year"), name="self_check_one_per_district_and_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="self_check_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.IN_REVIEW, inspector__isnull=False)
                | ~Q(state=State.IN_REVIEW),
                name="self_check_in_review_has_inspector",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED) | Q(approved_evaluation__isnull=False),
                name="self_check_approved_has_evaluation",
            ),
            models.CheckConstraint(
                condition=Q(fill_from__lte=F("due_on")), name="self_check_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.year}"

    @property
    def display_name(self) -> str:
        """For the reader, as its district's is."""
        return f"{self.district.display_name} {self.year}"

    @property
    def title(self) -> str:
        about = {"unit": self.district.display_name, "year": self.year}
        return gettext("%(unit)s %(year)s 年度自查") % about

    @property
    def reference(self) -> str:
        """How addresses and receipts name it, for example ``500106-2026``."""
        return f"{self.district.code}-{self.year}"

    @property
    def current(self) -> Any:
        """The version of the workbook whose figures count, if there is one."""
        return self.uploads.filter(is_current=True).first()

    @property
    def evidence(self) -> QuerySet[Any]:
        """The documents that were assigned to an indicator and not taken down."""
        return self.evidence_items.filter(removed_at=None).exclude(indicator="")

    @property
    def is_editable(self) -> bool:
        """Whether figures may change now."""
        return self.state in EDITABLE

    @property
    def awaits_district(self) -> bool:
        """Whether the next move is the district's."""
        return self.state in AT_DISTRICT

    @property
    def days_late_ever(self) -> int:
        """By how many days a submission ever missed the due date of its day; it stays said."""
        return max((entry.days_late for entry in self.trail.all()), default=0)

    @property
    def is_open_again(self) -> bool:
        """Whether something has changed, or may change, since the result was approved."""
        return self.approved_evaluation_id is not None and self.state != State.APPROVED

    @property
    def unit_is_gone(self) -> bool:
        """Whether the unit was abolished meanwhile."""
        return not self.district.exists_on(timezone.localdate())

    def days_left(self, day: date | None = None) -> int:
        """Days until the due date; the due day itself still counts, below zero it is overdue."""
        return (self.due_on - (day or timezone.localdate())).days

    @property
    def days_late(self) -> int:
        return max(0, -self.days_left())

    def is_overdue(self, day: date | None = None) -> bool:
        return self.awaits_district and self.days_left(day) < 0


class UploadStatus(models.TextChoices):
    REFUSED = "refused", _("有错误，未采用")
    HELD = "held", _("已检查，待确认")
    KEPT = "kept", _("已采用")


class Upload(Sealed):
    """One version of the workbook (上传).

    The file lies under MEDIA_ROOT with a name of our own; ``display_name`` is the sender's, made
    harmless. ``findings`` are in file order, each with an ``id``; ``reasons`` answers warnings by
    that id. ``changes`` is what taking it over changed against the version before.
    """

    scope = "self_check__district"

    self_check = part_of_self_check("uploads")
    number = models.PositiveIntegerField(_("版本号"))
    status = models.CharField(_("状态"), max_length=8, choices=UploadStatus.choices)
    is_current = models.BooleanField(_("现行版本"), default=False)
    file = models.FileField(_("原始文件"), max_length=200)
    display_name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    uploaded_by = person(_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    kept_at = models.DateTimeField(_("采用时间"), null=True, blank=True)
    findings = models.JSONField(_("检查结果"), default=list)
    error_count = models.PositiveIntegerField(_("错误数"), default=0)
    warning_count = models.PositiveIntegerField(_("警告数"), default=0)
    notice_count = models.PositiveIntegerField(_("提示数"), default=0)
    school_count = models.PositiveIntegerField(_("学校数"), default=0)
    reasons = models.JSONField(_("警告的说明"), default=dict)
    changes = models.JSONField(_("与上一版的差别"), default=list)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("上传")
        verbose_name_plural = pgettext_lazy("plural", "上传")
        ordering = ("self_check", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "number"), name="upload_number_once_per_self_check"
            ),
            models.UniqueConstraint(
                fields=("self_check",),
                condition=Q(is_current=True),
                name="upload_one_current_per_self_check",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(status=UploadStatus.KEPT),
                name="upload_current_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(status=UploadStatus.REFUSED, error_count__gt=0)
                | Q(error_count=0) & ~Q(status=UploadStatus.REFUSED),
                name="upload_refused_exactly_with_errors",
            ),
            models.CheckConstraint(
                condition=Q(status=UploadStatus.KEPT, kept_at__isnull=False)
                | ~Q(status=UploadStatus.KEPT) & Q(kept_at__isnull=True),
                name="upload_kept_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} #{self.number}"

    def unexplained(self) -> list[dict[str, object]]:
        """Warnings still without a written reason."""
        return [
            finding
            for finding in self.findings
            if finding["level"] == "warning" and not self.reasons.get(finding["id"], "").strip()
        ]
