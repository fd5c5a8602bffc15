"""What a version of the standard says: its indicators, and the rules the calculation reads."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, TypeVar

from figures.table import JUNIOR, PRIMARY
from indicators.calculation.problems import write_decimal
from indicators.calculation.rules import Rules, settings_of
from indicators.models import Indicator, SpecialCase, Standard, Threshold

Said = TypeVar("Said")
# Settings that stand on the version itself, under the same name as in the rules.
_OWN = {field.name for field in Standard._meta.concrete_fields}
SETTINGS = tuple(field.name for field in fields(Rules) if field.name in _OWN)


def once_published(read: Callable[[Standard], Said]) -> Callable[[Standard], Said]:
    """Published versions never change: what they say is kept. A draft is read anew."""

    @lru_cache(maxsize=32)
    def frozen(pk: int, code: str, published_at: datetime) -> Said:
        """Code and moment of publication are part of the key, so that no other version is meant."""
        return read(Standard.objects.get(pk=pk, code=code, published_at=published_at))

    @wraps(read)
    def said(standard: Standard) -> Said:
        if standard.is_draft or standard.published_at is None:
            return read(standard)
        return frozen(standard.pk, standard.code, standard.published_at)

    return said


@once_published
def indicators_of(standard: Standard) -> tuple[Indicator, ...]:
    """With their thresholds, in their order; to be read and not to be saved."""
    return tuple(standard.indicators.prefetch_related("thresholds"))


def known_codes() -> list[str]:
    """Of the indicators of every version."""
    return list(Indicator.objects.order_by("code").values_list("code", flat=True).distinct())


def indicator_names(standard: Standard | None) -> dict[str, str]:
    """Code → name in the reader's language; empty without a version."""
    rows = indicators_of(standard) if standard else ()
    return {row.code: row.display_name for row in rows}


@once_published
def rules_of(standard: Standard) -> Rules:
    """The rules of a version.

    Raises ValueError when a draft's numbers do not make usable rules.
    """
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
