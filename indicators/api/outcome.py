"""What a result looks like in the API's document, read off its types; the calculation writes it."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rest_framework import serializers

from indicators.calculation.judged import (
    Cell,
    Coefficient,
    LeftOut,
    Missing,
    PartA,
    UnitOutcome,
    Veto,
)
from indicators.calculation.scheme import CODES, VERDICTS

_PLAIN = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    bool: serializers.BooleanField,
}


def _field(hint: Any, **options: Any) -> serializers.Field:
    """Numbers are text; what may be unknown may be null."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _field(inner[0], allow_null=True)
    if origin is Literal:
        return serializers.ChoiceField(choices=inner, **options)
    if origin is tuple:
        return serializers.ListField(child=_field(inner[0]))
    if origin is dict:
        return serializers.DictField(child=_field(inner[1]))
    return _PLAIN[hint](**options)


def _described(name: str, kind: type, **other: Any) -> type[serializers.Serializer]:
    """A serializer with the fields of a dataclass; ``other`` are said by hand."""
    hints = get_type_hints(kind)
    fields = {field: _field(hint) for field, hint in hints.items() if field not in other}
    return type(f"Outcome{name}Serializer", (serializers.Serializer,), fields | other)


OutcomeCellSerializer = _described("Cell", Cell)
OutcomeUnitSerializer = _described(
    "Unit", UnitOutcome, indicators=serializers.DictField(child=OutcomeCellSerializer())
)
OutcomeSpreadSerializer = _described("Spread", Coefficient)
OutcomeIndicatorSerializer = _described(
    "Indicator",
    PartA,
    __doc__="A counts units and coefficients; every other indicator has its checks.",
    may_lack={"checks", "missing", *get_type_hints(PartA)} - {"verdict"},
    checks=serializers.ListField(child=serializers.DictField()),
    missing=_field(tuple[str, ...]),
)


class OutcomeStageSerializer(serializers.Serializer):
    """Empty for a stage without counted units."""

    may_lack = {*CODES, "composite"}

    composite = _field(str | None)

    def get_fields(self) -> dict[str, Any]:
        return {code: OutcomeSpreadSerializer() for code in CODES} | super().get_fields()


class OutcomeDispersionSerializer(serializers.Serializer):
    primary = OutcomeStageSerializer()
    junior = OutcomeStageSerializer()


class OutcomeSerializer(serializers.Serializer):
    standard = serializers.CharField()
    engine = serializers.CharField()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    digest = serializers.CharField()
    units = OutcomeUnitSerializer(many=True)
    dispersion = OutcomeDispersionSerializer()
    indicators = serializers.DictField(child=OutcomeIndicatorSerializer())
    veto = _described("Veto", Veto)()
    missing = _described("Missing", Missing)(many=True)
    warnings = _described("Warning", LeftOut)(many=True)
    special_cases = serializers.DictField()
