"""The ledger's workbook as it comes back: owners, days and measures; the rest is only read."""

from collections.abc import Iterable
from typing import Any, ClassVar

import tablib
from django.utils.translation import gettext as _

from districts.columns import Column, by_name
from districts.tables import TableResource
from figures.table import COUNT
from improvement.models import Problem
from improvement.models.ledger import UNSOLVED
from workbooks.entry import DAY

ONLY_READ = {
    "district": "区县",
    "school_code": "学校标识码",
    "school_name": "学校名称",
    "indicator": "指标",
    "words": "问题",
    "found": "实际",
    "required": "要求",
    "gap": "相差",
    "unit": "单位",
    "source": "来源",
    "state": "状态",
}
COLUMNS = by_name(
    Column("pk", "编号", "number", required=True, kind=COUNT, limit=2_000_000_000),
    *(Column(name, header, readonly=True) for name, header in ONLY_READ.items()),
    Column("owner", "责任人"),
    Column("due_on", "整改期限", kind=DAY),
    Column("measures", "整改措施"),
)


class ProblemTable(TableResource):
    locals().update(COLUMNS)

    class Meta(TableResource.Meta):
        model = Problem
        fields: ClassVar = tuple(COLUMNS)

    key = "pk"
    unchecked = ("district", "evaluation")

    def learn(self, data: tablib.Dataset) -> None:
        numbers = {text for text in self.texts_in(data, "pk") if text.isdecimal()}
        rows = Problem.objects.visible_to(self.viewer).select_related("district")
        self.existing = {str(row.pk): row for row in rows.filter(pk__in=numbers)}

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        return self.existing.get(str(row[self.fields["pk"].column_name].value))

    def contradictions(self, instance: Problem) -> Iterable[tuple[str, str]]:
        if str(instance.pk) not in self.existing:
            yield "pk", _("台账里没有这个编号；请用从门户下载的表，不要改编号。")
        elif self._is_changed(instance) and instance.state not in UNSOLVED:
            state = instance.get_state_display()
            yield "owner", _("问题现在是「%s」，整改安排不能再改。") % state

    def _is_changed(self, instance: Problem) -> bool:
        """Readers of the row compare texts with what stood before it was read."""
        return self.texts_of(instance) != self.before
