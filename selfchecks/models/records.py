"""The figures of the current version, each knowing the cell it was read from."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import School
from districts.scope import ScopedQuerySet
from figures.table import CHOICE, CODE, COUNT, LARGEST, SCHOOL_FIELDS, TEXT, VETO_ITEMS, Figure

from .self_check import SelfCheck
from .upload import Upload

DIGITS = 14  # the limit with four places also survives SQLite's floating storage exactly
NUMBER_FIELDS = tuple(field for field in SCHOOL_FIELDS if field.is_number)


def _column(raw: Figure) -> "models.Field[Any, Any]":
    label = _(raw.label)
    if raw.kind == CODE:
        return models.CharField(label, max_length=10)
    if raw.kind == TEXT:
        return models.CharField(label, max_length=200)
    if raw.kind == CHOICE:
        return models.CharField(
            label, max_length=10, blank=True, choices=[(word, _(word)) for word in raw.choices]
        )
    if raw.kind == COUNT:
        return models.PositiveIntegerField(label, null=True, blank=True)
    return models.DecimalField(
        label, max_digits=DIGITS, decimal_places=raw.places, null=True, blank=True
    )


def _in_range(raw: Figure) -> Q:
    within = {f"{raw.code}__gte": 0, f"{raw.code}__lte": raw.limit}
    return Q(**{f"{raw.code}__isnull": True}) | Q(**within)


class SchoolRecord(models.Model):
    """One school in the current version (学校数据).

    Empty is 未填报; 不适用 is empty with the field's code in ``not_applicable``. ``cells`` maps
    field codes to the cell they were read from, ``sheet`` names their sheet.
    """

    scope = "self_check__district"

    self_check = models.ForeignKey(
        SelfCheck, models.PROTECT, related_name="school_records", verbose_name=_("自查")
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, related_name="school_records", verbose_name=_("上传")
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="records", verbose_name=_("学校")
    )
    # The columns come from the one list that workbook, API and calculation share.
    school_code: str
    school_name: str
    locals().update({raw.code: _column(raw) for raw in SCHOOL_FIELDS})
    not_applicable = models.JSONField(_("不适用的项目"), default=list, blank=True)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    cells = models.JSONField(_("来源单元格"), default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("学校数据")
        verbose_name_plural = _("学校数据")
        ordering = ("self_check", "school_code")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "school_code"), name="school_record_once_per_self_check"
            ),
            # The upper bound also keeps out NaN, which PostgreSQL counts as the largest number.
            models.CheckConstraint(
                condition=Q(*map(_in_range, NUMBER_FIELDS)), name="school_record_figures_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.school_name}"


class ItemState(models.TextChoices):
    REPORTED = "reported", _("已填报")
    MISSING = "missing", _("未填报")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class DistrictRecord(models.Model):
    """One figure of the district itself (区县数据), for example ``C1.graduates``."""

    scope = "self_check__district"

    self_check = models.ForeignKey(
        SelfCheck, models.PROTECT, related_name="district_records", verbose_name=_("自查")
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, related_name="district_records", verbose_name=_("上传")
    )
    item = models.CharField(_("项目代码"), max_length=40)
    value = models.DecimalField(
        _("数值"), max_digits=DIGITS, decimal_places=4, null=True, blank=True
    )
    state = models.CharField(_("填报情况"), max_length=14, choices=ItemState.choices)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    cell = models.CharField(_("来源单元格"), max_length=12, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("区县数据")
        verbose_name_plural = _("区县数据")
        ordering = ("self_check", "item")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "item"), name="district_record_once_per_self_check"
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.REPORTED, value__gte=0, value__lte=LARGEST)
                | ~Q(state=ItemState.REPORTED) & Q(value__isnull=True),
                name="district_record_value_matches_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"


class QualitativeAnswer(models.Model):
    """The district's own conclusion on an indicator shown by documents (定性指标)."""

    scope = "self_check__district"

    self_check = models.ForeignKey(
        SelfCheck, models.PROTECT, related_name="qualitative_answers", verbose_name=_("自查")
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, related_name="qualitative_answers", verbose_name=_("上传")
    )
    indicator = models.CharField(_("指标代码"), max_length=8)
    conclusion = models.CharField(_("自评结论"), max_length=10, blank=True)
    note = models.TextField(_("说明"), blank=True)
    evidence = models.TextField(_("佐证"), blank=True)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    cell = models.CharField(_("来源单元格"), max_length=12, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("定性指标自评")
        verbose_name_plural = _("定性指标自评")
        ordering = ("self_check", "indicator")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "indicator"), name="qualitative_once_per_self_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.conclusion}"


class VetoItem(models.Model):
    """Whether one of the things that refuse a district happened (一票否决); empty is 未填报."""

    scope = "self_check__district"

    self_check = models.ForeignKey(
        SelfCheck, models.PROTECT, related_name="veto_items", verbose_name=_("自查")
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, related_name="veto_items", verbose_name=_("上传")
    )
    item = models.CharField(
        _("事项"), max_length=4, choices=[(code, _(label)) for code, label in VETO_ITEMS.items()]
    )
    is_raised = models.BooleanField(_("是否存在"), null=True, blank=True)
    note = models.TextField(_("情况说明"), blank=True)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    cell = models.CharField(_("来源单元格"), max_length=12, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("一票否决事项")
        verbose_name_plural = _("一票否决事项")
        ordering = ("self_check", "item")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "item"), name="veto_item_once_per_self_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.is_raised}"
