"""What a result looks like in the API's document; the calculation itself writes it."""

from typing import Any

from rest_framework import serializers

from indicators.calculation.scheme import CODES

VERDICTS = ("met", "not_met", "unknown")
UNIT_VERDICTS = ("met", "floor", "below", "unknown")


def _text(**options: Any) -> serializers.CharField:
    return serializers.CharField(**options)


def _number() -> serializers.CharField:
    """A decimal as text; null where it is unknown."""
    return serializers.CharField(allow_null=True)


def _texts() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField())


class OutcomeCellSerializer(serializers.Serializer):
    threshold = _text()
    floor = _text()
    value = _number()
    numerator = _number()
    denominator = _number()
    verdict = serializers.ChoiceField(choices=UNIT_VERDICTS)
    borderline = serializers.BooleanField()
    shortfall = _number()
    shortfall_to_floor = _number()
    share = _number()
    adding = _text(allow_null=True)


class OutcomeUnitSerializer(serializers.Serializer):
    school_code = _text()
    school_name = _text()
    stage = serializers.ChoiceField(choices=("primary", "junior"))
    pupils = _number()
    counted = serializers.BooleanField()
    reason = _text(allow_null=True)
    indicators = serializers.DictField(child=OutcomeCellSerializer())
    met_count = serializers.IntegerField(allow_null=True)
    verdict = serializers.ChoiceField(choices=VERDICTS, allow_null=True)


class OutcomeSpreadSerializer(serializers.Serializer):
    units = serializers.IntegerField()
    pupils = _number()
    limit = _text()
    mean = _number()
    sd = _number()
    cv = _number()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    borderline = serializers.BooleanField()
    unweighted_cv = _number()
    unweighted_verdict = serializers.ChoiceField(choices=VERDICTS)
    unweighted_differs = serializers.BooleanField()
    pivot = _number()
    missing = _texts()


class OutcomeStageSerializer(serializers.Serializer):
    """Empty for a stage without counted units."""

    may_lack = {*CODES, "composite"}

    composite = _number()

    def get_fields(self) -> dict[str, Any]:
        return {code: OutcomeSpreadSerializer() for code in CODES} | super().get_fields()


class OutcomeDispersionSerializer(serializers.Serializer):
    primary = OutcomeStageSerializer()
    junior = OutcomeStageSerializer()


class OutcomeIndicatorSerializer(serializers.Serializer):
    """A counts units and coefficients; every other indicator has its checks."""

    may_lack = {"checks", "missing", "units", "dispersion", "by_indicator", "stages_without_units"}

    verdict = serializers.ChoiceField(choices=VERDICTS)
    checks = serializers.ListField(child=serializers.DictField())
    missing = _texts()
    units = serializers.DictField(child=serializers.IntegerField())
    dispersion = serializers.DictField(child=serializers.IntegerField())
    by_indicator = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField())
    )
    stages_without_units = _texts()


class OutcomeVetoSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    raised = _texts()
    missing = _texts()


class OutcomeMissingSerializer(serializers.Serializer):
    school_code = _text(allow_null=True)
    field = _text()


class OutcomeWarningSerializer(serializers.Serializer):
    school_code = _text()
    stage = _text()
    code = _text()


class OutcomeSerializer(serializers.Serializer):
    standard = _text()
    engine = _text()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    digest = _text()
    units = OutcomeUnitSerializer(many=True)
    dispersion = OutcomeDispersionSerializer()
    indicators = serializers.DictField(child=OutcomeIndicatorSerializer())
    veto = OutcomeVetoSerializer()
    missing = OutcomeMissingSerializer(many=True)
    warnings = OutcomeWarningSerializer(many=True)
    special_cases = serializers.DictField()
