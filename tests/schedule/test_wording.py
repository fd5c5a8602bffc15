"""States and delays in plain words; figures counted by hand on a calendar."""

from datetime import date

import pytest

from districts.models import District
from schedule import progress, wording
from schedule.progress import Event, PhaseGoal, Standing, Unit, measure


def standing(planned: int, as_of: date, certified: date | None = None, **unit) -> Standing:
    events = [Event("u", certified, "certified", "nation")] if certified else []
    goals = [PhaseGoal("一", 2021, 2030, 1)]
    return measure([Unit("u", planned, **unit)], goals, events, as_of=as_of).standings[0]


@pytest.mark.parametrize(
    ("planned", "certified", "words"),
    [
        # 31 Dec 2022 → 14 Mar 2025: 365 + 366 + 31 + 28 + 14 days, two years and two months
        (2022, date(2025, 3, 14), "比规划晚 2 年 2 个月(804 天)"),
        (2023, date(2025, 3, 14), "比规划晚 1 年 2 个月(439 天)"),
        (2024, date(2025, 3, 14), "比规划晚 2 个月(73 天)"),
        (2024, date(2025, 1, 1), "比规划晚 1 天"),
        (2024, date(2025, 2, 28), "比规划晚 2 个月(59 天)"),
        (2024, date(2025, 12, 31), "比规划晚 1 年(365 天)"),
        (2025, date(2025, 12, 31), "按规划年份通过"),
        (2025, date(2025, 1, 1), "按规划年份通过"),
        (2026, date(2025, 12, 31), "比规划早 1 天"),
        (2027, date(2025, 3, 14), "比规划早 1 年 9 个月(658 天)"),
    ],
)
def test_early_and_late_in_words(planned, certified, words):
    assert wording.timing_words(standing(planned, date(2026, 11, 23), certified)) == words


def test_not_certified_and_late():
    late = standing(2025, date(2026, 11, 23))
    assert wording.state_words(late) == "已过规划年份，未通过"
    assert wording.timing_words(late) == "已晚 10 个月(327 天)"


def test_not_due_is_not_late():
    open_still = standing(2026, date(2026, 12, 31))
    assert wording.state_words(open_still) == "还没有通过，未到期，应在 2026 年底前通过"
    assert wording.timing_words(open_still) == ""


def test_abolished_waits_for_the_city():
    gone = standing(2023, date(2026, 1, 1), valid_to=date(2025, 11, 5))
    assert wording.state_words(gone) == "已撤并，待市级明确"
    assert wording.timing_words(gone) == ""


def test_certified_says_the_day():
    done = standing(2022, date(2026, 1, 1), date(2025, 3, 14))
    assert wording.state_words(done) == "2025年3月14日通过国家认定"


def test_a_unit_outside_the_plan():
    outside = Standing("u", None, progress.NOT_STARTED, None, 0, "pending", ())
    assert wording.state_words(outside) == "这一版规划没有列入"


def test_every_state_has_words():
    assert set(wording.STATES) == {*progress.STATUSES, wording.OPEN}


@pytest.mark.usefixtures("reference")
def test_tile_names_are_those_of_the_plan_and_short():
    names = {unit.code: wording.tile_name(unit) for unit in District.objects.all()}
    assert names["500106"] == "沙坪坝"
    assert names["LJXQ"] == "两江"
    assert names["GXQ"] == "高新"
    assert names["WSJKQ"] == "万盛"
    assert names["500233"] == "忠县"
    assert names["500243"] == "彭水"
    assert len(set(names.values())) == 41
    assert max(map(len, names.values())) == 3
