"""Keeps what the demonstration's units think of, made up from their own figures."""

from typing import Any

from audit.refusals import Refused
from districts.models import User
from districts.roles import Role
from improvement.models import Scenario
from improvement.scenario.examples import examples
from improvement.services import scenarios
from selfchecks.models import SelfCheck
from selfchecks.services.demo import LABEL
from selfchecks.services.evaluations import present_inputs


def make_scenarios(*, year: int, by: None) -> int:
    """Of every unit that has figures and an officer, once; returns how many scenarios there were.

    ``by`` nobody: each unit's own officer keeps them.
    """
    rows = SelfCheck.objects.filter(year=year, is_demo=True, scenarios=None)
    people = {
        officer.district_id: officer
        for officer in User.objects.filter(role=Role.OFFICER, is_demo=True, is_active=True)
    }
    return sum(
        len(keep_examples(self_check=row, by=people[row.district_id]))
        for row in rows.select_related("district", "standard")
        if row.district_id in people
    )


def keep_examples(*, self_check: SelfCheck, by: User) -> list[Scenario]:
    """Those its figures allow; none without figures."""
    figures = present_inputs(self_check)
    kept = []
    for name, changes in examples(figures) if figures else ():
        about: dict[str, Any] = {"name": name, "note": LABEL, "changes": changes}
        try:
            kept.append(scenarios.create(self_check=self_check, by=by, **about))
        except Refused:  # a figure is missing that this thought rests on
            continue
    return kept
