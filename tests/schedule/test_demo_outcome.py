"""The demonstration has money, guidance, a promise that was not kept and a monitoring round."""

from io import StringIO

import pytest
from django.core.management import call_command

from audit.services import verify
from schedule.models import Consequence, Grant, Guidance, LookBack, MonitoringRound
from schedule.services.grants import standings

pytestmark = pytest.mark.django_db


def test_every_kind_is_there_once_and_labelled(reference: None) -> None:
    codes = ["500103", "500106", "500151", "500152", "500243"]
    for _again in range(2):
        call_command("load_demo", districts=codes, schools=4, years=1, stdout=StringIO())
    grants = Grant.objects.order_by("district__code")
    assert all(row.is_demo and "演示" in row.document_number for row in grants)
    assert sorted(each.state for each in standings(grants)) == ["due", "running", "soon"]
    assert Guidance.objects.filter(is_demo=True).count() == 2
    assert Consequence.objects.filter(is_demo=True).count() == 2
    case = LookBack.objects.get(origin="commitment")
    assert (case.is_demo, case.state, case.district.code) == (True, "rectifying", "500106")
    assert MonitoringRound.objects.get().figures.count() == 12  # two units, three items, two stages
    assert verify() is None
