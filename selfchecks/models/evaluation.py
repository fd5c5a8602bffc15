"""Stored results: what was computed on submission, from which inputs and by which rules."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from figures.table import JUNIOR, PRIMARY, STAGE_LABELS
from indicators.calculation.outcome import Outcome
from indicators.models import Standard

from .append_only import HistoryModel
from .self_check import SelfCheck, Upload


class Verdict(models.TextChoices):
    MET = "met", _("达标")
    NOT_MET = "not_met", _("不达标")
    UNKNOWN = "unknown", _("无法判定")


STAGES = [(stage, _(STAGE_LABELS[stage])) for stage in (PRIMARY, JUNIOR)]


class Evaluation(HistoryModel):
    """The snapshot of a submission (测算结果): replayed, it gives the same outcome bit for bit."""

    scope = "self_check__district"

    self_check = models.ForeignKey(
        SelfCheck,
        models.PROTECT,
        related_name="evaluations",
        verbose_name=pgettext_lazy("one", "自查"),
    )
    number = models.PositiveIntegerField(_("序号"))
    upload = models.ForeignKey(
        Upload, models.PROTECT, related_name="evaluations", verbose_name=_("上传")
    )
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+", verbose_name=_("标准"))
    engine = models.CharField(_("测算程序版本"), max_length=20)
    inputs = models.JSONField(_("输入"))
    rules = models.JSONField(_("规则"))
    outcome = models.JSONField(_("结果"))
    digest = models.CharField(_("指纹"), max_length=80, db_index=True)
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict.choices)
    evaluated_at = models.DateTimeField(_("测算时间"))
    evaluated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("报送人")
    )

    class Meta:
        verbose_name = _("测算结果")
        verbose_name_plural = pgettext_lazy("plural", "测算结果")
        ordering = ("self_check", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "number"), name="evaluation_number_once_per_self_check"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="evaluation_verdict_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} {self.digest[7:19]}"

    @cached_property
    def result(self) -> Outcome:
        """The outcome with its types."""
        return Outcome.from_json(self.outcome)

    @property
    def short_digest(self) -> str:
        """The first twelve hex digits, enough to compare two pieces of paper."""
        return self.digest.removeprefix("sha256:")[:12]


class IndicatorResult(HistoryModel):
    """One indicator of a snapshot; A1–A7 have one row per stage with the 差异系数."""

    scope = "evaluation__self_check__district"

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="indicator_results", verbose_name=_("测算结果")
    )
    indicator = models.CharField(_("指标"), max_length=8, db_index=True)
    stage = models.CharField(_("学段"), max_length=8, blank=True, choices=STAGES)
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict.choices)
    value = models.DecimalField(
        _("差异系数"), max_digits=14, decimal_places=6, null=True, blank=True
    )

    class Meta:
        verbose_name = _("指标结果")
        verbose_name_plural = pgettext_lazy("plural", "指标结果")
        ordering = ("evaluation", "indicator", "stage")
        constraints = [
            models.UniqueConstraint(
                fields=("evaluation", "indicator", "stage"), name="indicator_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.stage} {self.verdict}"


class UnitResult(HistoryModel):
    """One school in one stage of a snapshot; ``indicators`` as in the evaluation's outcome."""

    scope = "evaluation__self_check__district"

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="unit_results", verbose_name=_("测算结果")
    )
    school_code = models.CharField(_("学校标识码"), max_length=10, db_index=True)
    school_name = models.CharField(_("学校名称"), max_length=200)
    stage = models.CharField(_("学段"), max_length=8, choices=STAGES)
    is_counted = models.BooleanField(_("参与测算"))
    met_count = models.PositiveSmallIntegerField(_("达标项数"), null=True, blank=True)
    verdict = models.CharField(_("结论"), max_length=8, blank=True, choices=Verdict.choices)
    indicators = models.JSONField(_("各指标"), default=dict)

    class Meta:
        verbose_name = _("评估单元结果")
        verbose_name_plural = pgettext_lazy("plural", "评估单元结果")
        ordering = ("evaluation", "school_code", "stage")
        constraints = [
            models.UniqueConstraint(
                fields=("evaluation", "school_code", "stage"), name="unit_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_name} {self.stage}"
