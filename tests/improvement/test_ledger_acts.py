"""Steps people take with problems, one or many; the table is written out here."""

from datetime import date
from itertools import count
from typing import Any

import pytest
from django.conf import settings as conf
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from districts.models import District, User
from improvement.ledger.steps import mermaid
from improvement.models import Problem
from improvement.services.ledger import found
from improvement.services.ledger_acts import arrange, open_steps, tag_of, take_step
from improvement.services.ledger_bulk import arrange_all, foresee, take_steps
from selfchecks.models import Notice
from selfchecks.services.notice_words import text_of

LATER = date(2099, 12, 31)
OFFICER, SIGNATORY, INSPECTOR = "officer", "signatory", "inspector"
BUREAU = {OFFICER, SIGNATORY}
# step: from, to, who takes it with evidence, who with figures, whether a reason is asked for
TABLE = {
    "take_on": ("open", "working", BUREAU, BUREAU, False),
    "claim": ("working", "proposed", BUREAU, set(), True),
    "recall": ("proposed", "working", BUREAU, set(), False),
    "close": ("proposed", "closed", {INSPECTOR}, {INSPECTOR, SIGNATORY}, False),
    "decline": ("proposed", "working", {INSPECTOR}, {INSPECTOR}, True),
    "take_back": ("closed", "proposed", {INSPECTOR}, {INSPECTOR, SIGNATORY}, True),
    "reopen": ("closed void", "working", {INSPECTOR}, {INSPECTOR}, True),
    "void": ("open working proposed", "void", {INSPECTOR}, {INSPECTOR}, True),
}
PEOPLE = ("officer", "signatory", "inspector", "manager", "auditor")
_keys = count()


@pytest.fixture
def people(
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    wu_manager: User,
    he_auditor: User,
) -> dict[str, User]:
    rows = (chen_officer, zhao_signatory, zhou_inspector, wu_manager, he_auditor)
    return {str(person.role): person for person in rows}


def problem(district: District, kind: str = "evidence", **more: Any) -> Problem:
    return found(
        by=None,
        district=district,
        source="visit",
        key=str(next(_keys)),
        words="缺录像",
        kind=kind,
        **more,
    )


def ready(row: Problem, by: User) -> Problem:
    return arrange(problem=row, by=by, owner="王主任", due_on=LATER)


def expected(step: str, role: str, kind: str, state: str, comment: str, is_ready: bool) -> str:
    """What comes of an attempt: the new state, or which refusal."""
    sources, target, of_evidence, of_figures, asks = TABLE[step]
    if role not in (of_evidence if kind == "evidence" else of_figures):
        return "NotAllowed"
    if state not in sources.split() or (step == "take_on" and not is_ready):
        return "Conflict"
    return "Unusable" if asks and not comment else target


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kind=st.sampled_from(["evidence", "numeric"]),
    is_ready=st.booleans(),
    attempts=st.lists(
        st.tuples(
            st.sampled_from(PEOPLE), st.sampled_from([*TABLE]), st.sampled_from(["", "说明"])
        ),
        max_size=12,
    ),
)
def test_a_problem_goes_where_the_table_says_and_nowhere_else(
    kind: str,
    is_ready: bool,
    attempts: list[tuple[str, str, str]],
    shapingba: District,
    people: dict[str, User],
) -> None:
    row = problem(shapingba, kind)
    if is_ready:
        row = ready(row, people[OFFICER])
    state, taken = "open", 0
    for role, step, comment in attempts:
        offered = {offer.step.name for offer in open_steps(row, people[role]) if offer.is_open}
        awaited = expected(step, role, kind, state, comment, is_ready)
        assert (step in offered) == (awaited not in {"NotAllowed", "Conflict"})
        try:
            row = take_step(problem=row, step=step, by=people[role], comment=comment)
            outcome = str(row.state)
            state, taken = outcome, taken + 1
        except Refused as refusal:
            outcome = type(refusal).__name__
        assert outcome == awaited, (role, step, state)
    row.refresh_from_db()
    history = list(row.entries.all())
    assert row.state == state
    assert len(history) == 1 + is_ready + taken
    assert [entry.from_state for entry in history][1:] == [e.to_state for e in history][:-1]


def test_a_step_leaves_entry_history_and_notice(
    shapingba: District, people: dict[str, User]
) -> None:
    row = ready(problem(shapingba), people[OFFICER])
    take_step(problem=row, step="take_on", by=people[OFFICER])
    take_step(problem=row, step="claim", by=people[OFFICER], comment="录像已补")
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.action, entry.actor, entry.reason) == (
        "problem.claim",
        "officer_500106",
        "录像已补",
    )
    assert entry.changes == {"state": ["working", "proposed"]}
    notice = Notice.objects.get(recipient=people[INSPECTOR])
    assert text_of(notice) == "沙坪坝区申请销号 1 个问题，申请人陈静：录像已补"


def test_a_day_that_stood_is_moved_with_a_reason_only(
    shapingba: District, people: dict[str, User]
) -> None:
    row = ready(problem(shapingba), people[OFFICER])
    other = date(2099, 6, 30)
    with pytest.raises(Unusable, match="写明原因"):
        arrange(problem=row, by=people[OFFICER], due_on=other)
    arrange(problem=row, by=people[OFFICER], due_on=other, comment="招标推迟")
    last = row.entries.last()
    assert (last.changes, last.comment) == (
        {"due_on": ["2099-12-31", "2099-06-30"]},
        "招标推迟",
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"owner": "长" * 61}, "owner"),
        ({"measures": "长" * 2001}, "measures"),
    ],
)
def test_an_arrangement_that_cannot_be_is_refused(
    given: dict[str, Any], field: str, shapingba: District, people: dict[str, User]
) -> None:
    with pytest.raises(Unusable) as refusal:
        arrange(problem=problem(shapingba), by=people[OFFICER], **given)
    assert set(refusal.value.fields) == {field}


def test_what_is_solved_is_not_arranged_any_more(
    shapingba: District, people: dict[str, User]
) -> None:
    row = problem(shapingba)
    take_step(problem=row, step="void", by=people[INSPECTOR], comment="重复")
    with pytest.raises(Conflict):
        arrange(problem=row, by=people[OFFICER], owner="王主任")
    with pytest.raises(NotAllowed):
        arrange(problem=problem(shapingba), by=people["auditor"], owner="王主任")


def test_others_do_not_find_it(shapingba: District, liu_officer: User) -> None:
    row = problem(shapingba)
    with pytest.raises(Http404):
        arrange(problem=row, by=liu_officer, owner="王主任")
    with pytest.raises(Http404):
        take_step(problem=row, step="take_on", by=liu_officer)


def test_what_changed_meanwhile_is_not_decided_on(
    shapingba: District, people: dict[str, User]
) -> None:
    row = problem(shapingba)
    seen = tag_of(row)
    ready(row, people[OFFICER])
    with pytest.raises(Stale):
        take_step(problem=row, step="void", by=people[INSPECTOR], comment="重复", expected=seen)


def test_many_are_done_as_foreseen(
    shapingba: District, tongliang: District, people: dict[str, User]
) -> None:
    rows = [problem(shapingba) for _ in range(3)] + [problem(tongliang)]
    take_step(problem=rows[0], step="void", by=people[INSPECTOR], comment="重复")
    everything = Problem.objects.all()
    foreseen = foresee(everything, people[OFFICER])
    assert (foreseen.total, foreseen.open, foreseen.left) == (3, 2, {"void": 1})
    done = arrange_all(
        problems=everything,
        by=people[OFFICER],
        expected=foreseen.tag,
        owner="王主任",
        due_on=LATER,
    )
    assert done == 2
    assert Problem.objects.filter(owner="王主任").count() == 2
    with pytest.raises(Stale):
        arrange_all(problems=everything, by=people[OFFICER], expected=foreseen.tag, owner="李主任")
    before = Entry.objects.count()
    assert take_steps(problems=everything, step="take_on", by=people[OFFICER]) == 2
    entry = Entry.objects.order_by("-number")[0]
    assert Entry.objects.count() == before + 1
    assert entry.changes == {"state": ["open", "working"], "count": 2}
    assert len(entry.seals["improvement.problem"]) == 2


def test_the_city_does_it_with_one_entry_a_district(
    shapingba: District, tongliang: District, people: dict[str, User]
) -> None:
    for district in (shapingba, tongliang, shapingba):
        problem(district)
    done = take_steps(
        problems=Problem.objects.all(), step="void", by=people[INSPECTOR], comment="登记错了"
    )
    assert done == 3
    told = Entry.objects.filter(action="problem.void").values_list("district_code", flat=True)
    assert sorted(told) == ["500106", "500151"]


def test_the_picture_in_the_readme_is_of_this_table() -> None:
    readme = (conf.BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert mermaid() in readme
