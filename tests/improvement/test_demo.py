"""The demonstration prices its measures, plans, and adopts, through the real services."""

from io import StringIO

import pytest
from django.core.management import call_command

from audit.verification import differences_of_rows
from improvement.models import Condition, Plan, UnitPrice
from improvement.planner.measures import KINDS


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
