"""The board of a year: who has submitted and who has not."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import User
from selfchecks.models import SelfCheck
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
