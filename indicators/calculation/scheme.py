"""The seven resource indicators, the stages and the verdict codes the arrays speak in."""

from dataclasses import dataclass
from typing import Literal

from figures.table import JUNIOR, PRIMARY, STAGES_OF_TYPE

Verdict = Literal["not_met", "met", "unknown"]
UnitVerdict = Literal["below", "floor", "met", "unknown"]

STAGES = (PRIMARY, JUNIOR)

# School type → its stages of compulsory education.
COMPULSORY_STAGES = {
    kind: tuple(stage for stage in taught if stage in STAGES)
    for kind, taught in STAGES_OF_TYPE.items()
}

# Verdict of one unit in one indicator: position = int8 code in the arrays.
UNIT_VERDICTS: tuple[UnitVerdict, ...] = ("below", "floor", "met", "unknown")
BELOW, FLOOR, MET, UNKNOWN = range(4)

# All other verdicts (unit, dispersion, indicator, district): position = int8 code.
VERDICTS: tuple[Verdict, ...] = ("not_met", "met", "unknown")
FAILED, PASSED, UNDECIDED = range(3)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One indicator per pupil: value = amount / ``scale`` × ``factor`` / pupils.

    ``amount`` is a whole number of smallest steps of the raw field; ``scale`` is how many steps
    make one of the indicator's unit (㎡ in hundredths: 100; 0.0001 万元 is one yuan: 1).
    ``split`` marks facilities shared by the stages of a school. ``field`` is the raw field that a
    shortfall is expressed in, ``_<stage>`` appended where ``by_stage``; ``inputs`` are the raw
    fields behind the amount.
    """

    code: str
    factor: int
    scale: int
    field: str
    inputs: tuple[str, ...]
    split: bool = False

    def field_in(self, stage: str) -> str:
        """Raw field of the shortfall for one stage."""
        return self.field if self.split else f"{self.field}_{stage}"

    def inputs_in(self, stage: str) -> tuple[str, ...]:
        """Raw fields the amount is made of for one stage."""
        return self.inputs if self.split else (self.field_in(stage),)


RATIOS = (
    Ratio("A1", 100, 1, "qualified_teachers", ("qualified_teachers",)),
    Ratio("A2", 100, 1, "backbone_teachers", ("backbone_teachers",)),
    Ratio("A3", 100, 1, "pe_arts_teachers", ("pe_arts_teachers",)),
    # 室内体育用房 belongs to A5 only: it is taken out of A4 so that no room counts twice.
    Ratio("A4", 1, 100, "teaching_area", ("teaching_area", "indoor_sports_area"), True),
    Ratio("A5", 1, 100, "sports_ground_area", ("sports_ground_area", "indoor_sports_area"), True),
    Ratio("A6", 1, 1, "equipment_value", ("equipment_value",), True),
    Ratio("A7", 100, 1, "multimedia_classrooms", ("multimedia_classrooms",), True),
)
CODES = tuple(ratio.code for ratio in RATIOS)
