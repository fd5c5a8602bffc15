"""The stairs say the plan's own figures, unit by unit, and where the day stands against them."""

from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.stairs import LARGE, SMALL, Paper, Phase, Said, Stairs, Unit, stairs

SPACE = "{http://www.w3.org/2000/svg}"
PLAN = dict(zip(range(2022, 2031), (4, 2, 5, 7, 4, 5, 9, 2, 3), strict=True))
PHASES = [
    Phase("试点", "目标 6 个", 2021, 2023, 6),
    Phase("整体", "目标 30 个", 2024, 2028, 36),
    Phase("攻坚", "目标 5 个", 2029, 2030, 41),
]
CERTIFIED = [(date(2025, 3, 14), 4)]
SAID = Said("实际通过", "截至<那天>", "少 14 个", "应有 18 个", ["一级台阶是一年"])
PAPERS = pytest.mark.parametrize("paper", [LARGE, SMALL], ids=["large", "small"])


def chart(as_of: date = date(2026, 11, 23), course=CERTIFIED, plan=PLAN, kind="idle") -> Stairs:
    steps = {
        year: [Unit(kind, f"{year} <{at}>") for at in range(count)] for year, count in plan.items()
    }
    notes = {day: (f"{total} 个", "甲、乙") for day, total in course}
    return Stairs(steps=steps, course=course, phases=PHASES, as_of=as_of, notes=notes)


def drawn(data: Stairs, paper: Paper = LARGE) -> ElementTree.Element:
    words = {"name": "b", "title": "t", "description": "d"}
    return ElementTree.fromstring(stairs(data, SAID, paper, **words))


def marks(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [part for part in root.iter() if kind in part.get("class", "").split()]


def texts(root: ElementTree.Element, kind: str) -> list[str]:
    return ["".join(part.itertext()) for part in marks(root, kind)]


@PAPERS
def test_planned_totals_are_written_once_each(paper):
    root = drawn(chart(), paper)
    written = texts(root, "climb__value") + texts(root, "climb__goal")
    assert sorted(map(int, written)) == [4, 6, 11, 18, 22, 27, 36, 38, 41]
    assert texts(root, "climb__goal") == ["6", "36", "41"]


def test_a_goal_that_the_plan_misses_stands_beside_the_planned_total():
    root = drawn(chart(plan=PLAN | {2028: 8, 2029: 3}))
    assert "35" in texts(root, "climb__value")
    assert "36" in texts(root, "climb__goal")


def test_what_is_due_is_what_finished_years_asked_for():
    assert chart(date(2026, 11, 23)).due == 18
    assert chart(date(2025, 12, 31)).due == 11
    assert chart(date(2022, 6, 1)).due == 0


@PAPERS
def test_each_unit_is_one_bar_on_its_step_and_bars_do_not_overlap(paper):
    bars = marks(drawn(chart(), paper), "f-idle")
    assert len(bars) == 41
    columns: dict[str, list[float]] = {}
    for bar in bars:
        columns.setdefault(bar.get("x", ""), []).append(float(bar.get("y", "0")))
    assert [len(heights) for heights in columns.values()] == list(PLAN.values())
    # Every step begins where the one before it ends: all heights differ, and they climb.
    heights = [y for column in columns.values() for y in column]
    assert heights == sorted(heights, reverse=True)
    height = float(bars[0].get("height", "0"))
    assert all(low - high > height for low, high in zip(heights, heights[1:], strict=False))


@pytest.mark.parametrize(("kind", "glyphs"), [("pass", 41), ("late", 41), ("idle", 0), ("unk", 0)])
def test_what_is_certified_or_late_is_told_without_colour(kind, glyphs):
    assert len(marks(drawn(chart(kind=kind)), f"o-{kind}")) == glyphs


def test_only_merged_units_are_hatched():
    for kind, count in (("gone", 41), ("pass", 0)):
        boxes = drawn(chart(kind=kind)).iter(f"{SPACE}rect")
        assert sum(box.get("fill") == "url(#b-hatch)" for box in boxes) == count


def test_the_plan_rises_at_the_beginning_of_each_year_and_ends_at_the_right_edge():
    path = marks(drawn(chart()), "m-plan")[0].get("d", "")
    assert path.startswith(f"M{LARGE.left} {LARGE.bottom}V")
    assert path.count("H") == path.count("V") == 9
    assert path.endswith(f"H{LARGE.right}")


def test_outcome_is_flat_zero_before_the_first_certification():
    before = chart(date(2025, 3, 13), [])
    assert "V" not in marks(drawn(before), "m-real")[0].get("d", "")
    assert before.reached == 0
    assert texts(drawn(before), "climb__reached") == ["0"]


@PAPERS
def test_the_gap_is_drawn_only_when_there_is_one(paper):
    assert texts(drawn(chart(), paper), "climb__gap") == ["少 14 个"]
    ahead = chart(date(2022, 6, 1), [(date(2022, 5, 1), 1)])
    assert not marks(drawn(ahead, paper), "m-gap")
    assert not texts(drawn(ahead, paper), "climb__gap")


def test_words_are_escaped():
    root = drawn(chart())
    assert "截至<那天>" in texts(root, "t2")
    assert marks(root, "f-idle")[0][0].text == "2022 <0>"


@PAPERS
@given(
    counts=st.lists(st.integers(0, 12), min_size=9, max_size=9),
    day=st.dates(date(2022, 1, 8), date(2034, 1, 1)),
    jumps=st.dictionaries(st.dates(date(2022, 1, 8), date(2034, 1, 1)), st.integers(1, 9)),
)
def test_any_plan_and_outcome_stay_on_the_paper(paper, counts, day, jumps):
    course, total = [], 0
    for when in sorted(when for when in jumps if when <= day):
        total += jumps[when]
        course.append((when, total))
    root = drawn(chart(day, course, dict(zip(PLAN, counts, strict=True))), paper)
    for part in root.iter():
        for name, edge in (("x", paper.width), ("y", paper.height), ("cx", paper.width)):
            assert -1 <= float(part.get(name, "0")) <= edge
    # Nothing begins so far right that it would run over the edge.
    for label in [*marks(root, "climb__gap"), *marks(root, "t2")]:
        if label.get("text-anchor") == "start":
            assert float(label.get("x", "0")) <= paper.right - 60


def test_the_total_and_its_words_keep_clear_of_the_line_they_belong_to():
    root = drawn(chart())
    level = float(marks(root, "m-end")[0].get("cy", "0"))
    (words,) = [
        text for text in root.iter(f"{SPACE}text") if "实际通过" in "".join(text.itertext())
    ]
    (day,) = [text for text in root.iter(f"{SPACE}text") if text.text == SAID.day]
    assert float(words.get("y", "0")) < level - 3  # the feet of letters are about that deep
    assert float(day.get("y", "0")) > level + 14  # and the letters as high as that
