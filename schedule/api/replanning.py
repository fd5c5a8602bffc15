"""What a re-planning is asked with and what it answers: the changes and their impact."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from audit.reasons import LONGEST_REASON
from rest.serializers import StrictSerializer, WholeNumberField
from schedule.models import FIRST_YEAR, LAST_YEAR
from schedule.services.impacts import Impact, YearImpact

from .progress import rows_of

_YEAR_SENTENCE = format_lazy(
    _("规划年份应是 {first} 到 {last} 之间的整数。"), first=FIRST_YEAR, last=LAST_YEAR
)


def _year_field(**options: Any) -> WholeNumberField:
    sentences = dict.fromkeys(("invalid", "min_value", "max_value"), _YEAR_SENTENCE)
    return WholeNumberField(
        min_value=FIRST_YEAR, max_value=LAST_YEAR, error_messages=sentences, **options
    )


class GroundsSerializer(StrictSerializer):
    """Why the plan changes. A dry run may leave both out."""

    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_REASON,
        help_text=_("调整的原因；试算时可不写。"),
    )
    document_number = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=60,
        help_text=_("批准调整的文件文号；试算时可不写。"),
    )


class YearChangeSerializer(GroundsSerializer):
    year = _year_field(help_text=_("新的规划年份。"))


class ReplanSerializer(GroundsSerializer):
    """Either ``changes`` for several units or ``district`` and ``year`` for one."""

    changes = serializers.DictField(
        child=_year_field(),
        required=False,
        allow_empty=False,
        help_text=_('单位代码对应新的规划年份，如 {"500151": 2027}。'),
    )
    district = serializers.CharField(
        required=False, max_length=12, help_text=_("只改一个单位时写它的代码。")
    )
    year = _year_field(required=False, help_text=_("只改一个单位时写新的规划年份。"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        single = {name for name in ("district", "year") if name in attrs}
        if "changes" in attrs and single:
            sentence = _("changes 与 district、year 只能用一种写法，否则一个单位会有两个年份。")
            raise serializers.ValidationError(dict.fromkeys(sorted(single), [sentence]))
        if "changes" not in attrs and len(single) < 2:
            missing = sorted({"district", "year"} - single) if single else ["changes"]
            raise serializers.ValidationError(
                dict.fromkeys(missing, [_("请写明要调整的单位和年份。")]), "required"
            )
        if single:
            attrs["changes"] = {attrs.pop("district"): attrs.pop("year")}
        return attrs


class MoveSerializer(serializers.Serializer):
    district = serializers.CharField(source="district.code")
    name = serializers.CharField(source="district.name")
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField()


class ImpactSerializer(serializers.Serializer):
    moves = MoveSerializer(many=True)
    years = rows_of(
        YearImpact,
        target=serializers.IntegerField(
            allow_null=True, help_text=_("这一年是阶段截止年时的累计目标。")
        ),
    )
    broken_milestones = serializers.SerializerMethodField(
        help_text=_("调整后达不到累计目标的年份。")
    )

    def get_broken_milestones(self, impact: Impact) -> list[int]:
        return [year.year for year in impact.broken_milestones]


class ReplanResultSerializer(serializers.Serializer):
    version = serializers.IntegerField(
        allow_null=True, help_text=_("新发布的版本号；试算时为空，什么也不保存。")
    )
    based_on = serializers.IntegerField(
        source="impact.version.number", help_text=_("在哪一版上调整。")
    )
    impact = ImpactSerializer()
