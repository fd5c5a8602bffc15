"""One kind of plan for the whole city: by one act, resumed where it was left."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from audit.refusals import NotAllowed, Unusable
from districts.models import User
from improvement.models import Phase, Plan, State
from improvement.services import city, scenarios
from improvement.services.ground import Ground
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from tests.selfchecks.conftest import DUE_ON, FILL_FROM


@pytest.fixture
def two_units(priced: SelfCheck, liu_officer: User, wu_manager: User) -> SelfCheck:
    """沙坪坝区 has figures and prices; 铜梁区 has opened its self-check and no more."""
    given = {"year": 2026, "due_on": DUE_ON, "fill_from": FILL_FROM, "by": wu_manager}
    open_year(districts=[liu_officer.district], **given)
    return priced


def run(*options: str) -> str:
    out = StringIO()
    call_command("plan_city", "--by=manager", "--year=2026", *options, stdout=out)
    return out.getvalue()


def test_each_unit_has_its_plan_or_what_stands_in_the_way(two_units: SelfCheck) -> None:
    made, refused = json.loads(run("--json"))
    assert (made["code"], made["status"]) == ("500106", "proven")
    assert float(made["cost"]) >= float(made["certified_bound"]) > 0
    assert float(made["seconds"]) >= 0
    assert refused["code"] == "500151"
    assert "还没有数据" in refused["refusal"]
    assert two_units.plans.get().made_by.username == "manager"


def test_figures_that_lack_something_are_refused_by_name(
    two_units: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a failure of ours: the line says which figure of which school is not there."""
    lacking = Unusable(gettext_lazy("柏林中学缺少教学仪器设备资产值"))

    def refusing(*_asked: Any) -> None:
        raise lacking

    monkeypatch.setattr(Ground, "plan", refusing)
    told = json.loads(run("--json"))[0]
    assert told["status"] == "refused"
    assert told["refusal"] == str(lacking)


def test_a_kind_that_asks_for_money_or_years_is_refused_before_anything_is_made(
    two_units: SelfCheck,
) -> None:
    for kind in ("budget", "years"):
        with pytest.raises(CommandError):
            run(f"--kind={kind}")
    assert not Plan.objects.exists()


def test_scenarios_are_planned_beside_what_was_reported(
    two_units: SelfCheck, chen_officer: User
) -> None:
    """Ground at twice the price: only ground is lacking."""
    twice = {"change": "price", "measure": "for_A5", "price": "800"}
    about = {"self_check": two_units, "by": chen_officer}
    scenarios.create(name="贵", changes=[twice], **about)
    scenarios.archive(scenario=scenarios.create(name="旧", **about), by=chen_officer)
    real, thought, _refused = json.loads(run("--json", "--scenarios"))
    assert ("scenario" in real, thought["scenario"]) == (False, "贵")
    assert float(thought["cost"]) == 2 * float(real["cost"])
    run("--scenarios")
    assert Plan.objects.count() == 2


def test_what_stands_is_not_made_again(two_units: SelfCheck) -> None:
    first, again = run(), run()
    assert first.splitlines()[1].split("\t")[:4] == again.splitlines()[1].split("\t")[:4]
    assert Plan.objects.count() == 1


def test_a_killed_run_is_resumed(two_units: SelfCheck, wu_manager: User) -> None:
    """The plan it was killed at waits with a claim that has run out."""
    (line, _refused) = city.ask(year=2026, kind="cheapest", by=wu_manager)
    assert line.plan is not None
    Plan.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
    assert Plan.objects.get().phase == Phase.STALE
    lines = list(city.make_all(year=2026, kind="cheapest", by=wu_manager))
    assert [each.plan and each.plan.state for each in lines] == [State.FOUND, None]
    assert Plan.objects.get().pk == line.plan.pk


def test_the_city_asks_and_workers_answer(two_units: SelfCheck, wu_manager: User) -> None:
    city.ask(year=2026, kind="everyone", by=wu_manager)
    assert [task.task_name for task in DBTaskResult.objects.all()] == ["improve"]
    assert two_units.plans.get().state == State.WAITING


def test_only_managers_plan_for_the_city(
    two_units: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    for person in (chen_officer, zhou_inspector):
        with pytest.raises(NotAllowed):
            city.ask(year=2026, kind="cheapest", by=person)
    for name in ("inspector", "nobody"):
        with pytest.raises(CommandError):
            call_command("plan_city", f"--by={name}", stdout=StringIO())
