"""The burn-up says the plan's own figures and where the day stands against them."""

from datetime import date
from xml.etree import ElementTree

from charts.burn_up import BOTTOM, LEFT, RIGHT, BurnUp, burn_up

SPACE = "{http://www.w3.org/2000/svg}"
PLAN = list(zip(range(2022, 2031), (4, 6, 11, 18, 22, 27, 36, 38, 41), strict=True))
MILESTONES = [(2023, 6), (2028, 36), (2030, 41)]
CERTIFIED = [(date(2025, 3, 14), 4)]


def chart(as_of: date = date(2026, 11, 23), actual=CERTIFIED) -> BurnUp:
    return BurnUp(planned=PLAN, actual=actual, milestones=MILESTONES, as_of=as_of)


def drawn(data: BurnUp) -> ElementTree.Element:
    return ElementTree.fromstring(
        burn_up(
            data, name="b", title="t", description="d", day_label="<那天>", gap_label="差 14 个"
        )
    )


def texts(root: ElementTree.Element, kind: str) -> list[str]:
    return [text.text for text in root.iter(f"{SPACE}text") if text.get("class") == kind]


def mark(root: ElementTree.Element, kind: str) -> ElementTree.Element | None:
    return next((part for part in root.iter() if part.get("class") == kind), None)


def test_planned_totals_are_written_once_each():
    root = drawn(chart())
    written = texts(root, "burn-up__value") + texts(root, "burn-up__target")
    assert sorted(map(int, written)) == [4, 6, 11, 18, 22, 27, 36, 38, 41]
    assert texts(root, "burn-up__target") == ["6", "36", "41"]


def test_a_milestone_that_the_plan_misses_stands_beside_the_planned_total():
    shifted = [(year, value - 1) if year == 2028 else (year, value) for year, value in PLAN]
    root = drawn(BurnUp(planned=shifted, actual=[], milestones=MILESTONES, as_of=date(2026, 1, 1)))
    assert "35" in texts(root, "burn-up__value")
    assert "36" in texts(root, "burn-up__target")


def test_what_is_due_is_what_finished_years_asked_for():
    assert chart(date(2026, 11, 23)).due == 18
    assert chart(date(2025, 12, 31)).due == 11
    assert chart(date(2022, 6, 1)).due == 0


def test_plan_rises_at_the_end_of_the_year_and_ends_at_the_right_edge():
    path = mark(drawn(chart()), "burn-up__plan").get("d")
    assert path.startswith(f"M{LEFT} {BOTTOM}H")
    assert path.count("H") == path.count("V") == 9
    assert f"H{RIGHT}V" in path


def test_outcome_is_flat_zero_before_the_first_certification():
    path = mark(drawn(chart(date(2025, 3, 13), [])), "burn-up__actual").get("d")
    assert "V" not in path
    assert chart(date(2025, 3, 13), []).reached == 0


def test_the_gap_is_drawn_only_when_there_is_one():
    assert mark(drawn(chart()), "burn-up__gap") is not None
    ahead = chart(date(2022, 6, 1), [(date(2022, 5, 1), 1)])
    assert mark(drawn(ahead), "burn-up__gap") is None


def test_words_are_escaped():
    assert texts(drawn(chart()), "burn-up__label") == ["<那天>"]
