"""What one version asks: its 32 indicators and the numbers each is held against."""

from decimal import Decimal

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import PUBLIC
from figures.table import JUNIOR, PRIMARY, STAGE_LABELS

from .standard import Standard
from .versioned import VersionedQuerySet, bilingual

INDICATOR_CODE = RegexValidator(r"^[ABCD][1-9][0-9]?$", _("指标代码如 A1、B15。"))
STAGES = [(stage, _(STAGE_LABELS[stage])) for stage in (PRIMARY, JUNIOR)]


class Group(models.TextChoices):
    RESOURCES = "A", _("资源配置")
    GOVERNMENT = "B", _("政府保障程度")
    QUALITY = "C", _("教育质量")
    RECOGNITION = "D", _("社会认可度")


class Kind(models.TextChoices):
    NUMERIC = "numeric", _("看数据")
    EVIDENCE = "evidence", _("看材料")
    GRADED = "graded", _("评等级")


class Level(models.TextChoices):
    UNIT = "unit", _("每个评估单元")
    SCHOOL = "school", _("每所学校")
    DISTRICT = "district", _("全区县")


class Operator(models.TextChoices):
    AT_LEAST = ">=", _("不低于")
    ABOVE = ">", _("高于")
    AT_MOST = "<=", _("不超过")
    UNDER = "<", _("低于")
    IS = "=", _("取")


def _code_begins_with_group() -> Q:
    choices = [Q(group=group, code__startswith=group) for group in Group.values]
    return choices[0] | choices[1] | choices[2] | choices[3]


class Indicator(Sealed):
    """One of the 32 indicators (指标). ``wording`` is our short form (指标要点), not legal text.

    ``formula`` names how it is judged, ``per`` how many pupils its value is for, ``raw_fields``
    which reported figures it rests on.
    """

    scope = PUBLIC
    status_path = "standard__status"

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="indicators", verbose_name=_("标准版本")
    )
    code = models.CharField(_("代码"), max_length=3, validators=[INDICATOR_CODE])
    group = models.CharField(_("部分"), max_length=1, choices=Group.choices)
    order = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("名称"), max_length=80)
    english_name = models.CharField(_("英文名称"), max_length=160, blank=True)
    wording = models.TextField(_("指标要点"))
    english_wording = models.TextField(_("英文要点"), blank=True)
    kind = models.CharField(_("判定方式"), max_length=8, choices=Kind.choices)
    level = models.CharField(_("判定对象"), max_length=8, choices=Level.choices)
    formula = models.CharField(_("算法"), max_length=30)
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    per = models.PositiveSmallIntegerField(_("每多少名学生"), null=True, blank=True)
    raw_fields = models.JSONField(_("所用数据"), default=list, blank=True)
    source = models.CharField(_("出处"), max_length=200)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("指标")
        verbose_name_plural = pgettext_lazy("plural", "指标")
        ordering = ("standard", "order")
        constraints = [
            models.UniqueConstraint(
                fields=("standard", "code"), name="indicator_once_per_standard"
            ),
            models.UniqueConstraint(
                fields=("standard", "order"), name="indicator_order_once_per_standard"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[ABCD][1-9][0-9]?$") & _code_begins_with_group(),
                name="indicator_code_fits_group",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values, level__in=Level.values),
                name="indicator_kind_and_level_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    display_name = bilingual("name")
    display_wording = bilingual("wording")


class Threshold(Sealed):
    """A number an indicator is held against (达标值), in the indicator's or its own unit.

    ``name`` tells several numbers of one indicator apart; it is empty for the 达标值 of A1–A7.
    """

    scope = PUBLIC
    status_path = "indicator__standard__status"

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="thresholds", verbose_name=_("指标")
    )
    stage = models.CharField(_("学段"), max_length=8, blank=True, choices=STAGES)
    name = models.CharField(_("名称"), max_length=30, blank=True)
    label = models.CharField(_("说明"), max_length=80)
    english_label = models.CharField(_("英文说明"), max_length=160, blank=True)
    operator = models.CharField(_("要求"), max_length=2, choices=Operator.choices)
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=4)
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("达标值")
        verbose_name_plural = pgettext_lazy("plural", "达标值")
        ordering = ("indicator__order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("indicator", "stage", "name"), name="threshold_once_per_indicator"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="threshold_not_negative",
                violation_error_message=_("数值不能为负。"),
            ),
            models.CheckConstraint(
                condition=Q(operator__in=Operator.values, stage__in=("", PRIMARY, JUNIOR)),
                name="threshold_operator_and_stage_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.label}"

    display_label = bilingual("label")

    @property
    def display_name(self) -> str:
        return f"{self.indicator.code} {self.display_label}"

    @property
    def standard(self) -> Standard:
        return self.indicator.standard

    @property
    def key(self) -> str:
        """Names the number in tables: 2017/A1/primary, 2017/B3.music_area."""
        name = f"{self.indicator.code}.{self.name}".rstrip(".")
        return "/".join(filter(None, (self.standard.code, name, self.stage)))

    @property
    def is_of_part_a(self) -> bool:
        """Whether units are held against it, with a floor and a dispersion limit beside it."""
        return self.indicator.group == Group.RESOURCES

    @property
    def floor_ratio(self) -> Decimal | None:
        """基本值 as a part of the 达标值; None outside part A."""
        return self.indicator.standard.floor_ratio if self.is_of_part_a else None

    @property
    def floor(self) -> Decimal | None:
        """基本值, never rounded; None outside part A."""
        return self.value * self.floor_ratio if self.floor_ratio is not None else None

    @property
    def dispersion_limit(self) -> Decimal | None:
        """The stage's 差异系数 limit; None outside part A."""
        if not self.is_of_part_a:
            return None
        limit: Decimal = getattr(self.indicator.standard, f"dispersion_limit_{self.stage}")
        return limit
