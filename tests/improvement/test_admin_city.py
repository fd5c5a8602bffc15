"""The city's board of what is lacking: every unit, its sums, its prices, who reads it, Excel."""

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client

from districts.models import User
from figures.table import AREA
from improvement.lacking.city import CityTable
from improvement.lacking.words import sums_by_unit
from improvement.services.lacking import city
from selfchecks.models import SelfCheck
from tests.improvement.conftest import codes_of, keep_clean, set_prices
from tests.reader import links, tables, words
from tests.selfchecks.conftest import take_step

BOARD = "/admin/improvement/unitprice/shortfalls/"
SignedIn = Callable[[User], Client]


@pytest.fixture
def submitted(self_check: SelfCheck, chen_officer: User, zhao_signatory: User) -> SelfCheck:
    """沙坪坝区 has submitted; its first school lacks 2,275.5 ㎡ of ground, at 400 yuan each."""
    set_prices(chen_officer)
    keep_clean(
        self_check, chen_officer, changes={(codes_of(self_check)[0], "sports_ground_area"): 100}
    )
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        self_check.refresh_from_db()
        take_step(self_check=self_check, step=step, by=by)
    return self_check


def test_every_unit_has_its_line_and_the_city_its_sum(
    submitted: SelfCheck, zhou_inspector: User, signed_in: SignedIn
) -> None:
    answer = signed_in(zhou_inspector).get(BOARD)
    text = words(answer)
    assert "有结果的 1 个区县里 1 个还差，合计至少 2,276 ㎡。" in text
    (board,) = tables(answer)
    first, last = board[1], board[-1]
    assert first[0] == "沙坪坝区"
    assert first[2:8] == ["0", "0", "2,276", "0", "91.02", "1"]
    assert last[0] == "合计"
    assert "1 个区县有差异系数超过限值" in text
    assert last[1:7] == ["0", "0", "2,276", "0", "91.02", "1"]
    assert board[2][2:8] == ["–"] * 6  # no result is not a zero
    assert len(board) == 1 + 42 + 1
    assert "/self-checks/500106-2026/shortfalls/" in links(answer)


def test_who_fails_by_a_coefficient_alone_is_not_lost_among_those_who_lack_nothing(
    submitted: SelfCheck, zhou_inspector: User, signed_in: SignedIn
) -> None:
    """It can be sorted by, and of two that lack no people the one above a limit comes first."""
    answer = signed_in(zhou_inspector).get(f"{BOARD}?sort=spreads")
    assert "?year=2026&sort=-spreads" in links(answer)
    clean = _line("璧山区", 0)
    failing = _line("彭水县", 2)
    assert CityTable([clean, failing]).rows[0].line is failing
    assert CityTable([clean, failing]).above == 1


def _line(name: str, above: int) -> Any:
    """A unit whose schools lack nothing, with so many coefficients above their limit."""
    shortfalls = SimpleNamespace(measures=lambda _aim: {})
    outcome = SimpleNamespace(part_a=SimpleNamespace(dispersion={"not_met": above}))
    return SimpleNamespace(
        name=name, lacking=SimpleNamespace(shortfalls=shortfalls, outcome=outcome, prices={})
    )


def test_a_year_without_results_has_no_numbers(
    submitted: SelfCheck, zhou_inspector: User, signed_in: SignedIn
) -> None:
    answer = signed_in(zhou_inspector).get(f"{BOARD}?year=2025")
    (board,) = tables(answer)
    assert {tuple(row[2:7]) for row in board[1:-1]} == {("–",) * 5}


def test_the_workbook_has_numbers_schools_and_prices(
    submitted: SelfCheck, wu_manager: User, signed_in: SignedIn
) -> None:
    answer: Any = signed_in(wu_manager).get(f"{BOARD}?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    head, *units = book["区县"].iter_rows(values_only=True)
    ours = next(dict(zip(head, row, strict=True)) for row in units if row[1] == "沙坪坝区")
    assert ours["运动场地 ㎡"] == 2275.5
    assert ours["至少的费用（元）"] == 910_200
    assert ours["学历教师 人"] == 0
    other = next(dict(zip(head, row, strict=True)) for row in units if row[1] == "铜梁区")
    assert other["运动场地 ㎡"] is None
    details = list(book["各校明细"].iter_rows(values_only=True))
    assert details[1][:2] == ("沙坪坝区", codes_of(submitted)[0])
    assert [row[2] for row in book["单价"].iter_rows(values_only=True)][1:] == [
        80_000, 20_000, 80_000, 3_000, 400, 1, 60_000,
    ]  # fmt: skip


def test_districts_do_not_enter(
    submitted: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    assert signed_in(chen_officer).get(BOARD).status_code in (302, 403)


def test_the_board_of_progress_leads_there(
    submitted: SelfCheck, zhou_inspector: User, signed_in: SignedIn
) -> None:
    page = signed_in(zhou_inspector).get("/admin/selfchecks/selfcheck/board/?year=2026")
    assert f"{BOARD}?year=2026" in links(page)


@pytest.mark.parametrize("page", ["/admin/", "/admin/selfchecks/selfcheck/work/"])
def test_the_day_and_the_work_list_lead_there(
    page: str, submitted: SelfCheck, zhou_inspector: User, wu_manager: User, signed_in: SignedIn
) -> None:
    for reader in (zhou_inspector, wu_manager):
        assert BOARD in links(signed_in(reader).get(page))


def test_the_whole_city_is_asked_for_at_once(
    submitted: SelfCheck, zhou_inspector: User, django_assert_max_num_queries: Any
) -> None:
    """The lines of the board, the stored outcomes, the prices; nothing for each unit."""
    with django_assert_max_num_queries(8):
        table = CityTable(city(2026, zhou_inspector))
        assert [row.numbers["area"] > 0 for row in table.rows if row.lacking] == [True]
        assert table.sentence


def test_what_is_told_of_units_adds_up(submitted: SelfCheck, zhou_inspector: User) -> None:
    """Both lack 2,276 ㎡ as people read it, half a ㎡ less in truth."""
    (line,) = [each for each in city(2026, zhou_inspector) if each.lacking]
    table = CityTable([line, line])
    assert table.sums[2] == "4,552"
    assert "4,552\N{NO-BREAK SPACE}㎡" in table.sentence
    exact = sums_by_unit(table.rows[0].least)[AREA]
    assert exact * 2 == 4_551


def test_a_manager_lets_the_city_be_planned_with_one_button(
    submitted: SelfCheck, wu_manager: User, zhou_inspector: User, signed_in: SignedIn
) -> None:
    asked = {"year": "2026"}
    reader = signed_in(zhou_inspector)
    assert "每个区县做最省方案" not in words(reader.get(BOARD))
    assert reader.post(BOARD, asked).status_code == 403
    client = signed_in(wu_manager)
    assert "给全市 2026 年度每个区县做最省方案" in words(client.get(BOARD))
    first = client.post(BOARD, asked, follow=True)
    assert "1 个区县的最省方案由后台逐个计算" in words(first)
    assert list(submitted.plans.values_list("kind", "state")) == [("cheapest", "waiting")]
    client.post(BOARD, asked)
    assert submitted.plans.count() == 1
