"""The table of planned years, in and out; a file that comes in is a proposal to re-plan."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

import tablib
from django.utils.translation import gettext as _

from districts.columns import Column, Number, Unit
from districts.models import District
from districts.tables import TableResource
from schedule.models import FIRST_YEAR, LAST_YEAR, PlannedCertification
from schedule.services import plans
from schedule.services.reading import today
from workbooks.entry import YEAR, SheetLayout

YEARS = (str(FIRST_YEAR), str(LAST_YEAR))


class Year(Number):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        if not FIRST_YEAR <= int(value) <= LAST_YEAR:
            raise ValueError(
                _("规划年份应在 %(first)s 到 %(last)s 之间。")
                % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return int(value)


class PlanResource(TableResource):
    district = Column("district", "区县", "区县代码", "code", required=True, widget=Unit())
    year = Column(
        "year", "规划年份", "年份", required=True, kind=YEAR, choices=YEARS, widget=Year()
    )

    class Meta(TableResource.Meta):
        model = PlannedCertification
        fields: ClassVar = ("district", "year")

    key = "district"
    unchecked = ("district", "version")

    @property
    def layout(self) -> SheetLayout:
        # A unit alone on its line is a row that lacks its year, not a remark below the table.
        names = District.objects.values_list("name", "full_name", "code")
        return replace(super().layout, lines=tuple(name for row in names for name in row))

    def learn(self, data: tablib.Dataset) -> None:
        self.day = today()
        entries = plans.latest_version().entries.select_related("district")
        known = self.fields["district"].widget
        known.learn(District.objects.visible_to(self.viewer))
        known.learn(entry.district for entry in entries)  # a name of two is that of the plan's
        self.existing = {entry.district.code: entry for entry in entries}
        self.years = {entry.district.code: entry.year for entry in entries}

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        column = self.fields["district"]
        unit = column.widget.known.get(row[column.column_name].value)
        return self.existing.get(unit.code) if unit else None

    def contradictions(self, instance: PlannedCertification) -> Iterable[tuple[str, str]]:
        unit = instance.district if instance.district_id else None
        if unit and not unit.exists_on(self.day) and self.years.get(unit.code) != instance.year:
            yield "year", _("%s已撤并，它的规划任务由谁承担待市级明确，年份不能改。") % unit
