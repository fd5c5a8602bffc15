"""What the calendar of deadlines says of the ledger and of school plans."""

from datetime import date

from districts.deadlines import dues_of
from districts.models import User
from improvement.models import Problem, SchoolPlan
from improvement.services.ledger import found
from tests.improvement.school_planning import approve

DUE = date(2026, 12, 31)


def _words(user: User) -> list[tuple[date, str]]:
    return [(due.day, due.words) for due in dues_of(user) if not due.key.startswith("self-check")]


def test_problems_of_a_day_are_counted_for_those_who_may_see_them(
    chen_officer: User, liu_officer: User, zhou_inspector: User
) -> None:
    for key in ("1", "2"):
        said = {"source": "visit", "key": key, "words": "缺录像", "due_on": DUE}
        found(district=chen_officer.district, by=zhou_inspector, **said)
    said = [(DUE, "问题整改截止：2 个问题还没有整改完")]
    assert _words(chen_officer) == _words(zhou_inspector) == said
    assert _words(liu_officer) == []
    Problem.objects.update(state="closed")
    assert _words(chen_officer) == []


def test_measures_count_once_their_plan_is_approved(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User, he_planning: User
) -> None:
    assert _words(chen_officer) == []
    approve(written, chen_officer, zhao_signatory)
    count = written.measures.count()
    [(day, words)] = _words(chen_officer)
    assert day == date(2027, 8, 31)
    assert words == f"沙坪坝区一校一策截止：{count} 项措施还没有完成"
    assert _words(he_planning) == []  # they are the bureau's
