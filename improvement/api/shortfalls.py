"""What a self-check lacks over REST: sums with the prices they used, and every school's needs."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from figures.table import AREA, MONEY, PEOPLE, ROOMS, SCHOOL_FIELD
from improvement.lacking.page import ShortfallPage
from improvement.lacking.words import UNIT_BEYOND, unit_of_kind, unreadable
from improvement.services.lacking import Lacking, lacking_of
from improvement.shortfall.forecast import LEAST, MOST, Growth, Pupils, Unreadable, read_pupils
from improvement.shortfall.lacking import AIMS, BEYOND, SchoolNeeds
from improvement.shortfall.money import KIND_OF, KINDS, NOTHING, bill
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import CODES, STAGES
from rest.views import Resource
from selfchecks.api.found import READING, SAMPLES, TAG, SelfCheckView, self_check_of
from selfchecks.models import SelfCheck

LEAST_MEANS = _("至少要补多少：六项达标，另一项不低于基本值。")
FULL_MEANS = _("全部补到达标值要多少。")
FLOOR_MEANS = _("补到基本值要多少；A 部分之外的指标没有，为空。")
UNITS = {PEOPLE: "person", ROOMS: "room", AREA: "m2", MONEY: "wan_yuan"}
UNIT_CODES = (*UNITS.values(),)
UNIT_MEANS = _("计量单位：person 人，room 间，m2 平方米，wan_yuan 万元。")
YUAN = _("费用（元）；没有单价的为空。")


def _number(help_text: Any, **options: Any) -> serializers.CharField:
    """Exact, as decimal text."""
    return serializers.CharField(help_text=help_text, **options)


class ForecastParameters(serializers.Serializer):
    """By how many per cent the pupils of a stage grow."""

    primary = serializers.DecimalField(
        **{"max_digits": 5, "decimal_places": 2, "min_value": LEAST * 100, "max_value": MOST * 100},
        required=False,
        help_text=_("小学学生数的变化，百分数，如 3 或 -2.5；不写就是填报的学生数。"),
    )
    junior = serializers.DecimalField(
        **{"max_digits": 5, "decimal_places": 2, "min_value": LEAST * 100, "max_value": MOST * 100},
        required=False,
        help_text=_("初中学生数的变化，百分数；不写就是填报的学生数。"),
    )
    pupils = serializers.CharField(
        required=False,
        help_text=_(
            "各校预测的在校生数，写法 2100001001:480;2100001003:-:600："
            "依次是学校标识码、小学人数、初中人数；没有列出的按变化率。"
        ),
    )

    def validate_pupils(self, text: str) -> Pupils:
        try:
            return read_pupils(text)
        except Unreadable as fault:
            raise serializers.ValidationError(unreadable(fault)) from fault


class ShortIndicatorSerializer(serializers.Serializer):
    indicator = serializers.ChoiceField(choices=(*CODES, *BEYOND), help_text=_("指标的代码。"))
    unit = serializers.ChoiceField(choices=UNIT_CODES, help_text=UNIT_MEANS)
    schools = serializers.IntegerField(help_text=_("差的学校数（所）。"))
    least = _number(LEAST_MEANS)
    full = _number(FULL_MEANS)
    floor = _number(FLOOR_MEANS, allow_null=True)


class ShortMeasureSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS, help_text=_("措施代码。"))
    unit = serializers.ChoiceField(choices=UNIT_CODES, help_text=UNIT_MEANS)
    least = _number(LEAST_MEANS)
    full = _number(FULL_MEANS)
    price = _number(_("所用的单价（元，设备是每 1 元）；没有为空。"), allow_null=True)
    price_from = serializers.DateField(allow_null=True, help_text=_("单价自何日起。"))
    price_source = serializers.CharField(allow_null=True, help_text=_("单价的来源。"))
    least_cost = _number(YUAN, allow_null=True)
    full_cost = _number(YUAN, allow_null=True)


class ShortfallsSerializer(serializers.Serializer):
    self_check = serializers.CharField(help_text=_("自查的编号。"))
    digest = serializers.CharField(help_text=_("所依据的测算结果的指纹。"))
    is_forecast = serializers.BooleanField(help_text=_("是否按预测的学生数。"))
    sentence = serializers.CharField(help_text=_("一句话的结论。"))
    indicators = ShortIndicatorSerializer(many=True, help_text=_("差在哪些指标。"))
    measures = ShortMeasureSerializer(many=True, help_text=_("要做什么；一人计入两项的只招一次。"))
    least_cost = _number(_("至少的费用（元）；都没有单价为空。"), allow_null=True)
    full_cost = _number(_("到达标值的费用（元）；都没有单价为空。"), allow_null=True)
    unpriced = serializers.ListField(
        child=serializers.CharField(), help_text=_("没有单价、没有计入费用的措施。")
    )
    unknown = serializers.IntegerField(help_text=_("判定不了、没有计入的处数。"))
    spreads = serializers.IntegerField(help_text=_("超过限值的差异系数（项）。"))


class ShortfallsView(SelfCheckView):
    serializer_class = ShortfallsSerializer
    parameters_class = ForecastParameters
    texts = {
        "get": _("还差什么：各指标、各措施的数量和费用，到达标值、到基本值和至少；可按预测学生数。")
    }

    @extend_schema(responses={200: ShortfallsSerializer})
    def get(self, request: Request, reference: str) -> Response:
        found = _found(self_check_of(request.user, reference), self.parameters())
        return Response(ShortfallsSerializer(_sums(found)).data)


def _found(self_check: SelfCheck, asked: dict[str, Any]) -> Lacking:
    """Raises NotFound while there are no figures."""
    growth: Growth = {stage: asked[stage] / 100 for stage in STAGES if asked.get(stage)}
    found = lacking_of(self_check, growth, asked.get("pupils"))
    if found is None:
        raise NotFound(_("还没有数据；上传并采用工作簿后才有测算结果。"), "no_figures")
    return found


def _sums(found: Lacking) -> dict[str, Any]:
    bills = [bill(found.shortfalls.measures(aim), found.prices) for aim in ("least", "full")]
    return {
        "self_check": found.self_check.reference,
        "digest": found.outcome.digest,
        "is_forecast": found.is_forecast,
        "sentence": ShortfallPage(found).sentence,
        "indicators": list(_indicators(found)),
        "measures": list(_measures(found)),
        "least_cost": _text(bills[0].total),
        "full_cost": _text(bills[1].total),
        "unpriced": bills[1].unpriced,
        "unknown": found.shortfalls.unknown,
        "spreads": found.outcome.part_a.dispersion["not_met"],
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else write_decimal(number)


def _indicators(found: Lacking) -> Iterator[dict[str, Any]]:
    amounts = {aim: found.shortfalls.indicators(aim) for aim in AIMS}
    for code in amounts["full"]:
        own = [any(need.code == code for need in s.needs) for s in found.shortfalls.schools]
        told = {str(aim): _text(each.get(code, NOTHING)) for aim, each in amounts.items()}
        yield {
            "indicator": code,
            "unit": UNITS[ShortfallPage.unit_of(code)],
            "schools": sum(own),
            **told,
        }
    for code, (schools, number) in found.shortfalls.beyond.items():
        same = {"least": _text(number), "full": _text(number), "floor": None}
        yield {"indicator": code, "unit": UNITS[UNIT_BEYOND[code]], "schools": schools, **same}


def _measures(found: Lacking) -> Iterator[dict[str, Any]]:
    least, full = (found.shortfalls.measures(aim) for aim in ("least", "full"))
    costs = [bill(each, found.prices).costs for each in (least, full)]
    for kind in full:
        price = found.offers.get(kind)
        yield {
            "kind": kind,
            "unit": UNITS[unit_of_kind(kind)],
            "least": _text(least.get(kind, NOTHING)),
            "full": _text(full[kind]),
            "price": _text(price.price) if price else None,
            "price_from": price.valid_from if price else None,
            "price_source": price.source if price else None,
            "least_cost": _text(costs[0].get(kind, NOTHING if price else None)),
            "full_cost": _text(costs[1].get(kind)),
        }


class NeedSerializer(serializers.Serializer):
    school_code = serializers.CharField(help_text=_("学校标识码。"))
    school_name = serializers.CharField(help_text=_("学校名称。"))
    indicator = serializers.ChoiceField(choices=(*CODES, *BEYOND), help_text=_("指标的代码。"))
    field = serializers.CharField(help_text=_("差在哪个原始数据。"))
    unit = serializers.ChoiceField(choices=UNIT_CODES, help_text=UNIT_MEANS)
    stages = serializers.ListField(
        child=serializers.CharField(), help_text=_("差的学段；A 部分之外为空。")
    )
    is_shared = serializers.BooleanField(help_text=_("几个学段共用，全校只算一次。"))
    least = _number(LEAST_MEANS)
    full = _number(FULL_MEANS)
    floor = _number(FLOOR_MEANS, allow_null=True)
    found = _number(_("A 部分之外：实际的数。"), allow_null=True)
    needed = _number(_("A 部分之外：要求的数。"), allow_null=True)
    kind = serializers.CharField(allow_null=True, help_text=_("措施代码；A 部分之外为空。"))


class NeedResource(Resource):
    permission_classes = [READING]
    serializer_class = NeedSerializer
    parameters_class = ForecastParameters
    queryset = SelfCheck.objects.none()  # worked out, not selected
    cursor_key = "key"
    samples = SAMPLES
    table_name = "shortfalls"
    table_title = _("各校还差什么")
    tag = TAG
    texts = {"list": _("各校还差什么：每所学校每个原始数据一行；共用的校舍和设备只一行。")}

    def list(self, request: Request, reference: str) -> Response:
        found = _found(self_check_of(request.user, reference), self.parameters())
        return self.listed(row for school in found.shortfalls.schools for row in _rows(school))


def _rows(school: SchoolNeeds) -> Iterator[dict[str, Any]]:
    """``key`` orders the list."""
    own = {"school_code": school.code, "school_name": school.name}
    for need in school.needs:
        yield {
            **own,
            "key": f"{school.code}.{need.code}.{need.field}",
            "indicator": need.code,
            "field": need.field,
            "unit": UNITS[SCHOOL_FIELD[need.field].unit],
            "stages": need.stages,
            "is_shared": need.is_shared,
            **{str(aim): _text(getattr(need, aim)) for aim in AIMS},
            "found": None,
            "needed": None,
            "kind": KIND_OF[need.code],
        }
    for miss in school.misses:
        yield {
            **own,
            "key": f"{school.code}.{miss.code}.{miss.field}",
            "indicator": miss.code,
            "field": miss.field,
            "unit": UNITS[UNIT_BEYOND[miss.code]],
            "stages": (),
            "is_shared": False,
            **{"least": _text(miss.amount), "full": _text(miss.amount), "floor": None},
            "found": _text(miss.found),
            "needed": _text(miss.needed),
            "kind": None,
        }
