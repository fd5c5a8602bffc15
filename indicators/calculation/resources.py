"""Part A 资源配置 from columns to columns: one district, the city or the nation in one call."""

from dataclasses import dataclass

import numpy as np

from indicators.calculation.columns import Codes, Groups, Integers, UnitColumns, gather
from indicators.calculation.dispersion import Dispersion, measure_dispersion
from indicators.calculation.ratios import Ratios, judge_ratios
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import (
    BELOW,
    CODES,
    FAILED,
    FLOOR,
    MET,
    PASSED,
    UNDECIDED,
    UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Resources:
    """What part A says: per unit in the order given, per group in order of district and stage.

    ``met_count`` (n,) how many of seven are met; ``unit_verdicts`` (n,) codes of ``VERDICTS``.
    """

    ratios: Ratios
    met_count: Integers
    unit_verdicts: Codes
    groups: Groups
    dispersion: Dispersion


def judge_resources(columns: UnitColumns, rules: Rules) -> Resources:
    """Verdicts, shortfalls and dispersion of all units; ValueError for impossible columns."""
    columns.check()
    values = columns.values()
    ratios = judge_ratios(columns, values, rules)
    groups = gather(columns)
    return Resources(
        ratios,
        (ratios.verdicts == MET).sum(axis=0, dtype=np.int8).astype(np.int64),
        judge_units(ratios.verdicts, rules.required_met),
        groups,
        measure_dispersion(columns, values, groups, rules),
    )


def judge_units(verdicts: Codes, required_met: int) -> Codes:
    """The school rule on (7, n) verdict codes: enough met, none below its floor.

    Fails as soon as the known values cannot be mended by the unknown ones; passes only when
    nothing is unknown.
    """
    below = (verdicts == BELOW).any(axis=0)
    short = below | ((verdicts <= FLOOR).sum(axis=0, dtype=np.int8) > len(CODES) - required_met)
    open_ = (verdicts == UNKNOWN).any(axis=0)
    result = np.where(short, FAILED, np.where(open_, UNDECIDED, PASSED))
    return result.astype(np.int8)
