"""The demonstration has a problem in every state of the ledger, worked off through the services."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from audit.verification import differences_of_rows
from improvement.models import Problem

UNITS = ["500106", "500151", "500243"]


@pytest.mark.usefixtures("reference")
def test_problems_are_worked_off_once() -> None:
    out = StringIO()
    for _time in range(2):
        call_command("load_demo", districts=UNITS, schools=4, years=2, stdout=out)
    assert out.getvalue().count("演示问题台账已办理 5 个") == 1
    reviewed = Problem.objects.filter(source="review")
    worked = Counter(reviewed.exclude(owner="").values_list("state", flat=True))
    assert worked == {"open": 1, "working": 1, "proposed": 1, "closed": 1, "void": 1}
    settled = reviewed.filter(owner="")
    assert set(settled.values_list("state", flat=True)) == {"proposed"}
    assert [row.state for row in reviewed if row.late] == ["working"]
    said = list(reviewed.values_list("district", "evaluation", "words"))
    assert len(said) == len(set(said)), "the same words stand twice"
    for row in reviewed:
        taken = list(row.entries.order_by("pk").values_list("taken_at", flat=True))
        assert taken == sorted(taken)
    assert not list(differences_of_rows())
