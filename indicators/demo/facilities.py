"""Rooms, grounds and equipment of a made-up school: enough for its pupils, unless they lag."""

from fractions import Fraction
from math import ceil
from random import Random

from indicators.calculation.figures import write_steps
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import STAGES

from .enrolment import Pupils

Figures = dict[str, str | int]

_WHOLE = {stage: 1 for stage in STAGES}
# Indicator → steps of its raw field per unit of the indicator and pupil.
_SCALE = {
    "A4": Fraction(100),
    "A5": Fraction(100),
    "A6": Fraction(1),
    "A7": Fraction(1, 100),
}


def weighted(school_type: str, pupils: Pupils) -> int:
    """Pupils as facilities are shared among them."""
    weights = STANDARD_2017.whole_weights(school_type) or _WHOLE
    return sum(number * weights[stage] for stage, number in pupils.items())


def just_enough(code: str, school_type: str, pupils: Pupils) -> Fraction:
    """Steps of the raw field with which every stage of the school just meets the threshold."""
    weights = STANDARD_2017.whole_weights(school_type) or _WHOLE
    asked = max(
        STANDARD_2017.threshold(code, stage) / weights[stage] for stage in pupils if stage in STAGES
    )
    return asked * _SCALE[code] * weighted(school_type, pupils)


def facilities_of(
    school_type: str, draw: Random, pupils: Pupils, once: Pupils, lags: dict[str, float]
) -> Figures:
    """Facility fields for ``pupils`` now; ``once`` is the most there ever were.

    ``lags`` gives, per indicator, how much of what is needed now there is; without it there is
    what the fullest year needed and a margin. Rooms outlive declining enrolment.
    """
    steps = {}
    for code, margin in zip(_SCALE, _margins(draw), strict=True):
        if code in lags:
            steps[code] = int(just_enough(code, school_type, pupils) * Fraction(lags[code]))
        else:
            steps[code] = ceil(just_enough(code, school_type, once) * Fraction(margin))
    indoor = int(steps["A5"] * Fraction(draw.choice((0.0, 0.0, 0.06, 0.1)))) // 100 * 100
    return {
        "teaching_area": write_steps(steps["A4"] + indoor, 2),
        "indoor_sports_area": write_steps(indoor, 2),
        "sports_ground_area": write_steps(steps["A5"] - indoor, 2),
        "equipment_value": write_steps(steps["A6"], 4),
        "multimedia_classrooms": steps["A7"],
    }


def _margins(draw: Random) -> tuple[float, ...]:
    """How much more than needed there is of A4 to A7."""
    return (
        draw.uniform(1.04, 1.5),
        draw.uniform(1.03, 1.6),
        draw.uniform(1.03, 1.5),
        draw.uniform(1.02, 1.35),
    )
