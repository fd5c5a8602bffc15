"""The city's lists of approved school plans and of late measures."""

from datetime import UTC, datetime
from typing import Any

import pytest

from districts.models import User
from improvement.models import SchoolPlan
from improvement.services import measures
from selfchecks import clock
from tests.english import chinese_left, stored_texts
from tests.improvement.school_planning import WRITTEN

PLANS, MEASURES = "/admin/improvement/schoolplan/", "/admin/improvement/measure/"


@pytest.mark.parametrize("who", ["zhou_inspector", "wu_manager", "he_auditor"])
def test_approved_plans_lead_to_their_pages(
    request: Any, approved: SchoolPlan, signed_in: Any, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    page = client.get(PLANS).content.decode()
    assert f'href="/self-checks/500106-2026/school-plans/{approved.school_code}/"' in page
    board = client.get("/admin/improvement/unitprice/shortfalls/?year=2026").content.decode()
    assert "1 所学校有已批准的一校一策" in board


def test_what_is_not_approved_is_not_there(
    written: SchoolPlan, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    assert written.school_name not in client.get(PLANS).content.decode()
    assert written.school_name not in client.get(MEASURES).content.decode()


def test_late_measures_say_how_many_working_days(
    approved: SchoolPlan, zhou_inspector: User, signed_in: Any
) -> None:
    """Due on Tuesday 31 August 2027; Friday is the third working day after."""
    client = signed_in(zhou_inspector)
    assert "提高 A5" not in client.get(f"{MEASURES}?late=yes").content.decode()
    with clock.at(datetime(2027, 9, 3, 4, tzinfo=UTC)):
        page = client.get(f"{MEASURES}?late=yes").content.decode()
    assert "提高 A5" in page
    assert '<td class="field-late" data-k="逾期（工作日）">3</td>' in page or ">3<" in page


def test_lists_are_english(
    written: SchoolPlan, chen_officer: User, zhou_inspector: User, signed_in: Any
) -> None:
    measures.change(measure=written.measures.get(), by=chen_officer, **WRITTEN)
    client = signed_in(zhou_inspector)
    for path in (PLANS, MEASURES, f"{MEASURES}?late=yes"):
        html = client.get(f"/en{path}").content.decode()
        assert chinese_left(html, stored_texts()) == [], path
