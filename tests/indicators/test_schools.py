"""One school of an outcome: its gaps once for all its stages, and its part in a coefficient."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.table import SCHOOL_FIELD
from indicators.calculation.evaluate import evaluate
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.models import Indicator
from indicators.presenting import Presented
from indicators.schools import SchoolRow, coefficient, coefficient_when_met, parts_of
from tests.indicators.calculation.builders import make_payload, make_school
from tests.indicators.calculation.test_mistakes_of_others import five_schools


def judged(*schools: dict[str, Any]) -> Presented:
    return Presented(evaluate(make_payload(*schools)), [])


def nine_year(**changes: Any) -> dict[str, Any]:
    """480 and 300 pupils weigh 480 and 330 of 810."""
    return make_school(1, "九年一贯制", pupils_primary=480, pupils_junior=300, **changes)


def test_what_stages_share_is_lacking_once() -> None:
    """By hand, of 5000: 小学 needs 7.5 × 810 = 6075, 初中 10.2 × 810 ÷ 1.1 = 7510.909…"""
    (school,) = judged(nine_year(sports_ground_area="5000.00", indoor_sports_area="0.00")).schools()
    shortfalls = [row.unit.indicators["A5"]["shortfall"] for row in school.units]
    assert shortfalls == ["1075.00", "2510.91"]
    (gap,) = school.gaps
    assert (gap.code, gap.field, gap.amount) == ("A5", "sports_ground_area", Decimal("2510.91"))
    assert (gap.stages, gap.is_shared) == (("primary", "junior"), True)
    with override("zh-hans"):
        assert school.lacks == "运动场地面积全校差 2510.91 ㎡"


def test_what_each_stage_has_of_its_own_is_lacking_by_stage() -> None:
    """By hand: 4.2 × 4.8 = 20.16, so 21 of 15; 5.3 × 3 = 15.9, so 16 of 10."""
    staff = dict(qualified_teachers_primary=15, qualified_teachers_junior=10)
    (school,) = judged(nine_year(**staff)).schools()
    assert [(*gap.stages, gap.words, gap.is_shared) for gap in school.gaps] == [
        ("primary", "6 人", False),
        ("junior", "6 人", False),
    ]


def test_a_school_of_one_stage_lacks_for_itself() -> None:
    """By hand: 2.3 × 5 = 11.5, so 12 rooms of 10."""
    (school,) = judged(make_school(1, multimedia_classrooms=10)).schools()
    (gap,) = school.gaps
    assert (gap.words, gap.is_shared) == ("2 间", False)
    assert school.verdict == "met"  # the one of seven that may lie above its floor: 2.0 of 1.955


KINDS = st.sampled_from(("小学", "初中", "九年一贯制", "十二年一贯制", "完全中学"))
PUPILS = st.integers(1, 3000)
SHARED = {
    "teaching_area": st.decimals(0, 9000, places=2),
    "sports_ground_area": st.decimals(0, 9000, places=2),
    "equipment_value": st.decimals(0, 300, places=4),
    "multimedia_classrooms": st.integers(0, 60),
}


@settings(max_examples=60, deadline=None)
@given(
    kind=KINDS,
    pupils=st.fixed_dictionaries(
        {f"pupils_{stage}": PUPILS for stage in ("primary", "junior", "senior")}
    ),
    have=st.fixed_dictionaries(SHARED),
)
def test_adding_a_gap_is_enough_and_one_step_less_is_not(
    kind: str, pupils: dict[str, int], have: dict[str, Any]
) -> None:
    """Against the ordinary engine, for every stage that lacks."""
    taught = {name: n for name, n in pupils.items() if name in make_school(1, kind)}
    figures = {**taught, **have, "indoor_sports_area": "0.00"}
    figures = {name: value if type(value) is int else str(value) for name, value in figures.items()}
    (school,) = judged(make_school(1, kind, **figures)).schools()
    for gap in school.gaps:
        if gap.field not in SHARED:
            continue
        step = Decimal(1).scaleb(-SCHOOL_FIELD[gap.field].places)
        verdicts = [
            {
                row.unit.indicators[gap.code]["verdict"]
                for row in with_more(kind, figures, gap.field, added).units
            }
            for added in (gap.amount, gap.amount - step)
        ]
        assert verdicts[0] == {"met"}
        assert verdicts[1] != {"met"}


def with_more(kind: str, figures: dict[str, Any], field: str, added: Decimal) -> SchoolRow:
    value = Decimal(figures[field]) + added
    changed = int(value) if SCHOOL_FIELD[field].places == 0 else str(value)
    (school,) = judged(make_school(1, kind, **{**figures, field: changed})).schools()
    return school


def test_shared_buildings_are_split_by_weighted_pupils() -> None:
    """By hand: 480 ÷ 810 and 330 ÷ 810; nothing can be said without one of the counts."""
    parts = parts_of("九年一贯制", {"primary": 480, "junior": 300}, STANDARD_2017)
    assert parts == {"primary": Fraction(16, 27), "junior": Fraction(11, 27)}
    assert parts_of("九年一贯制", {"primary": 480, "junior": None}, STANDARD_2017) == {}
    assert parts_of("小学", {"primary": 480}, STANDARD_2017) == {}


def test_the_book_example_of_five_schools() -> None:
    """The published 0.5153, from values of six places."""
    page = judged(*five_schools())
    cells = [(row.unit, row.figures[0].cell) for row in page.stages[0].rows]
    values = [Decimal(cell.value or 0) for _unit, cell in cells]
    found = coefficient(values, [int(unit.pupils or 0) for unit, _cell in cells])
    assert found is not None
    assert round(found, 4) == Decimal("0.5153")


def test_the_coefficient_with_one_school_lifted_to_its_threshold() -> None:
    """By hand: 2.1 and 6.3 of as many pupils: mean 4.2, deviation 2.1, 0.5; with 4.2 in place of
    2.1 the mean is 5.25, the deviation 1.05, 0.2."""
    few = make_school(1, pupils_primary=1000, qualified_teachers_primary=21)
    many = make_school(2, pupils_primary=1000, qualified_teachers_primary=63)
    page = judged(few, many)
    rows = page.stages[0].rows
    lifted = coefficient_when_met(rows, few["school_code"], 0, STANDARD_2017)
    assert Decimal(lifted) == Decimal("0.2")
    assert page.outcome.dispersion["primary"].coefficients["A1"].cv == "0.500000"
    shares = {row.unit.school_code: row.figures[0].cell.share for row in rows}
    assert set(shares.values()) == {"0.500000"}  # each is as far from the mean as the other
    effects = {row.unit.school_code: row.figures[0].cell.adding for row in rows}
    # By hand: the pivot is the mean and variance ÷ mean, 4.2 + 4.41 ÷ 4.2 = 5.25.
    assert effects == {few["school_code"]: "helps", many["school_code"]: "hurts"}
    blank = judged(few, make_school(2, qualified_teachers_primary=None)).stages[0].rows
    assert coefficient_when_met(blank, few["school_code"], 0, STANDARD_2017) == ""
    assert coefficient([Decimal(0), Decimal(0)], [1, 1]) is None


@pytest.mark.parametrize("code", ["B3", "B5"])
def test_what_cannot_be_said_names_the_school_and_the_figure(code: str) -> None:
    """It said that none of the schools fails, and 无法判定."""
    schools = [make_school(1, music_rooms=None, largest_class_primary=None), make_school(2)]
    page = Presented(evaluate(make_payload(*schools)), [Indicator(code=code, name="指标")])
    with override("zh-hans"):
        facts = page.facts(code)
    fields = {"B3": "音乐专用教室数", "B5": "小学最大班额"}
    assert facts[0].endswith("无法判定")
    assert facts[1].startswith("第1学校：")
    assert facts[1].endswith("未填报")
    assert "教室" in facts[1] or fields[code] in facts[1]


def test_many_blanks_are_counted_beyond_the_first() -> None:
    schools = [make_school(number, music_rooms=None) for number in range(1, 12)]
    page = Presented(evaluate(make_payload(*schools)), [Indicator(code="B3", name="指标")])
    with override("zh-hans"):
        facts = page.facts("B3")
    assert len(facts) == 1 + 8 + 1
    assert facts[-1] == "另有 3 所学校没有填报"
