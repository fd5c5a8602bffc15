"""A version of the standard: draft, published and then frozen, at last retired."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Sourced
from districts.scope import PUBLIC

from .versioned import VersionedQuerySet, bilingual

STANDARD_CODE = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.-]*$", _("代码只用字母、数字、点和短横。"))


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    RETIRED = "retired", _("已废止")


class Weighting(models.TextChoices):
    PUPILS = "pupils", _("按在校生数加权")
    NONE = "none", _("不加权")


class Comparison(models.TextChoices):
    BELOW = "<", _("不足该人数")
    UP_TO = "<=", _("不超过该人数")


class Accounts(models.TextChoices):
    BUDGET = "budget", _("预算数")
    FINAL = "final", _("决算数")


class Intake(models.TextChoices):
    PLACE = "place", _("城区、镇区分别要求")
    STAGE = "stage", _("城区和镇区合计，按学段要求")


def digits_of(label: Any, **more: Any) -> "models.PositiveSmallIntegerField[Any, Any]":
    """How many decimals of a figure are published."""
    limits = [MinValueValidator(0), MaxValueValidator(6)]
    return models.PositiveSmallIntegerField(label, validators=limits, **more)


class StandardQuerySet(VersionedQuerySet):
    def in_force_on(self, day: date) -> "Standard | None":
        """The published version that took effect last on or before the day."""
        rows = self.filter(status=Status.PUBLISHED, effective_from__lte=day)
        rows = rows.exclude(effective_to__lt=day)
        return rows.order_by("-effective_from", "-published_at").first()

    def asked_by(self, code: str) -> "Standard | None":
        """The version a request means: by its own code, or the newest one published of a family.

        2017 is short for the newest of 2017, 2017.1 …; the first of them is asked for as 2017.0.
        """
        if "." in code or not (family := self._family(code)):
            return self.filter(code=code.removesuffix(".0")).first()
        return family[0]

    def _family(self, code: str) -> "list[Standard]":
        rows = self.filter(Q(code=code) | Q(code__startswith=f"{code}."))
        return list(rows.filter(status=Status.PUBLISHED).order_by("-published_at", "-pk"))


class Standard(Sourced):
    """One version of the standard (标准版本) with the settings that hold for all indicators.

    ``floor_ratio`` and the dispersion limits are the school rule and the district rule of part A:
    one number each, so they stand here and not in fourteen thresholds. ``engine`` is the version of
    the calculation the rules are written for; settings of a later one are not read.
    """

    scope = PUBLIC
    status_path = "status"

    code = models.CharField(_("代码"), max_length=20, unique=True, validators=[STANDARD_CODE])
    title = models.CharField(_("名称"), max_length=120)
    english_title = models.CharField(_("英文名称"), max_length=200, blank=True)
    effective_from = models.DateField(_("施行日"), null=True, blank=True)
    effective_to = models.DateField(_("失效日"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="drafts",
        verbose_name=_("起草所依版本"),
    )
    reason = models.TextField(_("起草原因"), blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("发布人"),
    )
    floor_ratio = models.DecimalField(_("基本值比例"), max_digits=5, decimal_places=4)
    required_met = models.PositiveSmallIntegerField(
        _("至少达标项数"), validators=[MaxValueValidator(7)]
    )
    dispersion_limit_primary = models.DecimalField(
        _("小学差异系数限值"), max_digits=5, decimal_places=4
    )
    dispersion_limit_junior = models.DecimalField(
        _("初中差异系数限值"), max_digits=5, decimal_places=4
    )
    weighting = models.CharField(_("差异系数加权"), max_length=8, choices=Weighting.choices)
    shown_digits = digits_of(_("公布小数位"))
    coefficient_digits = digits_of(_("差异系数的公布小数位"), null=True, blank=True)
    rate_digits = digits_of(_("百分比的公布小数位"), null=True, blank=True)
    point_limit = models.PositiveSmallIntegerField(_("教学点人数界限"))
    point_comparison = models.CharField(
        _("教学点界限的比法"), max_length=2, choices=Comparison.choices
    )
    attached_points = models.BooleanField(_("教学点可并入中心校"), default=False)
    training_accounts = models.CharField(_("培训经费口径"), max_length=8, choices=Accounts.choices)
    monitored_subjects = models.JSONField(_("必须监测的学科"), default=list, blank=True)
    split_weights = models.JSONField(_("学段拆分权重"), default=dict)
    exempt_types = models.JSONField(_("不适用的学校类型"), default=dict, blank=True)
    nearby_intake_by = models.CharField(
        _("就近入学的口径"), max_length=5, choices=Intake.choices, default=Intake.PLACE
    )
    optional_veto = models.JSONField(_("另问的一票否决项"), default=list, blank=True)
    cases_from = models.PositiveSmallIntegerField(_("特殊情形适用起始年"), null=True, blank=True)
    cases_until = models.PositiveSmallIntegerField(_("特殊情形适用截止年"), null=True, blank=True)
    procedure = models.CharField(_("所依工作规程"), max_length=120, blank=True)
    engine = models.CharField(_("测算程序版本"), max_length=5, default="1", editable=False)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("标准版本")
        verbose_name_plural = pgettext_lazy("plural", "标准版本")
        ordering = ("-effective_from", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, published_at__isnull=True)
                | Q(
                    status__in=(Status.PUBLISHED, Status.RETIRED),
                    published_at__isnull=False,
                    effective_from__isnull=False,
                ),
                name="standard_published_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(effective_to__isnull=True)
                | Q(effective_from__lte=F("effective_to")),
                name="standard_effective_from_before_to",
                violation_error_message=_("失效日不能早于施行日。"),
            ),
            models.CheckConstraint(
                condition=Q(floor_ratio__gt=0, floor_ratio__lte=1),
                name="standard_floor_ratio_up_to_one",
                violation_error_message=_("基本值比例应大于 0，不超过 1。"),
            ),
            models.CheckConstraint(
                condition=Q(required_met__lte=7, shown_digits__lte=6),
                name="standard_counts_in_range",
                violation_error_message=_("至少达标项数不超过 7，公布小数位不超过 6。"),
            ),
            models.CheckConstraint(
                condition=Q(dispersion_limit_primary__gt=0, dispersion_limit_junior__gt=0),
                name="standard_dispersion_limits_positive",
                violation_error_message=_("差异系数限值应大于 0。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    nearby_intake_by__in=Intake.values,
                    weighting__in=Weighting.values,
                    point_comparison__in=Comparison.values,
                    training_accounts__in=Accounts.values,
                ),
                name="standard_settings_are_known",
                violation_error_message=_("加权、比法或口径不在可选范围内。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    display_title = bilingual("title")

    @property
    def display_name(self) -> str:
        return f"{self.code} {self.display_title}"

    @property
    def lineage(self) -> "list[Standard]":
        """This version, the one it is based on, and so on to the first."""
        return [self, *(self.based_on.lineage if self.based_on else ())]

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT
