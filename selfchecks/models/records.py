"""The figures of the current version, each knowing the cell it was read from."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import School
from districts.scope import ScopedQuerySet
from figures.table import CHOICE, CODE, COUNT, LARGEST, SCHOOL_FIELDS, TEXT, VETO_NAMES, Figure

from .self_check import SelfCheck, Upload

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


class _Record(Sealed):
    """A line of the current version, seen by whoever sees its district."""

    scope = "self_check__district"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


def _key(model: Any, name: str, label: Any) -> Any:
    return models.ForeignKey(model, models.PROTECT, related_name=name, verbose_name=label)


def _text(label: Any, most: int) -> Any:
    return models.CharField(label, max_length=most, blank=True)


def _once(field: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=("self_check", field), name=f"{name}_once_per_self_check")


class SchoolRecord(_Record):
    """One school in the current version (学校数据).

    Empty is 未填报; 不适用 is empty with the field's code in ``not_applicable``. ``cells`` maps
    field codes to the cell they were read from, ``sheet`` names their sheet.
    """

    self_check = _key(SelfCheck, "school_records", pgettext_lazy("one", "自查"))
    upload = _key(Upload, "school_records", _("上传"))
    school = _key(School, "records", _("学校"))
    # The columns come from the one list that workbook, API and calculation share.
    school_code: str
    school_name: str
    school_type: str
    locals().update({raw.code: _column(raw) for raw in SCHOOL_FIELDS})
    not_applicable = models.JSONField(_("不适用的项目"), default=list, blank=True)
    sheet = _text(_("工作表"), 80)
    cells = models.JSONField(_("来源单元格"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("学校数据")
        ordering = ("self_check", "school_code")
        constraints = [
            _once("school_code", "school_record"),
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


class DistrictRecord(_Record):
    """One figure of the district itself (区县数据), for example ``C1.graduates``."""

    self_check = _key(SelfCheck, "district_records", pgettext_lazy("one", "自查"))
    upload = _key(Upload, "district_records", _("上传"))
    item = models.CharField(_("项目代码"), max_length=40)
    value = models.DecimalField(
        _("数值"), max_digits=DIGITS, decimal_places=4, null=True, blank=True
    )
    state = models.CharField(_("填报情况"), max_length=14, choices=ItemState.choices)
    sheet = _text(_("工作表"), 80)
    cell = _text(_("来源单元格"), 12)

    class Meta:
        verbose_name = verbose_name_plural = _("区县数据")
        ordering = ("self_check", "item")
        constraints = [
            _once("item", "district_record"),
            models.CheckConstraint(
                condition=Q(state=ItemState.REPORTED, value__gte=0, value__lte=LARGEST)
                | ~Q(state=ItemState.REPORTED) & Q(value__isnull=True),
                name="district_record_value_matches_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"


class QualitativeAnswer(_Record):
    """The district's own conclusion on an indicator shown by documents (定性指标)."""

    self_check = _key(SelfCheck, "qualitative_answers", pgettext_lazy("one", "自查"))
    upload = _key(Upload, "qualitative_answers", _("上传"))
    indicator = models.CharField(_("指标代码"), max_length=8)
    conclusion = _text(_("自评结论"), 10)
    note = models.TextField(_("说明"), blank=True)
    evidence = models.TextField(_("佐证"), blank=True)
    sheet = _text(_("工作表"), 80)
    cell = _text(_("来源单元格"), 12)

    class Meta:
        verbose_name = verbose_name_plural = pgettext_lazy("plural", "定性指标自评")
        ordering = ("self_check", "indicator")
        constraints = [
            _once("indicator", "qualitative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.conclusion}"


class VetoItem(_Record):
    """Whether one of the things that refuse a district happened (一票否决); empty is 未填报."""

    self_check = _key(SelfCheck, "veto_items", pgettext_lazy("one", "自查"))
    upload = _key(Upload, "veto_items", _("上传"))
    item = models.CharField(
        _("事项"), max_length=4, choices=[(code, _(label)) for code, label in VETO_NAMES.items()]
    )
    is_raised = models.BooleanField(_("是否存在"), null=True, blank=True)
    note = models.TextField(_("情况说明"), blank=True)
    sheet = _text(_("工作表"), 80)
    cell = _text(_("来源单元格"), 12)

    class Meta:
        verbose_name = verbose_name_plural = pgettext_lazy("plural", "一票否决事项")
        ordering = ("self_check", "item")
        constraints = [
            _once("item", "veto_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.is_raised}"
