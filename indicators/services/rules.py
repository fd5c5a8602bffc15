"""From the rows of a version to the rules the calculation reads."""

from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from figures.table import JUNIOR, PRIMARY
from indicators.calculation.problems import write_decimal
from indicators.calculation.rules import Rules, settings_of
from indicators.models import SpecialCase, Standard, Threshold

# Settings that stand on the version itself, under the same name as in the rules.
_OWN = {field.name for field in Standard._meta.concrete_fields}
SETTINGS = tuple(field.name for field in fields(Rules) if field.name in _OWN)


def rules_of(standard: Standard) -> Rules:
    """The rules of a version. Published ones never change and are kept; a draft is read anew.

    Raises ValueError when a draft's numbers do not make usable rules.
    """
    if standard.is_draft or standard.published_at is None:
        return _read_rules(standard)
    return _frozen_rules(standard.pk, standard.code, standard.published_at)


@lru_cache(maxsize=32)
def _frozen_rules(pk: int, code: str, published_at: datetime) -> Rules:
    """Code and moment of publication are part of the key, so that no other version is meant."""
    return _read_rules(Standard.objects.get(pk=pk, code=code, published_at=published_at))


def _read_rules(standard: Standard) -> Rules:
    own = set(SETTINGS) & set(settings_of(standard.engine))
    values: dict[str, dict[str, str]] = {}
    limits: dict[str, Any] = {}
    numbers = Threshold.objects.filter(indicator__standard=standard).select_related("indicator")
    for row in numbers:
        if row.name:
            limits[f"{row.indicator.code}.{row.name}"] = write_decimal(row.value)
        else:
            values.setdefault(row.indicator.code, {})[row.stage] = write_decimal(row.value)
    cases = list(standard.special_cases.select_related("indicator"))
    for case in cases:
        limits |= _limits_of(case)
    return Rules.from_dict(
        {
            "standard": standard.code,
            "thresholds": values,
            "dispersion_limits": {
                PRIMARY: write_decimal(standard.dispersion_limit_primary),
                JUNIOR: write_decimal(standard.dispersion_limit_junior),
            },
            "special_cases": [case.code for case in cases if case.is_enabled],
            "limits": limits,
            **{name: getattr(standard, name) for name in own},
        }
    )


def _limits_of(case: SpecialCase) -> dict[str, Any]:
    if not isinstance(case.parameters, dict):
        raise ValueError(f"特殊情形 {case.code} 的数值应为「名称: 数」的对照")
    return {f"{case.indicator.code}.{name}": value for name, value in case.parameters.items()}
