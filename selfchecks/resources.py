"""The figures of schools as a table for the admin: the same columns as the workbook.

Bureaus send workbooks through ``services.uploads``; this is for taking a table out, and for
looking at one that corrects figures of a self-check, which ``services.corrections`` keeps.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import tablib
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.refusals import Conflict, Unusable
from districts.columns import Column, Number
from districts.models import User
from districts.tables import TableResource
from districts.wording import listed
from figures.table import NOT_APPLICABLE, SCHOOL_FIELDS, STAGE_LABELS, STAGES_OF_TYPE, Figure
from indicators.calculation.problems import TEXTS
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.services.corrections import IDENTIFYING
from workbooks.values import show

YEAR, UNIT = "年度", "区县"
SCHOOL_CODE = "school_code"
_SAME = ("kind", "unit", "places", "limit", "choices", "may_not_apply", "numbered")


class FigureColumn(Column):
    """A column named in Chinese with its public code, known by either; 不适用 stays a word."""

    def __init__(self, raw: Figure) -> None:
        same = {name: getattr(raw, name) for name in _SAME}
        required, names = raw.code == SCHOOL_CODE, (f"{raw.label} {raw.code}", raw.label, raw.code)
        super().__init__(raw.code, *names, required=required, **same)
        self.raw = raw

    def clean(self, row: Any, school_type: str = "", **kwargs: Any) -> Any:
        """The value the reader of tables took; nothing but 0 for a stage the school lacks."""
        value = super().clean(row, **kwargs)
        stages, stage = STAGES_OF_TYPE.get(school_type), self.raw.stage
        if self.raw.is_word:
            return value
        if stage is None or stages is None or stage in stages or value in (None, ""):
            return None if value == "" else value
        if value == 0:
            return None
        what, expected = TEXTS["not_asked"]
        params = {
            "label": _(self.raw.label),
            "type": _(school_type),
            "stage": _(STAGE_LABELS[stage]),
        }
        found = {"problem": _(what).format(**params), "expected": _(expected)}
        raise ValueError(_("%(problem)s；%(expected)s。") % found)

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        value = self.clean(row, school_type=instance.school_type)
        absent = [code for code in instance.not_applicable if code != self.attribute]
        if value == NOT_APPLICABLE:
            value, absent = None, [*absent, self.attribute]
        instance.not_applicable = absent
        setattr(instance, self.attribute, value)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        """Numbers as numbers, with no more places than they have."""
        if self.attribute in instance.not_applicable:
            return NOT_APPLICABLE
        value = getattr(instance, self.attribute)
        if isinstance(value, Decimal):
            return Decimal(show(value))
        return "" if value is None else value


class SchoolRecordResource(TableResource):
    """``self_check`` is needed to look at a table; ``viewer`` limits what is exported."""

    year = Column("self_check__year", YEAR, readonly=True, widget=Number())
    unit = Column("self_check__district__name", UNIT, readonly=True)
    locals().update({raw.code: FigureColumn(raw) for raw in SCHOOL_FIELDS})

    class Meta(TableResource.Meta):
        model = SchoolRecord
        fields: ClassVar = ("year", "unit", *(raw.code for raw in SCHOOL_FIELDS))
        export_order = fields

    key = SCHOOL_CODE
    unchecked = ("self_check", "upload", "school")

    def __init__(
        self, viewer: User | None = None, self_check: SelfCheck | None = None, **kwargs: Any
    ) -> None:
        super().__init__(viewer, **kwargs)
        self.self_check = self_check

    def get_queryset(self) -> QuerySet[SchoolRecord]:
        rows = SchoolRecord.objects.visible_to(self.viewer).select_related("self_check__district")
        rows = rows.order_by("self_check", SCHOOL_CODE)
        return rows.filter(self_check=self.self_check) if self.self_check else rows

    def learn(self, data: tablib.Dataset) -> None:
        if self.self_check is None:
            raise Conflict(_("请先选定一份自查，再导入学校数据。"))
        if not self.self_check.uploads.filter(is_current=True).exists():
            raise Conflict(
                _("%s 还没有采用任何工作簿，没有可更正的数据；请先由区县上传工作簿。")
                % self.self_check
            )
        self._refuse_other_self_checks(self.self_check, data)
        self.existing = {row.school_code: row for row in self.get_queryset()}
        self.identities = {
            code: {name: getattr(row, name) for name in IDENTIFYING}
            for code, row in self.existing.items()
        }

    def _refuse_other_self_checks(self, chosen: SelfCheck, data: tablib.Dataset) -> None:
        for name, own in (("year", str(chosen.year)), ("unit", chosen.district.name)):
            found = self.texts_in(data, name) - {own}
            if found:
                raise Unusable(
                    _("文件里的「%(column)s」是 %(found)s，选的自查是 %(own)s；请选对自查或文件。")
                    % {
                        "column": _(self.fields[name].column_name),
                        "found": listed(sorted(found)[:3]),
                        "own": chosen,
                    }
                )

    def contradictions(self, instance: SchoolRecord) -> Iterable[tuple[str, str]]:
        before = self.identities.get(instance.school_code)
        if before is None:
            yield (
                SCHOOL_CODE,
                _(
                    "这份自查的数据里没有这个学校标识码；请对照导出的表核对。"
                    "新增的学校先在学校名册登记，再由区县在工作簿里填报。"
                ),
            )
            return
        for name in sorted(IDENTIFYING):
            if getattr(instance, name) != before[name]:
                yield (
                    name,
                    _("应与学校名册一致（%s）；名册有误时请在学校名册修改。") % before[name],
                )
