"""A small made-up district, so that every indicator can be shown with its working; pure data.

The figures are chosen so that most requirements are met and each kind of miss can be seen. The
numbers on the page are the calculation's own: nothing here repeats a formula.
"""

from typing import Any

from figures.table import STATEMENTS
from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules

# Figure → its value at each of four schools; None is not asked.
_SCHOOLS: dict[str, tuple[Any, ...]] = {
    "school_code": ("0000000001", "0000000002", "0000000003", "0000000004"),
    "school_name": ("甲小学", "乙小学", "丙学校", "丁教学点"),
    "school_type": ("小学", "小学", "九年一贯制", "教学点"),
    "location": ("城区", "镇区", "镇区", "乡村"),
    "pupils_primary": (480, 300, 600, 36),
    "pupils_junior": (None, None, 400, None),
    "classes_primary": (12, 8, 15, 4),
    "classes_junior": (None, None, 9, None),
    "largest_class_primary": (44, 41, 45, 12),
    "largest_class_junior": (None, None, 51, None),
    "qualified_teachers_primary": (20, 15, 30, 3),
    "qualified_teachers_junior": (None, None, 22, None),
    "backbone_teachers_primary": (5, 2, 8, 0),
    "backbone_teachers_junior": (None, None, 4, None),
    "pe_arts_teachers_primary": (4, 3, 6, 0),
    "pe_arts_teachers_junior": (None, None, 4, None),
    "teaching_area": ("2500", "1800", "5600", "260"),
    "indoor_sports_area": ("400", "0", "300", "0"),
    "sports_ground_area": ("3300", "3000", "7800", "500"),
    "equipment_value": ("96", "75", "220", "6"),
    "multimedia_classrooms": (11, 9, 24, 2),
    "music_rooms": (1, 1, 1, 1),
    "art_rooms": (1, 1, 2, 1),
    "teachers": (28, 19, 70, 4),
    "teachers_certified": (28, 19, 70, 4),
    "teachers_trained": (28, 18, 70, 4),
    "funded_pupils": (480, 300, 1000, 100),
    "operating_budget": ("36", "22.5", "84", "8"),
    "training_budget": ("1.8", "1.2", "4", "0.4"),
    "nearby_intake_primary": (78, 47, 97, "不适用"),
    "intake_primary": (78, 49, 100, "不适用"),
    "nearby_intake_junior": (None, None, 128, None),
    "intake_junior": (None, None, 132, None),
}
SCHOOLS: tuple[dict[str, Any], ...] = tuple(
    {"ownership": "公办", "boarding": "否"}
    | {code: values[at] for code, values in _SCHOOLS.items() if values[at] is not None}
    for at in range(4)
)
DISTRICT: dict[str, Any] = {
    "B7.special_budget_per_pupil": "6500",
    "B8.teacher_pay": "118000",
    "B8.civil_servant_pay": "112500",
    "B11.eligible": 820,
    "B11.exchanged": 90,
    "B11.exchanged_backbone": 20,
    "B14.places": 1200,
    "B14.allocated": 640,
    "B15.eligible": 350,
    "B15.enrolled": 310,
    "C1.graduates": 1180,
    "C1.transferred_in": 60,
    "C1.transferred_out": 55,
    "C1.entrants": 1210,
    "C1.deceased": 2,
    "C2.eligible": 96,
    "C2.enrolled": 92,
    "C9.数学.level": 3,
    "C9.数学.difference": "0.12",
    "D1.sample": 1200,
    "D1.satisfied": 1080,
}


def example(rules: Rules) -> Outcome:
    """The outcome of the example under some version's rules."""
    return evaluate(
        {
            "standard": rules.standard,
            "schools": SCHOOLS,
            "district": DISTRICT,
            "qualitative": dict.fromkeys(STATEMENTS, "达标"),
        },
        rules,
    )
