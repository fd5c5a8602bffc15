"""Plays how the demonstration's people work off some problems, until every state has one."""

from datetime import timedelta

from django.utils import timezone

from districts.models import User
from districts.roles import Role
from improvement.models import Problem
from improvement.models.ledger import Source, State
from improvement.services.ledger_acts import arrange, take_step
from selfchecks import clock

OWNER, MEASURES = "基础教育科（演示）", "核对台账，补齐凭证，报送说明（演示）"
WORDS = "已核对并补齐凭证（演示）"
DAYS = 40  # ago the work was arranged; one day for each step
LATE, LATER = -12, 60  # due so many days from now
# The oldest problems of reviews, one story each: when due, then the steps and who takes them.
TAKEN_ON = (("take_on", Role.OFFICER),)
CLAIMED = (*TAKEN_ON, ("claim", Role.OFFICER))
STORIES: tuple[tuple[int, tuple[tuple[str, Role], ...]], ...] = (
    (LATER, (*CLAIMED, ("close", Role.INSPECTOR))),
    (LATE, TAKEN_ON),
    (LATER, CLAIMED),
    (LATER, ()),
    (LATER, (("void", Role.INSPECTOR),)),
)


def work_off(*, by: None) -> int:
    """One problem for each story, once; returns how many there were."""
    if Problem.objects.exclude(owner="").exists():
        return 0
    rows = Problem.objects.filter(source=Source.REVIEW, state=State.OPEN, district__valid_to=None)
    stories = zip(
        rows.select_related("district").order_by("raised_at", "pk"), STORIES, strict=False
    )
    return sum(_play(problem, *story) for problem, story in stories)


def _play(problem: Problem, due: int, steps: tuple[tuple[str, Role], ...]) -> bool:
    people = User.objects.filter(is_demo=True, is_active=True)
    own = people.filter(district=problem.district, role=Role.OFFICER).order_by("pk").first()
    cast = {
        Role.OFFICER: own,
        Role.INSPECTOR: people.filter(role=Role.INSPECTOR).order_by("pk").first(),
    }
    if None in cast.values():
        return False
    begun = max(problem.raised_at, timezone.now() - timedelta(days=DAYS))
    due_on = max(timezone.localdate() + timedelta(days=due), timezone.localdate(begun))
    with clock.at(begun):
        arrange(problem=problem, by=own, owner=OWNER, due_on=due_on, measures=MEASURES)
    for place, (step, role) in enumerate(steps, start=1):
        with clock.at(min(begun + timedelta(days=place), timezone.now())):
            take_step(problem=problem, step=step, by=cast[role], comment=WORDS)
    return True
