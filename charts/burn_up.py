"""Plan against outcome over the years: both as steps, with the milestones marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack

from .svg import Linear, Markup, Words, bottom_labels, drawing, element, number

WIDTH, HEIGHT = 560, 380
LEFT, RIGHT, TOP, BOTTOM = 36, 530, 36, 340


@dataclass(frozen=True, slots=True)
class BurnUp:
    """``planned`` and ``milestones``: how many are due by the end of a year, cumulative.

    ``actual``: the days on which the outcome changed and the total from then on.
    """

    planned: Sequence[tuple[int, int]]
    actual: Sequence[tuple[date, int]]
    milestones: Sequence[tuple[int, int]]
    as_of: date

    @property
    def reached(self) -> int:
        """The outcome on the day."""
        return self.actual[-1][1] if self.actual else 0

    @property
    def due(self) -> int:
        """What the plan asked for by the end of the last finished year."""
        return max((value for year, value in self.planned if year < self.as_of.year), default=0)

    @property
    def across(self) -> Linear:
        first, last = _start_of(self.planned[0][0]), _start_of(self.planned[-1][0] + 1)
        return Linear(first, max(last, self.as_of.toordinal()), LEFT, RIGHT)

    @property
    def up(self) -> Linear:
        highest = max(value for _when, value in (*self.planned, *self.actual, *self.milestones))
        # A little air above, so that the highest milestone is not cut.
        return Linear(0, highest * 1.04, BOTTOM, TOP)


def burn_up(chart: BurnUp, *, day_label: str, gap_label: str, **words: Unpack[Words]) -> Markup:
    """The drawing; ``day_label`` and ``gap_label`` are the words at the line of the day."""
    x, y = chart.across, chart.up
    # Per year: where it ends, how high the plan is then, and the number itself.
    plan = [(year, x(_start_of(year + 1)), y(value), value) for year, value in chart.planned]
    marks = [(year, x(_start_of(year + 1)), y(value), value) for year, value in chart.milestones]
    middles = [((x(_start_of(year)) + end) / 2, str(year)) for year, end, *_ in plan]
    actual = _steps([(x(day.toordinal()), y(value)) for day, value in chart.actual], y(0))
    actual += f"H{number(x(chart.as_of.toordinal()))}"
    return drawing(
        _levels(y),
        bottom_labels(middles, y=BOTTOM + 26),
        element("path", d=f"{actual}V{number(y(0))}Z", class_="burn-up__area"),
        element("path", d=actual, class_="burn-up__actual"),
        element(
            "path",
            d=_steps([(px, py) for _year, px, py, _value in plan], y(0)),
            class_="burn-up__plan",
        ),
        *_day(chart, x(chart.as_of.toordinal()), y, day_label, gap_label),
        # The planned totals, each above the step it begins; a milestone carries its own.
        *(
            element("text", value, x=px + 4, y=py - 6, class_="burn-up__value")
            for year, px, py, value in plan
            if (year, value) not in chart.milestones
        ),
        *(_milestone(px, py, value) for _year, px, py, value in marks),
        width=WIDTH,
        height=HEIGHT,
        class_="burn-up",
        **words,
    )


def _start_of(year: int) -> int:
    return date(year, 1, 1).toordinal()


def _steps(points: Iterable[tuple[float, float]], ground: float) -> str:
    """A path that keeps its height until the next point, then jumps."""
    return f"M{LEFT} {number(ground)}" + "".join(f"H{number(px)}V{number(py)}" for px, py in points)


def _levels(y: Linear) -> Markup:
    """One thin line and its label for every ten, from bottom to top."""
    style = {"x": LEFT - 8, "dy": "0.35em", "text_anchor": "end", "class_": "chart__tick"}
    marks = []
    for value in y.ticks(10):
        place = y(value)
        line = {"x1": LEFT, "x2": RIGHT, "y1": place, "y2": place}
        marks.append(element("line", **line, class_="chart__grid"))
        marks.append(element("text", value, y=place, **style))
    return element("g", *marks)


def _day(chart: BurnUp, x: float, y: Linear, day_label: str, gap_label: str) -> Iterable[Markup]:
    low, high = y(chart.reached), y(chart.due)
    line = {"x1": x, "x2": x}
    label = {"y": TOP - 15, "text_anchor": "middle", "class_": "burn-up__label"}
    yield element("line", **line, y1=TOP - 8, y2=BOTTOM, class_="burn-up__day")
    yield element("text", day_label, x=x, **label)
    if chart.due > chart.reached:
        place = {"x": x + 9, "y": (low + high) / 2, "dy": "0.35em"}
        yield element("line", **line, y1=low, y2=high, class_="burn-up__gap")
        yield element("text", gap_label, **place, class_="burn-up__short")
    yield element("circle", cx=x, cy=low, r=6, class_="burn-up__end")
    yield element("text", chart.reached, x=x + 11, y=low + 5, class_="burn-up__reached")


def _milestone(x: float, y: float, value: int) -> Markup:
    diamond = f"M{number(x)} {number(y - 8)}l8 8l-8 8l-8 -8Z"
    label = {"x": x - 12, "y": y - 7, "text_anchor": "end", "class_": "burn-up__target"}
    return element(
        "g",
        element("path", d=diamond, class_="burn-up__milestone"),
        element("text", value, **label),
    )
