"""The city atlas over REST: units × indicators × years, as the table of one's own shows them."""

from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from audit.refusals import Unusable
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES, Role
from districts.scope import Viewer
from indicators.calculation.scheme import VERDICTS
from rest.permissions import PUBLIC_READ, allow
from rest.problems import BadParameters
from rest.views import ApiView
from schedule import progress
from schedule.api.progress import PositionParameters
from schedule.own_table import INDICATOR, TURNS, UNIT, YEAR, OwnTable, name_of

PLACES = Decimal("0.000001")


class AtlasParameters(PositionParameters):
    unit = serializers.CharField(
        required=False, help_text=_("区县代码，几个之间用逗号；不写是全部。")
    )
    indicator = serializers.CharField(
        required=False,
        help_text=_("哪几列，如 A1.primary,A1.primary.schools,B3；不写是全部，名称见 columns。"),
    )
    year = serializers.CharField(
        required=False, help_text=_("年度，几个之间用逗号；不写是结果齐全的最近一年。")
    )


class AtlasColumnSerializer(serializers.Serializer):
    name = serializers.CharField(help_text=_("列的名称，indicator 里这样写。"))
    title = serializers.SerializerMethodField(help_text=_("列的含义。"))

    def get_title(self, column: Any) -> str:
        return name_of(column)


class AtlasCellSerializer(serializers.Serializer):
    district = serializers.CharField(help_text=_("区县代码。"))
    year = serializers.IntegerField(help_text=_("年度"))
    indicator = serializers.CharField(help_text=_("列的名称，见 columns。"))
    verdict = serializers.ChoiceField(
        choices=list(VERDICTS), allow_null=True, help_text=_("判定；只是报告的数没有判定，为空。")
    )
    value = serializers.CharField(
        allow_null=True,
        help_text=_("数：差异系数、比例（%）、达标的项数；没有结果或只有判定为空。"),
    )


class AtlasSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    basis = serializers.ChoiceField(choices=progress.BASES)
    is_demo = serializers.BooleanField(help_text=_("是否用到了演示数据。"))
    columns = AtlasColumnSerializer(many=True, help_text=_("选了哪几列。"))
    cells = AtlasCellSerializer(many=True, help_text=_("每个单位每一年每一列一格。"))


class AtlasView(ApiView):
    permission_classes = [PUBLIC_READ]
    renderer_classes = api_settings.DEFAULT_RENDERER_CLASSES
    serializer_class = AtlasSerializer
    parameters_class = AtlasParameters
    table_name, table_title = "atlas", _("全市图册")
    tag = _("规划与进度")
    texts = {"get": _("全市图册：各单位各指标的结果，只有复核通过的、区县一级的数。")}

    def get(self, request: Request) -> Response:
        table = self.asked()
        cells = list(cells_of(table))
        if request.accepted_renderer.format != "json":
            return Response(cells)
        columns = [table.atlas.known[name] for name in table.chosen[INDICATOR]]
        facts = {"as_of": table.atlas.as_of, "basis": table.atlas.basis, "is_demo": table.is_demo}
        return Response(AtlasSerializer({**facts, "columns": columns, "cells": cells}).data)

    def asked(self) -> OwnTable:
        """What was asked for. Raises BadParameters."""
        given, asked = self.parameters(), QueryDict(mutable=True)
        asked.update({name: str(given[name]) for name in ("as_of", "basis")})
        for name in TURNS:
            asked.setlist(name, [each for each in given.get(name, "").split(",") if each])
        try:
            table = OwnTable(asked, self.viewer())
        except Unusable as refusal:
            raise BadParameters(refusal.fields or {"as_of": str(refusal)}) from refusal
        table.fill()
        return table

    def viewer(self) -> Viewer | None:
        """Nobody in particular: what may be published."""
        return None

    def table_columns(self) -> list[str]:
        return list(AtlasCellSerializer().fields)


class NewestAtlasView(AtlasView):
    permission_classes = [allow(read=[*DISTRICT_ROLES, *MUNICIPAL_ROLES, Role.CLIENT])]
    texts = {"get": _("全市图册：各单位最近一次报送的结果，复核没有通过的也在内；限本人的范围。")}

    def viewer(self) -> Viewer | None:
        return self.request.user


def cells_of(table: OwnTable) -> Any:
    for code in table.chosen[UNIT]:
        for year in map(int, table.chosen[YEAR]):
            result = table.results.get((code, year))
            for name in table.chosen[INDICATOR]:
                cell = table.atlas.known[name].cell(result)
                yield {
                    **{"district": code, "year": year, "indicator": name},
                    "verdict": cell.verdict or None,
                    "value": None if cell.number is None else shown(cell.number),
                }


def shown(number: Decimal) -> str:
    """Six places at most; nothing is judged by what is shown."""
    return f"{number.quantize(PLACES).normalize():f}"
