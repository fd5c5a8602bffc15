"""The demonstration's units think of what their own figures allow, once."""

import pytest

from districts.models import User
from improvement.models import Scenario
from improvement.services.comparing import compare
from improvement.services.demo_scenarios import keep_examples, make_scenarios
from selfchecks.models import SelfCheck
from tests.selfchecks.conftest import keep_clean


@pytest.fixture
def demo(self_check: SelfCheck, chen_officer: User) -> SelfCheck:
    keep_clean(self_check, chen_officer)
    SelfCheck.objects.update(is_demo=True)
    User.objects.filter(pk=chen_officer.pk).update(is_demo=True)
    return self_check


def test_every_unit_with_figures_thinks_once(demo: SelfCheck) -> None:
    assert make_scenarios(year=2026, by=None) == 4
    assert make_scenarios(year=2026, by=None) == 0
    assert {row.note for row in Scenario.objects.all()} == {"演示数据"}
    columns = compare(demo, Scenario.objects.all())
    assert all(column.side for column in columns)


def test_without_figures_there_is_nothing_to_think_of(
    self_check: SelfCheck, chen_officer: User
) -> None:
    assert keep_examples(self_check=self_check, by=chen_officer) == []
