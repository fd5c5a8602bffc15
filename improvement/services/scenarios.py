"""Scenarios: kept under a name beside a self-check, changed, copied, archived, never deleted."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import check, record, snapshot
from districts.models import User
from districts.roles import DISTRICT_ROLES
from improvement.models import Scenario
from improvement.planner.terms import KEYS
from improvement.scenario.changes import apply_changes, read_changes
from improvement.services.ground import Ground, ground_of, known_of
from indicators.calculation.outcome import canonical
from indicators.calculation.problems import Problem, UnusableInput
from indicators.refusals import sentence_of
from selfchecks import clock
from selfchecks.models import SelfCheck

MAY_PLAN = DISTRICT_ROLES
SAID = ("name", "note", "changes")
STEPS = ("duplicate", "archive", "restore")
Answer = TypeVar("Answer")


def create(
    *,
    self_check: SelfCheck,
    name: str,
    by: User,
    note: str = "",
    changes: Sequence[Any] = (),
) -> Scenario:
    """A new scenario.

    Raises NotAllowed, Unusable for a name that is missing or in use and for changes that cannot be
    made to the present figures.
    """
    refuse_unless_planner(self_check, by)
    kept = _usable(self_check, [*changes])
    with transaction.atomic():
        locked = SelfCheck.objects.select_for_update(of=("self",)).get(pk=self_check.pk)
        last = locked.scenarios.aggregate(last=Max("number"))["last"] or 0
        row = Scenario(
            self_check=self_check,
            number=last + 1,
            name=name.strip(),
            note=note.strip(),
            changes=kept,
            author=by,
            created_at=clock.now(),
        )
        _save(row, "scenario.create", by)
    return row


def change(*, scenario: Scenario, by: User, expected: str | None = None, **said: Any) -> Scenario:
    """Another ``name``, ``note`` or list of ``changes``; what is not said stays.

    Raises as ``create`` does, Conflict once archived, Stale when ``expected`` is not its tag.
    """
    refuse_unless_planner(scenario.self_check, by)
    if "changes" in said:
        said["changes"] = _usable(scenario.self_check, said["changes"])
    with transaction.atomic():
        row = _locked(scenario, expected)
        refuse_archived(row)
        for field, value in said.items():
            setattr(row, field, value.strip() if isinstance(value, str) else value)
        _save(row, "scenario.change", by)
    return row


def duplicate(*, scenario: Scenario, by: User, expected: str | None = None) -> Scenario:
    """A copy under a name of its own, in use even where the first is archived.

    Raises NotAllowed, Stale, Unusable when figures changed since.
    """
    _refuse_stale(scenario, expected)
    names = set(
        scenario.self_check.scenarios.filter(archived_at=None).values_list("name", flat=True)
    )
    copies = (
        now_in_words("%(name)s（副本 %(n)s）") % {"name": scenario.name[:40], "n": n}
        for n in range(1, 1000)
    )
    name = next(copy for copy in copies if copy not in names)
    about = {"self_check": scenario.self_check, "note": scenario.note, "changes": scenario.changes}
    return create(name=name, by=by, **about)


def archive(*, scenario: Scenario, by: User, expected: str | None = None) -> Scenario:
    """Out of the way, and its name free again. Raises NotAllowed, Conflict, Stale."""
    refuse_unless_planner(scenario.self_check, by)
    with transaction.atomic():
        row = _locked(scenario, expected)
        if row.archived_at is not None:
            raise Conflict(_("这个假设方案已经归档。"))
        row.archived_by, row.archived_at = by, clock.now()
        _save(row, "scenario.archive", by)
    return row


def restore(*, scenario: Scenario, by: User, expected: str | None = None) -> Scenario:
    """In use again. Raises NotAllowed, Conflict, Stale, Unusable when its name is taken by now."""
    refuse_unless_planner(scenario.self_check, by)
    with transaction.atomic():
        row = _locked(scenario, expected)
        if row.archived_at is None:
            raise Conflict(_("这个假设方案没有归档。"))
        row.archived_by = row.archived_at = None
        _save(row, "scenario.restore", by)
    return row


def open_steps(scenario: Scenario, viewer: User) -> list[str]:
    """What the viewer may do with it now."""
    if viewer.role not in MAY_PLAN or viewer.district_id != scenario.self_check.district_id:
        return []
    return ["duplicate", "restore" if scenario.archived_at else "archive"]


def refuse_archived(scenario: Scenario) -> None:
    if scenario.archived_at is not None:
        raise Conflict(_("这个假设方案已经归档，不能再改，也不能再做方案；请先恢复使用。"))


def _locked(scenario: Scenario, expected: str | None) -> Scenario:
    row = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    _refuse_stale(row, expected)
    return row


def _refuse_stale(row: Scenario, expected: str | None) -> None:
    if expected not in (None, tag_of(row)):
        raise Stale(_("您打开之后，这个假设方案又有了改动；请看过现在的内容再改。"))


def tag_of(scenario: Scenario) -> str:
    """Another one whenever what it says is another, or it is archived or restored."""
    said = [getattr(scenario, name) for name in SAID]
    return sha256(canonical([*said, scenario.archived_at is not None])).hexdigest()[:16]


def ground_after(ground: Ground, changes: Sequence[Any]) -> Ground:
    """Figures and terms as a scenario has them; the same without changes.

    Raises Unusable with a sentence for the first change that cannot be made.
    """
    read = _asked(lambda: read_changes([*changes]))
    payload = _asked(lambda: apply_changes({**ground.figures, **ground.terms}, read))
    terms = {key: payload[key] for key in KEYS if key in payload}
    figures = {key: value for key, value in payload.items() if key not in KEYS}
    return Ground(figures, terms, ground.rules)


def ground_for(self_check: SelfCheck, scenario: Scenario | None) -> Ground:
    """What a plan is made from. Raises Conflict as ``ground_of`` does, Unusable as above."""
    ground = ground_of(self_check)
    return ground_after(ground, scenario.changes) if scenario else ground


def refuse_unless_planner(self_check: SelfCheck, by: User) -> None:
    """Plans and scenarios are made by the district's own people."""
    if by.role not in MAY_PLAN or by.district_id != self_check.district_id:
        raise NotAllowed(_("增配方案和假设方案由本区县的填报员和审签人制作。"))


def _usable(self_check: SelfCheck, changes: list[Any]) -> list[dict[str, Any]]:
    """As they are kept: read, and tried on the present figures."""
    read = [each.as_dict() for each in _asked(lambda: read_changes(changes))]
    if read:
        ground_after(known_of(self_check), read)
    return read


def _asked(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except UnusableInput as refusal:
        places = {each.pointer.removeprefix("/"): _sentence(each) for each in refusal.problems}
        first = next(iter(places.values()))
        raise Unusable(first, code="unusable_changes", fields=places) from refusal


def _sentence(problem: Problem) -> str:
    """Which change, which school, what is wrong."""
    sentence, school = sentence_of(problem), problem.params.get("school", "")
    place = problem.pointer.split("/")
    if len(place) < 3:
        return sentence
    facts = {"number": int(place[2]) + 1, "school": school, "sentence": sentence}
    if school and school not in sentence:
        return now_in_words("第 %(number)s 项改动：%(school)s，%(sentence)s") % facts
    return now_in_words("第 %(number)s 项改动：%(sentence)s") % facts


def _save(row: Scenario, action: str, by: User) -> None:
    _refuse_name(row)
    check(row)
    row.save()
    _record(action, row, by)


def _refuse_name(row: Scenario) -> None:
    others = row.self_check.scenarios.filter(name=row.name, archived_at=None)
    taken = others.exclude(pk=row.pk).exists()
    fault = _("这份自查已有叫这个名称的假设方案。") if taken and not row.archived_at else None
    Unusable.check({"name": fault if row.name else _("请写明名称。")})


def _record(action: str, row: Scenario, by: User) -> None:
    code = row.self_check.district.code
    record(action=action, by=by, on=row, district_code=code, changes=snapshot(row, *SAID))
