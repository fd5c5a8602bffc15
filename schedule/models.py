"""What was planned (phases, versions of the plan) and what happened (steps, dated events)."""

from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.models import District, Sourced
from districts.scope import PUBLIC, ScopedQuerySet
from selfchecks.models import Evaluation

FIRST_YEAR, LAST_YEAR = 2022, 2030


def _person(name: Any) -> Any:
    """Who did it; nobody where reference data was loaded."""
    options = {"null": True, "blank": True, "related_name": "+", "verbose_name": name}
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, **options)


class Phase(Sealed):
    """A phase of the city's plan (阶段) and how many units it is to certify."""

    scope = PUBLIC

    name = models.CharField(_("名称"), max_length=20, unique=True)
    start_year = models.PositiveSmallIntegerField(_("起始年"), unique=True)
    end_year = models.PositiveSmallIntegerField(_("截止年"), unique=True)
    target = models.PositiveSmallIntegerField(_("目标数"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("阶段")
        verbose_name_plural = _("阶段")
        ordering = ("start_year",)
        constraints = [
            models.CheckConstraint(
                condition=Q(start_year__lte=F("end_year")), name="phase_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cumulative_target(self) -> int:
        """How many are to be certified by the end of the phase."""
        until_then = Phase.objects.filter(start_year__lte=self.start_year)
        return sum(until_then.values_list("target", flat=True))


class PlanVersionQuerySet(ScopedQuerySet):
    def in_force_on(self, day: date) -> "PlanVersion | None":
        """The newest version published on or before the day."""
        return self.filter(published_on__lte=day).order_by("-number").first()


class PlanVersion(Sourced):
    """A published edition of the plan (规划版本), never edited: a change is a new edition."""

    scope = PUBLIC

    number = models.PositiveSmallIntegerField(_("版本号"), unique=True)
    title = models.CharField(_("名称"), max_length=80)
    reason = models.TextField(_("调整原因"), blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("上一版本")
    )
    published_on = models.DateField(_("发布日"))
    published_at = models.DateTimeField(_("发布时间"))
    published_by = _person(_("发布人"))

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("规划版本")
        verbose_name_plural = _("规划版本")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"第 {self.number} 版 {self.title}"

    # Kept: the entries of a published version never change.
    @cached_property
    def years(self) -> dict[str, int]:
        """The planned year of each unit, by its code, in the order of the plan."""
        return dict(self.entries.values_list("district__code", "year"))


class PlannedCertification(Sealed):
    """The year a unit is to be certified, in one version of the plan (规划认定年份)."""

    scope = PUBLIC

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="entries", verbose_name=_("规划版本")
    )
    district = models.ForeignKey(
        District, models.PROTECT, related_name="planned", verbose_name=_("区县")
    )
    year = models.PositiveSmallIntegerField(
        _("规划年份"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("规划条目")
        verbose_name_plural = _("规划条目")
        ordering = ("year", "district__code")
        constraints = [
            models.UniqueConstraint(
                fields=("version", "district"), name="planned_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="planned_year_2022_to_2030",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.year}"


class StepLevel(models.TextChoices):
    DISTRICT = "district", _("区县")
    CITY = "city", _("市级")
    NATION = "nation", _("国家")


class CertificationStep(Sealed):
    """One step of the procedure in one year; the nation renames its steps every year (认定环节)."""

    scope = PUBLIC

    year = models.PositiveSmallIntegerField(_("年份"), db_index=True)
    order = models.PositiveSmallIntegerField(_("次序"))
    level = models.CharField(_("层级"), max_length=8, choices=StepLevel.choices)
    name = models.CharField(_("环节"), max_length=40)
    is_announcement = models.BooleanField(_("公布结果的环节"), default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定环节")
        verbose_name_plural = _("认定环节")
        ordering = ("-year", "order")
        constraints = [
            models.UniqueConstraint(fields=("year", "order"), name="step_order_once_per_year"),
            models.UniqueConstraint(fields=("year", "name"), name="step_name_once_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class Result(models.TextChoices):
    STARTED = "started", _("已进入")
    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    CERTIFIED = "certified", _("通过国家认定")
    REVOKED = "revoked", _("撤销认定")


class CertificationEvent(Sealed):
    """A dated fact about one unit (认定事件).

    ``date`` is the day it was announced; ``list_year`` the year of the national list it stands on;
    ``evidence`` the approved self-check it rests on, where the portal has one.
    """

    scope = PUBLIC

    district = models.ForeignKey(
        District, models.PROTECT, related_name="events", verbose_name=_("区县")
    )
    step = models.ForeignKey(
        CertificationStep, models.PROTECT, related_name="events", verbose_name=_("环节")
    )
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices)
    date = models.DateField(_("公布日"), db_index=True)
    list_year = models.PositiveSmallIntegerField(_("名单年份"), null=True, blank=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    source = models.URLField(_("来源"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        Evaluation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("所依据的自查结果"),
    )
    recorded_at = models.DateTimeField(_("录入时间"))
    recorded_by = _person(_("录入人"))
    changed_at = models.DateTimeField(_("更正时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定事件")
        verbose_name_plural = _("认定事件")
        ordering = ("-date", "district__code", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("district", "step", "result", "date"), name="event_recorded_once"
            ),
            models.CheckConstraint(
                condition=~Q(result__in=["certified", "revoked"])
                | ~Q(document_number="")
                | ~Q(source=""),
                name="event_certified_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.get_result_display()} {self.date:%Y-%m-%d}"
