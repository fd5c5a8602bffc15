"""The demonstration has school plans in every state, reported on, with its departments."""

from io import StringIO

import pytest
from django.core.management import call_command

from audit.verification import differences_of_rows
from districts.models import User
from districts.roles import Role
from improvement.models import Progress, SchoolPlan, Stage


@pytest.mark.usefixtures("reference")
def test_school_plans_are_there_once() -> None:
    out = StringIO()
    for _time in range(2):
        call_command("load_demo", districts=["500243"], schools=40, years=1, stdout=out)
    assert out.getvalue().count("演示一校一策已载入") == 1
    states = list(SchoolPlan.objects.values_list("state", flat=True))
    assert set(states) == set(Stage)
    assert Progress.objects.exclude(file="").exists()
    assert Progress.objects.filter(reported_by__role=Role.DEPARTMENT).exists()
    departments = User.objects.filter(role=Role.DEPARTMENT)
    assert sorted(departments.values_list("username", flat=True)) == [
        "finance_500243",
        "personnel_500243",
        "planning_500243",
        "staffing_500243",
    ]
    assert not list(differences_of_rows())
