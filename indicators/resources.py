"""The table of numbers a version asks, in and out; only numbers of a draft may change."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import tablib
from django.utils.translation import gettext as _

from districts.columns import Column, Number
from districts.tables import TableResource
from indicators.calculation.problems import write_decimal
from indicators.models import Threshold
from workbooks.entry import AMOUNT


class Amount(Number):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return write_decimal(value) if isinstance(value, Decimal) else ""


class ThresholdResource(TableResource):
    key_column = Column("key", "编号", required=True, readonly=True)
    indicator = Column("indicator__name", "指标", readonly=True)
    label = Column("label", "说明", readonly=True)
    operator = Column("get_operator_display", "要求", readonly=True)
    value = Column(
        "value", "数值", required=True, kind=AMOUNT, places=4, limit=99_999_999, widget=Amount()
    )
    unit = Column("unit", "单位", readonly=True)

    class Meta(TableResource.Meta):
        model = Threshold
        fields: ClassVar = ("key_column", "indicator", "label", "operator", "value", "unit")

    key = "key_column"
    unchecked = ("indicator", "label", "operator", "stage", "name", "unit")

    def learn(self, data: tablib.Dataset) -> None:
        visible = Threshold.objects.visible_to(self.viewer).select_related("indicator__standard")
        self.existing = {row.key: row for row in visible}
        self.stored = {row.pk: row.value for row in visible}

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        return self.existing.get(row[self.fields[self.key].column_name].value)

    def contradictions(self, instance: Threshold) -> Iterable[tuple[str, str]]:
        if instance._state.adding:
            yield "key", _("没有这个编号的达标值；请照导出的表填写。")
        elif not instance.standard.is_draft and self.stored[instance.pk] != instance.value:
            yield "value", _("标准 %s 已发布，数值不能改。") % instance.standard.code
