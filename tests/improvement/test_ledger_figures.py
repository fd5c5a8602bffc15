"""What approved figures, returns and decisions taken back do to the ledger."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils.translation import override

from audit.models import Entry
from districts.models import District, School, User
from improvement.models import Problem
from improvement.services.ledger_acts import take_step as take_problem_step
from indicators.models import Indicator
from selfchecks.models import Notice, SelfCheck
from selfchecks.services.notice_words import text_of
from selfchecks.services.opening import open_year
from selfchecks.services.reviews import Target, answer, comment, review_indicator, settle
from selfchecks.services.steps import take_step
from tests.improvement.conftest import codes_of
from tests.selfchecks.conftest import decide, keep_clean

Round = Callable[..., SelfCheck]


@pytest.fixture
def in_review(
    schools: list[School],
    shapingba: District,
    wu_manager: User,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
) -> Round:
    """A function: the self-check of a year under review; the first school's ground in ㎡."""

    def _round(year: int, ground: int = 9000) -> SelfCheck:
        rows = SelfCheck.objects.filter(district=shapingba, year=year)
        if not rows:
            days = {"fill_from": date(year, 9, 1), "due_on": date(year, 12, 15)}
            open_year(year=year, by=wu_manager, districts=[shapingba], **days)
        self_check = rows.get()
        changes = {(codes_of(self_check)[0], "sports_ground_area"): ground}
        keep_clean(self_check, chen_officer, changes=changes)
        for step, by in (
            ("send_for_signature", chen_officer),
            ("submit", zhao_signatory),
            ("take_up", zhou_inspector),
        ):
            take_step(self_check=self_check, step=step, by=by)
        return rows.get()

    return _round


@pytest.fixture
def approved(in_review: Round, zhou_inspector: User) -> Round:
    def _approved(year: int, ground: int = 9000) -> SelfCheck:
        self_check = in_review(year, ground)
        decide(self_check, "approve", zhou_inspector)
        self_check.refresh_from_db()
        return self_check

    return _approved


def states() -> dict[str, str]:
    """Indicator and, of a school, its code → state."""
    rows = Problem.objects.exclude(source="look_back").order_by("key")
    return {f"{row.indicator} {row.school_code}".strip(): row.state for row in rows}


def steps_of(row: Problem) -> list[str]:
    return [entry.step for entry in row.entries.all()]


def of_school() -> Problem:
    found: Problem = Problem.objects.filter(source="evaluation").exclude(school_code="").get()
    return found


def test_an_approved_result_fills_the_ledger(approved: Round, schools: list[School]) -> None:
    """100 ㎡ and 200 indoors are 0.742574 ㎡ for each of 404 pupils, 7.5 are asked."""
    approved(2025, ground=100)
    assert states() == {"A5": "open", f"A5 {schools[0].code}": "open"}
    row = of_school()
    assert (row.found, row.required, row.unit) == ("0.742574", "7.5", "㎡")
    assert (row.kind, row.stage, str(row.gap)) == ("numeric", "primary", "6.757426")
    assert row.told == "生均体育运动场馆面积没有到达标值"
    with override("en"):
        assert row.told == f"{english_name('A5')} is below its threshold"
    assert steps_of(row) == ["find"]
    written = Entry.objects.filter(action="problem.follow").get()
    assert written.changes["problems"] == {"find": 2}


def english_name(code: str) -> str:
    return str(Indicator.objects.get(standard__code="2017", code=code).english_name)


def test_nothing_is_said_of_figures_that_are_not_approved(in_review: Round) -> None:
    in_review(2025, ground=100)
    assert not Problem.objects.exists()


def test_met_figures_propose_to_close_and_failing_ones_open_again(approved: Round) -> None:
    approved(2024, ground=100)
    approved(2025)
    row = of_school()
    assert (row.state, row.required) == ("proposed", "7.5")
    Problem.objects.update(state="closed")
    approved(2026, ground=200)
    row = of_school()
    assert row.state == "working"
    assert steps_of(row) == ["find", "meets", "fails"]
    assert row.entries.last().changes["found"][1] == "0.990099"


def test_figures_that_move_without_meeting_are_noted(approved: Round) -> None:
    approved(2025, ground=100)
    approved(2026, ground=200)
    row = of_school()
    assert (row.state, steps_of(row)) == ("open", ["find", "figures"])
    assert row.entries.last().changes == {"found": ["0.742574", "0.990099"]}


def test_an_older_year_changes_nothing(approved: Round) -> None:
    approved(2026, ground=100)
    approved(2025)
    assert of_school().state == "open"


def test_what_rests_on_an_approval_goes_with_it(approved: Round, zhou_inspector: User) -> None:
    approved(2024, ground=100)
    self_check = approved(2025)
    Problem.objects.exclude(school_code="").update(state="closed")
    take_step(self_check=self_check, step="take_back_approval", by=zhou_inspector, comment="看错了")
    assert set(states().values()) == {"working"}
    assert of_school().entries.last().comment == "看错了"


def test_what_a_taken_back_approval_raised_is_void(approved: Round, zhou_inspector: User) -> None:
    self_check = approved(2025, ground=100)
    take_step(self_check=self_check, step="take_back_approval", by=zhou_inspector, comment="看错了")
    assert set(states().values()) == {"void"}
    decide_again(self_check, zhou_inspector)
    assert set(states().values()) == {"working"}


def decide_again(self_check: SelfCheck, inspector: User) -> None:
    self_check.refresh_from_db()
    decide(self_check, "approve", inspector)


def test_remarks_of_a_return_become_problems(
    in_review: Round, schools: list[School], zhou_inspector: User
) -> None:
    self_check = in_review(2025)
    review_indicator(
        self_check=self_check, indicator="B1", word="questioned", note="没有文号", by=zhou_inspector
    )
    review_indicator(self_check=self_check, indicator="B2", word="accepted", by=zhou_inspector)
    on = Target("A2", schools[0].code)
    comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=on)
    assert not Problem.objects.exists()
    decide(self_check, "send_back", zhou_inspector)
    rows = {row.words: (row.indicator, row.school_name, row.kind) for row in Problem.objects.all()}
    assert rows == {
        "没有文号": ("B1", "", "evidence"),
        "请附名单": ("A2", schools[0].name, "evidence"),
    }


def test_a_settled_remark_waits_to_be_closed(
    in_review: Round, zhou_inspector: User, chen_officer: User
) -> None:
    self_check = in_review(2025)
    remark = comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=Target("A2"))
    other = comment(self_check=self_check, text="请附照片", by=zhou_inspector, on=Target("A3"))
    decide(self_check, "send_back", zhou_inspector)
    answer(parent=remark, text="已附", by=chen_officer)
    assert set(states().values()) == {"open"}
    settle(comment=remark, by=zhou_inspector)
    assert states() == {"A2": "proposed", "A3": "open"}
    entry = Problem.objects.get(indicator="A2").entries.last()
    assert (entry.step, entry.actor) == ("settled", zhou_inspector)
    assert Entry.objects.filter(action="problem.settled").count() == 1
    told = Notice.objects.get(kind="ledger.settled", recipient=chen_officer)
    assert text_of(told) == "沙坪坝区有 1 个问题的复核意见已了结，等待督学销号。"
    take_problem_step(
        problem=Problem.objects.get(indicator="A3"), step="void", by=zhou_inspector, comment="重复"
    )
    settle(comment=other, by=zhou_inspector)
    assert states()["A3"] == "void"


def test_what_is_accepted_on_approval_waits_to_be_closed(
    in_review: Round, zhou_inspector: User
) -> None:
    self_check = in_review(2025)
    said = {
        "self_check": self_check,
        "by": zhou_inspector,
        "word": "questioned",
        "note": "没有文号",
    }
    review_indicator(indicator="B1", **said)
    review_indicator(indicator="B2", **said)
    decide(self_check, "send_back", zhou_inspector)
    self_check = in_review(2025)
    review_indicator(self_check=self_check, indicator="B1", word="accepted", by=zhou_inspector)
    assert set(states().values()) == {"open"}
    decide(self_check, "approve", zhou_inspector)
    assert states() == {"B1": "proposed", "B2": "open"}


def test_the_district_hears_of_it_once(approved: Round, chen_officer: User) -> None:
    approved(2025, ground=100)
    notice = Notice.objects.get(recipient=chen_officer, kind="ledger.figures")
    assert text_of(notice) == (
        "沙坪坝区的问题台账：新登记 2 个，0 个数据已达标、等待销号，0 个重新整改。"
    )
    with override("en"):
        assert text_of(notice).startswith("Problem ledger of Shapingba 沙坪坝区. New: 2;")
