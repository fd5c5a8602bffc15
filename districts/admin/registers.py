"""The registers in the admin: units, and the schools of each."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.words import SEPARATOR
from districts import special_cases
from districts.access import SignedInRequest
from districts.models import District, School
from districts.models.district import NAMES
from districts.resources import DistrictResource, SchoolResource
from districts.services import schools, units
from districts.special_cases import CASES, STANDINGS, Case, standings
from districts.tables import TableResult
from districts.wording import listed
from workbooks.tables import Table

from .base import SEEN, SeenForm, ServiceAdmin
from .exchange import ExchangeAdmin
from .shown import NamedValues

RENAMING = ("renamed_on", "reason")
VALIDITY = ("valid_from", "valid_to")


class DistrictForm(SeenForm):
    """A name that changes on a day is another fact than one that was misspelt."""

    tag_of = staticmethod(units.tag_of)
    renamed_on = forms.DateField(
        label=_("新名称启用日"),
        required=False,
        help_text=_("改名时填写，这一天以前的页面仍显示原名；更正错字就留空。"),
    )
    reason = forms.CharField(label=_("改名原因"), required=False, max_length=300)


class ExistsFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "exists"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("现行")), ("no", _("已撤并"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.valid_on(units.today())
        if self.value() == "no":
            return queryset.exclude(pk__in=queryset.valid_on(units.today()))
        return queryset


@admin.register(District)
class DistrictAdmin(ExchangeAdmin, ServiceAdmin):
    resource_classes = (DistrictResource,)
    form = DistrictForm
    settled = ("code",)
    list_display = ("__str__", "reading", "code", "kind", "region", "subregion", *VALIDITY)
    list_filter = (ExistsFilter, "region", ("subregion", NamedValues), "kind")
    search_fields = ("sought", "english_name")
    search_help_text = _("按名称、拼音、首字母、代码、英文名或曾用名查找")
    list_per_page = 100
    fieldsets = (
        (None, {"fields": (SEEN, "code", ("name", "distinction"), *NAMES[1:], "reading", "kind")}),
        (_("区域"), {"fields": ("region", "subregion", "order")}),
        (_("公开"), {"fields": ("publication_page", "contact")}),
        (
            _("有效期"),
            {"fields": VALIDITY, "description": _("终止日是最后一天；现行单位留空。")},
        ),
        (
            _("首页方格的位置"),
            {
                "fields": (
                    ("tile_column", "tile_row"),
                    ("current_tile_column", "current_tile_row"),
                ),
                "description": _("现行方格只在与规划口径不同、或单位不在规划里时填写。"),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_rename = obj and self.has_change_permission(request, obj)
        return [*self.fieldsets, (_("改名"), {"fields": RENAMING})][: None if may_rename else -1]

    def create(self, obj: District, **asked: Any) -> District:
        return units.create_district(**{n: v for n, v in asked.items() if n not in RENAMING})

    def update(self, obj: District, **asked: Any) -> None:
        day, reason = (asked.pop(name, "") for name in RENAMING)
        if day:
            names = {name: asked.pop(name) for name in (*NAMES, "expected") if name in asked}
            units.rename_district(district=obj, day=day, reason=reason, by=asked["by"], **names)
        units.update_district(district=obj, **asked)

    def keep(self, result: TableResult, request: SignedInRequest, source: Any) -> None:
        units.keep_districts(changes=result.changes, by=request.user, source=source)


def _input(part: str, case: Case) -> forms.Field:
    if part == special_cases.STAGE:
        return forms.ChoiceField(
            label=_("学段"), choices=[("", "—"), *special_cases.STAGES.items()], required=False
        )
    labels: dict[str, Any] = {
        special_cases.EVIDENCE: format_lazy("{}{}{}", case.label, SEPARATOR, _("依据")),
        special_cases.AMOUNT: case.amount,
        special_cases.SINCE: _("起始年份"),
        special_cases.UNTIL: _("截止年份"),
        special_cases.COMMITMENT: _("承诺达标期限"),
    }
    return forms.CharField(
        label=labels[part], required=False, max_length=special_cases.LONGEST_EVIDENCE
    )


class SchoolForm(SeenForm):
    """The centre school is named by its code, which works without script in any number of
    schools; each special case is a line of inputs, and one without evidence is no case."""

    tag_of = staticmethod(schools.tag_of)
    centre_code = forms.CharField(
        label=_("所属中心校的学校标识码"),
        required=False,
        max_length=10,
        help_text=_("教学点填写；须是同一区县已登记的学校。"),
    )
    locals().update(
        {
            f"{code}.{part}": _input(part, case)
            for code, case in CASES.items()
            for part in case.parts
        }
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.attached_to:
            self.initial["centre_code"] = self.instance.attached_to.code
        for code, parts in (self.instance.special_cases or {}).items():
            self.initial.update({f"{code}.{part}": value for part, value in parts.items()})

    def clean_centre_code(self) -> str:
        code: str = self.cleaned_data["centre_code"].strip()
        self.centre = School.objects.filter(code=code).first() if code else None
        if code and self.centre is None:
            raise forms.ValidationError(_("没有登记学校标识码为「%s」的学校。") % code)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.cases, faults = special_cases.read(dict(self._typed_cases()))
        for fault in faults:
            self.add_error(f"{fault.case}.{fault.part}", fault.sentence)
        return cleaned

    def _typed_cases(self) -> Iterator[tuple[str, dict[str, str]]]:
        for code, case in CASES.items():
            typed = {part: self.cleaned_data.get(f"{code}.{part}", "") for part in case.parts}
            if any(typed.values()):
                yield code, typed

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        asked = set(names)
        values = super().values(asked & set(schools.REGISTERED))
        if "centre_code" in asked:
            values["attached_to"] = self.centre
        if (asked & self.declared_fields.keys() - {"centre_code", SEEN}) and (
            self.cases or self.instance.special_cases
        ):
            values["special_cases"] = self.cases
        return values

    def _repeat(self, refusal: Any) -> None:
        if "attached_to" in refusal.fields:
            refusal.fields["centre_code"] = refusal.fields.pop("attached_to")
        super()._repeat(refusal)


class FollowUpFilter(admin.SimpleListFilter):
    """Schools with a special case, by what was promised for it: the list to follow up."""

    title = _("特殊情形的承诺")
    parameter_name = "promised"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", _("有特殊情形")), *STANDINGS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not (asked := self.value()):
            return queryset
        granted = School.objects.exclude(special_cases={}).values_list("pk", "special_cases")
        today = units.today()
        found = [
            key
            for key, cases in granted
            if asked == "any" or asked in {standing for _c, standing, _d in standings(cases, today)}
        ]
        return queryset.filter(pk__in=found)


@admin.register(School)
class SchoolAdmin(ExchangeAdmin, ServiceAdmin):
    resource_classes = (SchoolResource,)
    form = SchoolForm
    settled = ("code",)
    list_display = (
        *("name", "code", "district", "school_type", "ownership", "location", "is_demo"),
        "promises",
    )
    list_display_links = ("name", "code")
    list_filter = (*list_display[3:7], FollowUpFilter, "district__region", "district")
    list_select_related = ("district",)
    search_fields = ("code", "sought", "district__sought")
    search_help_text = _("按校名、拼音、首字母、学校标识码或区县查找")
    fieldsets = (
        (None, {"fields": (SEEN, "district", "code", "name")}),
        (
            _("类别"),
            {"fields": ("school_type", "ownership", "location", "township", "centre_code")},
        ),
        (_("有效期"), {"fields": VALIDITY}),
        (
            _("特殊情形（写明依据的文件；没有就留空）"),
            {
                "fields": [
                    tuple(f"{code}.{part}" for part in case.parts) for code, case in CASES.items()
                ],
                "description": _(
                    "由市级认可；标准版本采用的情形才计入，结果同时写明不计入时的结论。"
                    "自 2017.1 版起，写明起止年份和承诺达标期限的才计入。"
                ),
            },
        ),
    )

    @admin.display(description=_("特殊情形的承诺"))
    def promises(self, school: School) -> str:
        return listed(
            f"{CASES[code].label} {day} {STANDINGS[standing]}"
            for code, standing, day in standings(school.special_cases, units.today())
            if code in CASES
        )

    def create(self, obj: School, **asked: Any) -> School:
        return schools.create_school(**asked)

    def update(self, obj: School, **asked: Any) -> None:
        schools.update_school(school=obj, **asked)

    def lock(self, table: Table) -> None:
        schools.lock_schools(codes=[str(row.value("code")) for row in table.rows])

    def keep(self, result: TableResult, request: SignedInRequest, source: Any) -> None:
        schools.keep_schools(changes=result.changes, by=request.user, source=source)
