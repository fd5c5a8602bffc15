"""What was seen at the schools of a visit: one record a school, its findings, their photos."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from selfchecks.models.self_check import OPTIONAL, person

from .visit import Visit, VisitQuerySet


class SchoolVisit(Sealed):
    """A drawn school (到校记录): when somebody was there and what was seen, or why nobody was."""

    scope = "visit__district"

    visit = models.ForeignKey(
        Visit, models.PROTECT, "schools", verbose_name=pgettext_lazy("one", "实地查看")
    )
    school_code = models.CharField(_("学校标识码"), max_length=10)
    school_name = models.CharField(_("学校名称"), max_length=80)
    visited_on = models.DateField(_("到校日期"), null=True, blank=True)
    words = models.TextField(_("查看情况"), blank=True)
    recorded_by = person(_("记录人"))
    recorded_at = models.DateTimeField(_("记录时间"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("到校记录")
        verbose_name_plural = pgettext_lazy("plural", "到校记录")
        ordering = ("visit", "school_code")
        constraints = [
            models.UniqueConstraint(
                fields=("visit", "school_code"), name="school_visit_once_per_visit"
            ),
            models.CheckConstraint(
                condition=Q(visited_on__isnull=False) | ~Q(words=""),
                name="school_visit_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return self.school_name

    @property
    def live(self) -> "models.QuerySet[Finding]":
        """Its findings that were not taken back."""
        return Finding.objects.filter(school=self, removed_at=None)


class FindingKind(models.TextChoices):
    FIGURE = "figure", _("数据与实际不符")
    EVIDENCE = "evidence", _("材料缺失或不实")
    CONDITION = "condition", _("办学条件或管理问题")


class Finding(Sealed):
    """A problem seen at a school (现场发现); ``reported`` and ``found`` are as typed, with units.

    It goes into the ledger of problems when the visit ends; taken back before, it stays on record.
    """

    scope = "school__visit__district"

    school = models.ForeignKey(SchoolVisit, models.PROTECT, "findings", verbose_name=_("到校记录"))
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=10, choices=FindingKind.choices)
    indicator = models.CharField(_("指标"), max_length=8, blank=True)
    words = models.TextField(_("发现的问题"))
    reported = models.CharField(_("报送的数"), max_length=40, blank=True)
    found = models.CharField(_("现场看到的数"), max_length=40, blank=True)
    added_by = person(_("记录人"))
    added_at = models.DateTimeField(_("记录时间"))
    removed_by = person(_("撤回人"), **OPTIONAL)
    removed_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("现场发现")
        verbose_name_plural = pgettext_lazy("plural", "现场发现")
        ordering = ("school", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("school", "number"), name="finding_number_once_per_school"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FindingKind.values), name="finding_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="finding_removed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.number}"

    @property
    def key(self) -> str:
        """How the ledger knows it: ``500106-2026-1/2150010601/3``."""
        return f"{self.school.visit.reference}/{self.school.school_code}/{self.number}"


class Photo(Sealed):
    """A picture that shows a finding (照片); kept inert, only ever offered for download."""

    scope = "finding__school__visit__district"

    finding = models.ForeignKey(Finding, models.PROTECT, "photos", verbose_name=_("现场发现"))
    file = models.FileField(_("文件"), max_length=200)
    display_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=5)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    added_by = person(_("上传人"))
    added_at = models.DateTimeField(_("上传时间"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "照片")
        verbose_name_plural = _("照片")
        ordering = ("finding", "pk")
        constraints = [
            models.UniqueConstraint(fields=("finding", "sha256"), name="photo_once_per_finding"),
        ]

    def __str__(self) -> str:
        return self.display_name
