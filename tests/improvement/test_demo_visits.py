"""The demonstration walks one visit to its end and draws another, through the real services."""

from io import StringIO

import pytest
from django.core.management import call_command

from audit.verification import differences_of_rows
from improvement.models import Finding, Problem, Visit
from improvement.services.visits import comes_out_again


def load(schools: int = 5) -> str:
    out = StringIO()
    call_command("load_demo", districts=["500102", "500103"], schools=schools, years=1, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("reference")
def test_one_visit_is_finished_and_one_drawn_once() -> None:
    assert "演示实地查看已载入，新增 2 次" in load()
    finished, drawn = Visit.objects.order_by("district__code")
    assert (finished.district.code, finished.state) == ("500102", "finished")
    assert (drawn.district.code, drawn.state) == ("500103", "drawn")
    assert finished.is_demo
    assert drawn.is_demo
    assert all(comes_out_again(visit.sample) for visit in (finished, drawn))
    assert finished.schools.filter(visited_on=None).count() == 1
    assert Finding.objects.count() == 3
    assert Problem.objects.filter(source="visit").count() == 3
    assert not list(differences_of_rows())
    assert "实地查看" not in load()
    assert Visit.objects.count() == 2


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("schools", [12, 20])
def test_the_school_the_api_names_is_drawn_from_many_too(schools: int) -> None:
    load(schools)
    drawn = Visit.objects.get(district__code="500103").sample
    assert len(drawn.schools) == 6
    assert "5001039001" in drawn.schools
