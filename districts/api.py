"""The register of schools over REST, each district its own."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit.past import Past
from districts.models import District, School
from districts.models.school import Location, Ownership, SchoolType, named
from districts.roles import Role
from districts.scope import CITY
from districts.services import schools
from figures.table import SCHOOL_CODE
from rest.filters import AsOfFilter, OneOfFilter
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer
from rest.views import TaggedResource, seen_tag

READERS = [role.value for role in Role]
WRITERS = [role.value for role in schools.MAY_KEEP_SCHOOLS]
REGISTRATION = OpenApiExample(
    "school",
    value={
        "code": "5001060001",
        "district": "500106",
        "name": "示例小学",
        "school_type": "小学",
        "ownership": "公办",
        "location": "城区",
    },
    request_only=True,
)
CHANGE = OpenApiExample("location", value={"location": "镇区"}, request_only=True)


def refuse_unknown_unit(code: str) -> None:
    if code not in District.objects.values_list("code", flat=True):
        raise ValidationError(gettext("没有代码为「%s」的区县。") % code[:20], "unknown")


class UnitFilter(CharFilter):
    """The code of a unit that there is or was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"validators": [refuse_unknown_unit], **kwargs})


class UnitField(serializers.SlugRelatedField):
    """A unit by its code."""

    default_error_messages = {"does_not_exist": _("没有代码为「{value}」的区县。")}

    def __init__(self, **kwargs: Any) -> None:
        given = {"help_text": _("区县代码。"), "queryset": District.objects.all(), **kwargs}
        super().__init__(slug_field="code", **given)


def regions() -> list[str]:
    return sorted(set(District.objects.values_list("region", flat=True)))


class SchoolSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code")
    district_name = serializers.CharField(source="district.name")
    attached_to = serializers.CharField(
        source="attached_to.code", allow_null=True, default=None, help_text=_("所属中心校的代码。")
    )
    special_cases = serializers.DictField(child=serializers.DictField())

    class Meta:
        model = School
        fields = (
            "code",
            "name",
            "district",
            "district_name",
            "school_type",
            "ownership",
            "location",
            "township",
            "attached_to",
            "special_cases",
            "valid_from",
            "valid_to",
            "is_demo",
        )


class ChangeSerializer(StrictSerializer):
    """What may be changed; the service says whether it may be so."""

    district = UnitField(required=False, help_text=_("区县代码；区县账号可不写，就是自己的区县。"))
    name = serializers.CharField(max_length=80)
    school_type = OneOfField(choices=SchoolType.choices)
    ownership = OneOfField(choices=Ownership.choices)
    location = OneOfField(choices=Location.choices)
    township = serializers.CharField(
        max_length=30, required=False, allow_blank=True, help_text=_("所在街道或镇的名称。")
    )
    attached_to = serializers.SlugRelatedField(
        slug_field="code",
        queryset=School.objects.none(),
        required=False,
        allow_null=True,
        error_messages={"does_not_exist": _("没有学校标识码为「{value}」的中心校。")},
        help_text=_("所属中心校的学校标识码。"),
    )
    special_cases = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=300)),
        required=False,
        help_text=_(
            "情形代码 → 依据（evidence）、数量（amount）、学段（stage）、截止年份（until）。"
        ),
    )
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """A centre outside one's scope is as unknown as one that does not exist."""
        fields = super().get_fields()
        if "request" in self.context:
            viewer = self.context["request"].user
            fields["attached_to"].queryset = School.objects.visible_to(viewer)
        return fields


class RegistrationSerializer(ChangeSerializer):
    code = serializers.RegexField(
        f"^{SCHOOL_CODE}$",
        error_messages={"invalid": _("学校标识码应为 10 位数字。")},
        help_text=_("学校标识码，10 位数字的文字。"),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A district's own account need not say which district."""
        own = self.context["request"].user.district
        if "district" not in attrs and own is None:
            raise serializers.ValidationError({"district": [_("请写明区县代码。")]}, "required")
        return {"district": own, **attrs}


class SchoolFilter(FilterSet):
    as_of = AsOfFilter(
        method="on_day",
        help_text=_("那天存在的学校，区县是那天的；其余各项是现在登记的内容。不能是以后。"),
    )
    district = UnitFilter(method="of_unit", help_text=_("区县代码。"))
    school_type = OneOfFilter(field_name="school_type", choices=SchoolType.choices)
    ownership = OneOfFilter(field_name="ownership", choices=Ownership.choices)
    location = OneOfFilter(field_name="location", choices=Location.choices)
    name = CharFilter("name", "contains", label=_("名称包含"))
    search = CharFilter(method="found", label=_("名称、拼音、首字母或学校标识码"))

    def found(self, rows: QuerySet[School], _name: str, text: str) -> QuerySet[School]:
        return rows.filter(named(text))

    def on_day(self, rows: Any, _name: str, day: date) -> Any:
        return rows.on(day)

    def of_unit(self, rows: Any, _name: str, code: str) -> Any:
        key = District.objects.get(code=code).pk
        return rows.filter(**{"home" if self.form.cleaned_data["as_of"] else "district": key})


class SchoolResource(TaggedResource):
    permission_classes = [allow(read=READERS, write=WRITERS, scope="write:schools")]
    serializer_class = SchoolSerializer
    filterset_class = SchoolFilter
    tag_of = staticmethod(schools.tag_of)
    cursor_key = "code"
    lookup_field = "code"
    lookup_value_regex = SCHOOL_CODE
    samples = {"code": "5001069001"}  # of the demonstration data
    table_name = "schools"
    tag = _("学校")
    texts = {
        "list": _("学校登记：自己区县的，市级账号看全市的。"),
        "retrieve": _("一所学校。"),
        "create": _("登记一所学校。"),
        "partial_update": _("更改学校登记；学校标识码不能改。"),
    }

    def past(self, rows: QuerySet[School], day: date) -> list[School]:
        known = Past(day, School, District)
        for (label, _key), entries in known.since.items():
            moves = [entry for entry in entries if "district" in entry.changes]
            if label == School._meta.label_lower and moves and self.request.user.reach != CITY:
                raise known.untold(moves[0])  # it may have been a school of another reader then
        return known.of(rows, "district", "attached_to")

    def paginate_queryset(self, queryset: Any) -> list[School]:
        """Those that were another unit's on the day asked about are shown as that unit's."""
        rows = super().paginate_queryset(queryset)
        homes = {row.pk: getattr(row, "home", row.district_id) for row in rows}
        former = District.objects.in_bulk(
            {homes[row.pk] for row in rows if homes[row.pk] != row.district_id}
        )
        for row in rows:
            row.district = former.get(homes[row.pk], row.district)
        return rows

    def get_queryset(self) -> QuerySet[School]:
        visible = School.objects.visible_to(self.request.user)
        return visible.select_related("district", "attached_to")

    @extend_schema(
        examples=[REGISTRATION],
        request=RegistrationSerializer,
        responses={201: SchoolSerializer},
    )
    def create(self, request: Request) -> Response:
        asked = self.body(RegistrationSerializer)
        return self.answer(schools.create_school(by=request.user, **asked), status=201)

    @extend_schema(examples=[CHANGE], request=ChangeSerializer, responses={200: SchoolSerializer})
    def partial_update(self, request: Request, code: str) -> Response:
        school = self.get_object()
        seen = seen_tag(request, schools.tag_of(school))
        asked = self.body(ChangeSerializer, partial=True)
        return self.answer(
            schools.update_school(school=school, by=request.user, expected=seen, **asked)
        )
