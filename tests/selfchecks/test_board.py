"""The board of a year and the nudge to those who have not submitted."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.refusals import NotAllowed
from districts.models import User
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import board
from selfchecks.services.opening import open_year
from tests.selfchecks.conftest import DUE_ON, FILL_FROM


def test_all_units_are_on_the_board(self_check: SelfCheck, wu_manager: User) -> None:
    found = board.board(2026, wu_manager, date(2026, 12, 20))
    counts = {state: n for state, n in found.counts.items() if n}
    assert counts == {"draft": 1, "not_opened": 38, "abolished": 3}
    assert [(line.district.code, line.days_left) for line in found.overdue] == [("500106", -5)]


def test_what_is_submitted_has_no_days_left(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("submitted")
    lines = board.board(2026, zhou_inspector, date(2027, 1, 1)).lines
    line = next(line for line in lines if line.self_check)
    assert (line.state, line.days_left, line.is_overdue, line.verdict) == (
        "submitted",
        None,
        False,
        "met",
    )


def test_a_district_sees_its_own_line_only(
    self_check: SelfCheck, liu_officer: User, chen_officer: User
) -> None:
    assert [line.state for line in board.board(2026, liu_officer).lines] == ["not_opened"]
    assert [line.self_check for line in board.board(2026, chen_officer).lines] == [self_check]


def test_the_board_asks_as_many_queries_for_39_units_as_for_one(
    self_check: SelfCheck, wu_manager: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(board.board(2026, wu_manager).lines) == 42
        return len(captured)

    one = queries()
    open_year(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    assert queries() == one == 4


def test_a_nudge_reaches_the_district_once_a_day(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    first = board.remind(self_checks=[self_check], by=zhou_inspector)
    again = board.remind(self_checks=[self_check], by=zhou_inspector)
    assert (first.reminded, first.skipped) == ((self_check,), ())
    assert (again.reminded, again.skipped) == ((), (self_check,))
    assert Notice.objects.filter(kind="reminder").count() == 2
    line = next(line for line in board.board(2026, zhou_inspector).lines if line.self_check)
    assert line.reminded_at is not None


def test_nobody_is_nudged_after_submitting(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    done = board.remind(self_checks=[reach("submitted")], by=zhou_inspector)
    assert done.reminded == ()


def test_districts_nudge_nobody(self_check: SelfCheck, chen_officer: User) -> None:
    with pytest.raises(NotAllowed):
        board.remind(self_checks=[self_check], by=chen_officer)
