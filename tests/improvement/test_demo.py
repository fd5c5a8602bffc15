"""The demonstration prices its measures, plans, and adopts, through the real services."""

from io import StringIO

import pytest
from django.core.management import call_command

from audit.verification import differences_of_rows
from improvement.models import Condition, Plan, UnitPrice
from improvement.planner.measures import KINDS
from selfchecks.models import SchoolRecord


def load() -> str:
    out = StringIO()
    call_command("load_demo", districts=["500101", "500102"], schools=4, years=1, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("reference")
def test_prices_conditions_and_plans_are_there_once() -> None:
    assert "演示增配方案已载入，新增 2 个" in load()
    assert set(UnitPrice.objects.values_list("source", flat=True)) == {"演示数据"}
    assert UnitPrice.objects.count() == 2 * len(KINDS)
    assert Condition.objects.filter(ended_at=None).count() == 2
    assert Plan.objects.exclude(adopted_at=None).get().self_check.district.code == "500102"
    assert not list(differences_of_rows())
    assert "增配方案" not in load()
    assert Plan.objects.count() == 2


@pytest.mark.usefixtures("reference")
def test_one_district_fails_by_its_coefficients_alone() -> None:
    """Its plan raises schools that pass; what is settled there is in schools that count."""
    call_command("load_demo", districts=["500243"], schools=40, years=1, stdout=StringIO())
    plan = Plan.objects.get(kind="cheapest")
    assert {row["indicator"] for row in plan.result["reason"]["binding"]} == {"A2"}
    failing = [row for row in plan.result["outcome"]["units"] if row["verdict"] == "not_met"]
    assert not failing
    kinds = dict(SchoolRecord.objects.values_list("school_code", "school_type"))
    settled = {kinds[row.school_code] for row in Condition.objects.filter(ended_at=None)}
    assert "教学点" in kinds.values()
    assert not settled & {"教学点", "特殊教育学校"}
