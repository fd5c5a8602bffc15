"""What the national text leaves open, how a version settles it, and what a version corrects."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import Sourced
from districts.scope import PUBLIC

from .indicator import Indicator
from .standard import Standard
from .versioned import VersionedQuerySet, bilingual


class SpecialCase(Sealed):
    """An exception some places practise (特殊情形); off unless a version turns it on.

    ``parameters`` are the numbers of the exception, by name.
    """

    scope = PUBLIC
    status_path = "standard__status"

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="special_cases", verbose_name=_("标准版本")
    )
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="special_cases", verbose_name=_("指标")
    )
    code = models.CharField(_("代码"), max_length=40)
    wording = models.TextField(_("情形"))
    english_wording = models.TextField(_("英文表述"), blank=True)
    parameters = models.JSONField(_("数值"), default=dict, blank=True)
    is_enabled = models.BooleanField(_("采用"), default=False)
    needs_end_year = models.BooleanField(_("需写截止年份"), default=False)
    source = models.CharField(_("出处"), max_length=200)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "特殊情形")
        verbose_name_plural = _("特殊情形")
        ordering = ("standard", "indicator__order", "code")
        constraints = [
            models.UniqueConstraint(
                fields=("standard", "code"), name="special_case_once_per_standard"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    display_wording = bilingual("wording")


class OpenPoint(Sealed):
    """A question the sources do not settle (待明确事项) and the default chosen meanwhile.

    ``key`` names the setting that holds the answer: a field of the version, a limit such as
    ``B7.special_budget``, or ``special_cases``. The value stands there and nowhere else.
    """

    scope = PUBLIC
    status_path = "standard__status"

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="open_points", verbose_name=_("标准版本")
    )
    key = models.CharField(_("设置项"), max_length=40)
    indicators = models.JSONField(_("有关指标"), default=list, blank=True)
    question = models.TextField(_("问题"))
    english_question = models.TextField(_("英文问题"), blank=True)
    default = models.CharField(_("默认做法"), max_length=200)
    english_default = models.CharField(_("英文默认做法"), max_length=300, blank=True)
    note = models.TextField(_("说明"), blank=True)
    english_note = models.TextField(_("英文说明"), blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "待明确事项")
        verbose_name_plural = _("待明确事项")
        ordering = ("standard", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("standard", "key"), name="open_point_once_per_standard"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    display_question = bilingual("question")
    display_default = bilingual("default")
    display_note = bilingual("note")

    @property
    def value(self) -> Any:
        """What the version has set: the setting itself, read where it stands."""
        if self.key == "special_cases":
            enabled = self.standard.special_cases.filter(is_enabled=True)
            return list(enabled.values_list("code", flat=True))
        code, dot, name = self.key.partition(".")
        if not dot:
            return getattr(self.standard, self.key)
        limit = Indicator.objects.get(standard=self.standard, code=code)
        return limit.thresholds.get(name=name).value


class Confidence(models.TextChoices):
    HIGH = "high", _("有公开文件为据")
    MEDIUM = "medium", _("有旁证，待核对原文")
    OPEN = "open", _("待向市级核实")


class Amendment(Sourced):
    """What a version says otherwise than the one before (更正), from when and on what ground.

    The numbers themselves stand on the version; here is why they are what they are.
    """

    scope = PUBLIC
    status_path = "standard__status"

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="amendments", verbose_name=_("标准版本")
    )
    key = models.CharField(_("事项代码"), max_length=40)
    indicators = models.JSONField(_("有关指标"), default=list, blank=True)
    wording = models.TextField(_("更正内容"))
    english_wording = models.TextField(_("英文更正内容"), blank=True)
    since = models.DateField(_("自何日起"), null=True, blank=True)
    confidence = models.CharField(_("把握"), max_length=8, choices=Confidence.choices)
    english_source_note = models.CharField(_("英文来源说明"), max_length=300, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正")
        verbose_name_plural = pgettext_lazy("plural", "更正")
        ordering = ("standard", "pk")
        constraints = [
            models.UniqueConstraint(fields=("standard", "key"), name="amendment_once_per_standard"),
            models.CheckConstraint(
                condition=models.Q(confidence__in=Confidence.values),
                name="amendment_confidence_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    display_wording = bilingual("wording")
    display_source_note = bilingual("source_note")
