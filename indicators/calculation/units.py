"""From schools to units: one school in one stage, facilities split, left-out schools named.

九年一贯制, 十二年一贯制 and 完全中学 give one unit per stage of compulsory education. Teachers are
recorded by stage and never split; A4–A7 are split by pupils weighted by stage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from figures.table import STAGES_OF_TYPE
from indicators.calculation.columns import UnitColumns
from indicators.calculation.problems import N_, write_ratio
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import COMPULSORY_STAGES, RATIOS, STAGES
from indicators.calculation.school_intake import School
from indicators.calculation.special_cases import ATTACHED_TO, is_left_out_point

REASONS = {
    "no_pupils": N_("该学段在校生数为 0，不作为评估单元"),
    "special_education": N_("特殊教育学校不参加七项资源配置指标测算"),
    "small_point": N_("教学点规模低于规定人数，不参加七项资源配置指标测算"),
    "attached_point": N_("教学点已并入中心校测算"),
}

# Stage → indicator and the raw fields its amount is made of.
_INPUTS = {
    stage: tuple((ratio.code, ratio.inputs_in(stage)) for ratio in RATIOS) for stage in STAGES
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One school in one stage, as the result shows it.

    ``reason`` is a key of ``REASONS`` when the unit is not counted. ``weighted_pupils`` is the
    school's whole denominator for split facilities (None: not known), ``weight`` this stage's part
    of it per pupil. ``amounts`` are A1–A7 in raw steps, None where an input is missing;
    ``known`` says of which the value per pupil can be said.
    """

    school: School
    stage: str
    pupils: int | None
    reason: str | None
    weight: int
    weighted_pupils: int | None
    amounts: tuple[int | None, ...]
    known: tuple[bool, ...]

    @property
    def counted(self) -> bool:
        """Whether part A judges this unit."""
        return self.reason is None

    def missing(self) -> list[str]:
        """Raw fields part A needs and the school has not reported."""
        needed = _fields(self.school["school_type"], self.stage, self.is_split)
        return [field for field in needed if field not in self.school]

    @property
    def is_split(self) -> bool:
        """Whether the school's facilities are shared with another stage."""
        return self.weighted_pupils != self.pupils or self.pupils is None

    def written(self, row: int) -> tuple[str | None, str | None, str | None]:
        """Of one indicator the value and the two figures it is made of: numerator and pupils."""
        amount, ratio = self.amounts[row], RATIOS[row]
        if amount is None or not self.known[row]:
            return None, None, None
        pupils = self.pupils or 1
        if ratio.split:
            own, below = amount * self.weight, (self.weighted_pupils or 1) * ratio.scale
            value = write_ratio(own * ratio.factor, below)
            return value, write_ratio(own * pupils, below), str(pupils)
        return write_ratio(amount * ratio.factor, pupils), str(amount), str(pupils)


@cache
def _fields(school_type: str, stage: str, is_split: bool) -> tuple[str, ...]:
    """Raw fields part A asks a unit for, pupils first."""
    stages = STAGES_OF_TYPE[school_type] if is_split else (stage,)
    needed = [f"pupils_{taught}" for taught in (stage, *stages)]
    needed += [field for ratio in RATIOS for field in ratio.inputs_in(stage)]
    return tuple(dict.fromkeys(needed))


def list_units(schools: Iterable[School], rules: Rules) -> list[Unit]:
    """All units of the schools, counted or not, in the schools' order and 小学 before 初中."""
    weights = {kind: rules.whole_weights(kind) for kind in STAGES_OF_TYPE}
    return [
        _unit(school, stage, weights[school["school_type"]] or {stage: 1}, rules)
        for school in schools
        for stage in COMPULSORY_STAGES[school["school_type"]]
    ]


def _unit(school: School, stage: str, weights: Mapping[str, int], rules: Rules) -> Unit:
    pupils = school.get(f"pupils_{stage}")
    weighted = _weighted_pupils(school, weights)
    amounts = tuple([_amount(school, code, inputs) for code, inputs in _INPUTS[stage]])
    owners = (pupils, weighted)
    asked = zip(amounts, RATIOS, strict=True)
    known = tuple([a is not None and owners[ratio.split] is not None for a, ratio in asked])
    reason = _reason(school, pupils, rules)
    return Unit(school, stage, pupils, reason, weights[stage], weighted, amounts, known)


def _reason(school: School, pupils: int | None, rules: Rules) -> str | None:
    if school["school_type"] == "特殊教育学校":
        return "special_education"
    if pupils == 0:
        return "no_pupils"
    if ATTACHED_TO in school:
        return "attached_point"
    return "small_point" if is_left_out_point(school, rules) else None


def _weighted_pupils(school: School, weights: Mapping[str, int]) -> int | None:
    total = 0
    for stage, weight in weights.items():
        pupils = school.get(f"pupils_{stage}")
        if pupils is None:
            return None
        total += pupils * weight
    return total


def _amount(school: School, code: str, inputs: tuple[str, ...]) -> int | None:
    """One figure, or for A4 the first without the second and for A5 both together."""
    first, last = school.get(inputs[0]), school.get(inputs[-1])
    if first is None or last is None:
        return None
    if len(inputs) == 1:
        return int(first)
    return int(first - last if code == "A4" else first + last)


def as_columns(units: list[Unit]) -> UnitColumns:
    """Counted units of one district as columns; what is not known is masked."""
    pupils = [unit.pupils or 1 for unit in units]
    known = [unit.known[row] for row in range(len(RATIOS)) for unit in units]
    amounts = [unit.amounts[row] or 0 for row in range(len(RATIOS)) for unit in units]
    shape = (len(RATIOS), len(units))
    return UnitColumns(
        district=np.zeros(len(units), np.int64),
        stage=np.array([STAGES.index(unit.stage) for unit in units], np.int64),
        pupils=np.array(pupils, np.int64),
        weight=np.array([unit.weight for unit in units], np.int64),
        weighted_pupils=np.array([unit.weighted_pupils or 1 for unit in units], np.int64),
        amounts=np.array(amounts, np.int64).reshape(shape),
        known=np.array(known, np.bool_).reshape(shape),
    )
