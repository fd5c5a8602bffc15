"""What was reported as done against what the next year's figures show."""

from datetime import date
from decimal import Decimal
from typing import Any

from districts.models import User
from improvement.models import SchoolPlan
from improvement.services import measures
from improvement.services.arrived import arrived, later_of
from improvement.services.progress import report
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from tests.improvement.school_planning import WRITTEN, approve
from tests.selfchecks.conftest import keep_clean

PRIMARY = "2100001001"
ONE = f"/self-checks/500106-2026/school-plans/{PRIMARY}/"


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_two_were_reported_and_one_is_in_the_figures(
    written: SchoolPlan,
    chen_officer: User,
    zhao_signatory: User,
    wu_manager: User,
    signed_in: Any,
) -> None:
    """One backbone teacher more than the year before; ground as was said."""
    self_check: SelfCheck = written.self_check
    before = self_check.school_records.get(school_code=PRIMARY)
    hired = {**WRITTEN, "name": "引进骨干教师", "unit": "person", "amount": Decimal(2)}
    added = measures.add(
        school_plan=written,
        by=chen_officer,
        indicators=["A2"],
        stage="primary",
        cost=Decimal(0),
        **hired,
    )
    approve(written, chen_officer, zhao_signatory)
    report(measure=added, by=chen_officer, done=Decimal(2))
    report(measure=written.measures.get(number=1), by=chen_officer, done=Decimal(50))
    assert later_of(self_check) is None
    later = open_year(
        year=2027,
        due_on=date(2027, 12, 15),
        fill_from=date(2026, 9, 1),
        by=wu_manager,
        districts=[self_check.district],
    ).new[0]
    keep_clean(
        later,
        chen_officer,
        changes={
            (PRIMARY, "backbone_teachers_primary"): before.backbone_teachers_primary + 1,
            (PRIMARY, "sports_ground_area"): 150,
        },
    )
    assert later_of(self_check) == later
    found = arrived(self_check, later)
    assert {each.field: (each.done, each.more) for each in found[PRIMARY]} == {
        "backbone_teachers_primary": (Decimal(2), Decimal(1)),
        "sports_ground_area": (Decimal(50), Decimal(50)),
    }
    page = text_of(signed_in(chen_officer).get(ONE))
    assert "小学县级以上骨干教师数：报 2 人，2027 年度数据里多 1 人" in page
    assert "运动场地面积：报 50 ㎡，2027 年度数据里多 50 ㎡" in page
    assert "1 所学校报的和数据不一致" in text_of(
        signed_in(chen_officer).get("/self-checks/500106-2026/school-plans/")
    )
