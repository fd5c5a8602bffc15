"""Each workbook a district sent: the file as it came, what was found in it, whether it counts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scope import ScopedQuerySet

from .self_check import part_of_self_check, person


class UploadStatus(models.TextChoices):
    REFUSED = "refused", _("有错误,未采用")
    HELD = "held", _("已检查,待确认")
    KEPT = "kept", _("已采用")


class Upload(models.Model):
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
        verbose_name_plural = _("上传")
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
