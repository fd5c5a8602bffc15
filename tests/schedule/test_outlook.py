"""The page of where the plan is heading: what it counts, whom it shows it to."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from audit.refusals import Unusable
from districts.models import User
from schedule.services.outlook import MOST_DAYS, courses_of, outlook_on, parse_days
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from tests.reader import words
from tests.selfchecks.conftest import latest, reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]

PAGE = "/admin/schedule/planversion/outlook/"


def test_units_without_approved_figures_are_not_foretold(reference: None) -> None:
    found = outlook_on(date(2026, 3, 1))
    assert {unit.is_known for unit in found.units} == {False}
    first, second = found.milestones
    # 4 named in March 2025, 6 more announced in January 2026; 36 and 41 are the plan's.
    assert (first.target, first.named, first.unnamed, first.needed) == (36, 4, 6, 26)
    assert (second.target, second.needed) == (41, 31)
    assert first.totals("same") == (10, 10)
    assert first.is_reached("same") is False
    assert (first.likely, found.test, found.changes) == (None, None, 0)
    assert found.advice.moves == ()


def test_an_approved_year_without_gaps_counts_as_arriving(
    reach: Callable[[str], SelfCheck], wu_manager: User
) -> None:
    approved = reach("approved")
    found = outlook_on(today())
    codes = [unit.standing.code for unit in found.units if unit.is_known]
    certified = found.position.standing_of(approved.district.code).certified_on
    assert codes == ([] if certified else [approved.district.code])


def test_what_is_open_counts_schools_coefficients_and_indicators(
    reach: Callable[[str], SelfCheck],
) -> None:
    approved = reach("approved")
    outcome = latest(approved).result
    by_hand = sum(unit.counted and unit.verdict != "met" for unit in outcome.units)
    for table in outcome.dispersion.values():
        by_hand += sum(each.verdict != "met" for each in table.coefficients.values())
    by_hand += sum(each.verdict != "met" for each in outcome.indicators.values())
    by_hand += outcome.veto.verdict != "met"
    standings = outlook_on(today()).position.progress.standings
    courses, is_demo = courses_of(standings, today())
    assert courses["500106"].open_by_year == ((approved.year, by_hand),)
    assert not is_demo


def test_the_page_says_needed_and_known(reference: None, wu_manager: User, signed_in) -> None:
    text = words(signed_in(wu_manager).get(PAGE))
    assert "到 2028 年底要有 36 个，现有 10 个，还要 26 个" in text
    assert "资料不足" in text
    assert "互换规划年份不会让逾期的年数变少。" in text


def test_units_are_grouped_and_none_is_left_out(
    reference: None, wu_manager: User, signed_in
) -> None:
    """Without a self-check nobody would be late, nobody in time: all are said to be unknown."""
    text = words(signed_in(wu_manager).get(PAGE))
    assert "照近两年的速度赶不上规划年份：0 个" in text
    assert "赶得上：" not in text
    known = re.search(r"还没有通过的 (\d+) 个单位", text)
    told = re.search(r"资料不足，不推算：(\d+) 个", text)
    assert known
    assert told
    assert known[1] == told[1]


def test_days_are_whole_and_sensible(reference: None, wu_manager: User, signed_in) -> None:
    client = signed_in(wu_manager)
    answer = client.get(PAGE, {"days": "六个月"})
    assert answer.status_code == 422
    assert "天数「六个月」不能用；请填 0 到 1500 的整数" in words(answer)
    assert client.get(PAGE, {"days": "180"}).status_code == 200
    for bad in ("-1", str(MOST_DAYS + 1), "9" * 40, "１２"):
        with pytest.raises(Unusable):
            parse_days(bad)


def test_the_workbook_has_all_units(reference: None, wu_manager: User, signed_in) -> None:
    answer = signed_in(wu_manager).get(PAGE, {"format": "xlsx"})
    book = load_workbook(BytesIO(answer.getvalue()))
    assert [sheet.title for sheet in book] == ["单位", "阶段目标", "互换年份", "依据"]
    assert book["阶段目标"]["B2"].value == 36
    assert book["单位"].max_row == 1 + len(outlook_on(today()).units)


def test_a_district_does_not_see_it(reference: None, chen_officer: User, signed_in) -> None:
    client: Client = signed_in(chen_officer)
    assert client.get(PAGE).status_code in (302, 403, 404)
