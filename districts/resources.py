"""The tables of units and of schools, in and out."""

from collections.abc import Iterable
from typing import Any, ClassVar

import tablib
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.columns import Choice, Column, Number, Text, Unit, by_name
from districts.models import District, School
from districts.models.district import Kind
from districts.models.school import Location, Ownership, SchoolType
from districts.services.schools import check_attachment
from districts.services.units import NO_TILE, today
from districts.tables import TableResource
from figures.table import CODE, COUNT
from workbooks.entry import DAY


class Order(Number):
    """Whoever names no place stands at the end."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        return int(District._meta.get_field("order").default if value is None else value)


DISTRICT_COLUMNS = by_name(
    Column("code", "代码", "区县代码", required=True),
    Column("name", "名称", "区县", required=True),
    Column("distinction", "同名区分"),
    Column("full_name", "全称", required=True),
    Column("english_name", "英文名"),
    Column("kind", "类型", required=True, widget=Choice(Kind)),
    Column("region", "区域", required=True),
    Column("subregion", "片区"),
    Column("reading", "读音"),
    Column("order", "排序", kind=COUNT, limit=9_999, widget=Order()),
    Column("tile_column", "方格列", kind=COUNT, limit=9_999),
    Column("tile_row", "方格行", kind=COUNT, limit=9_999),
    Column("current_tile_column", "现行方格列", kind=COUNT, limit=9_999),
    Column("current_tile_row", "现行方格行", kind=COUNT, limit=9_999),
    Column("valid_from", "起始日", kind=DAY),
    Column("valid_to", "终止日", kind=DAY),
    Column("contact", "联系方式"),
)


class DistrictResource(TableResource):
    locals().update(DISTRICT_COLUMNS)

    class Meta(TableResource.Meta):
        model = District
        fields: ClassVar = tuple(DISTRICT_COLUMNS)

    def learn(self, data: tablib.Dataset) -> None:
        self.existing = {unit.code: unit for unit in District.objects.visible_to(self.viewer)}
        self.names = {str(unit): unit.code for unit in self.existing.values()}
        self.tiles = {(unit.tile_column, unit.tile_row): unit for unit in self.existing.values()}

    def contradictions(self, instance: District) -> Iterable[tuple[str, str]]:
        if self.names.setdefault(str(instance), instance.code) != instance.code:
            yield "name", _("这个名称已属于代码 %s 的区县。") % self.names[str(instance)]
        if instance.tile_column is None:
            if instance.current_tile_column is None:
                yield "tile_column", str(NO_TILE)
            return
        taken = self.tiles.setdefault((instance.tile_column, instance.tile_row), instance)
        if taken.code != instance.code:
            yield "tile_column", _("这个方格已是%s的位置。") % taken.name


class Centre(Text):
    """The school a teaching point belongs to, by its code; it may stand in the same file."""

    known: ClassVar[dict[str, School]] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> School | None:
        if not value:
            return None
        if value not in self.known:
            raise ValueError(_("没有登记这个学校标识码，文件里也没有。"))
        return self.known[value]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


SCHOOL_COLUMNS = by_name(
    Column("code", "学校标识码", "school_code", required=True, kind=CODE),
    Column("name", "学校名称", "school_name", "校名", required=True),
    Column("district", "区县", "区县代码", "district_code", required=True, widget=Unit()),
    Column("school_type", "办学类型", required=True, widget=Choice(SchoolType)),
    Column("ownership", "举办者性质", "办学性质", required=True, widget=Choice(Ownership)),
    Column("location", "城乡类型", required=True, widget=Choice(Location)),
    Column("township", "所在街镇", "街镇"),
    Column("attached_to", "所属中心校标识码", widget=Centre()),
    Column("valid_from", "起始日", kind=DAY),
    Column("valid_to", "终止日", kind=DAY),
)


class SchoolResource(TableResource):
    locals().update(SCHOOL_COLUMNS)

    class Meta(TableResource.Meta):
        model = School
        fields: ClassVar = tuple(SCHOOL_COLUMNS)

    unchecked = ("district", "attached_to")

    def learn(self, data: tablib.Dataset) -> None:
        self.fields["district"].widget.learn(District.objects.visible_to(self.viewer))
        codes = self.texts_in(data, "code")
        named = codes | self.texts_in(data, "attached_to")
        # Not only the visible ones: a code is taken whoever holds it.
        asked = Q(code__in=named) | Q(name__in=self.texts_in(data, "name"))
        schools = School.objects.filter(asked).select_related("district", "attached_to")
        self.existing = {school.code: school for school in schools if school.code in named}
        self.namesakes = {(school.district_id, school.name): school.code for school in schools}
        self.home = {code: school.district for code, school in self.existing.items()}
        self.fresh = {code: School(code=code) for code in codes - set(self.existing)}
        self.fields["attached_to"].widget.known = {**self.existing, **self.fresh}
        self.day = today()

    def init_instance(self, row: Any = None) -> School:
        return self.fresh.get(row[self.fields["code"].column_name].value) or School()

    def remarks(self, instance: School) -> Iterable[str]:
        """The same school under a code mistyped is the likeliest reason for a namesake."""
        code = self.namesakes.get((instance.district_id, instance.name))
        if code is not None:
            yield _("%(unit)s已有名为「%(name)s」的学校（%(code)s）；请核对是不是同一所。") % {
                "unit": instance.district,
                "name": instance.name,
                "code": code,
            }

    def contradictions(self, instance: School) -> Iterable[tuple[str, str]]:
        home, unit = self.home.get(instance.code), _unit_of(instance)
        if home and unit and home != unit:
            sentence = _("这个学校标识码已登记在%s；学校换区县请在学校页面修改。")
            yield "code", sentence % home.name
        elif unit and not home and not unit.exists_on(self.day):
            yield "district", _("%s已撤并，不能再登记学校。") % unit

    def between(self, instance: School) -> Iterable[tuple[str, str]]:
        if instance.attached_to and _unit_of(instance.attached_to):
            try:
                check_attachment(instance)
            except Refused as refusal:
                yield "attached_to", str(refusal)


def _unit_of(school: School) -> District | None:
    return school.district if school.district_id else None
