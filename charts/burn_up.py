"""Plan against outcome over the years: both as steps, with the milestones marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .axes import bottom_labels, horizontal_grid
from .scales import Linear
from .svg import Markup, drawing, element, number

WIDTH, HEIGHT = 560, 380
LEFT, RIGHT, TOP, BOTTOM = 36, 530, 36, 340
VALUE = "burn-up__value"


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
    def first_day(self) -> date:
        return date(self.planned[0][0], 1, 1)

    @property
    def end(self) -> date:
        return max(_end_of(self.planned[-1][0]), self.as_of)

    @property
    def highest(self) -> int:
        return max(value for _when, value in (*self.planned, *self.actual, *self.milestones))

    @property
    def reached(self) -> int:
        """The outcome on the day."""
        return self.actual[-1][1] if self.actual else 0

    @property
    def due(self) -> int:
        """What the plan asked for by the end of the last finished year."""
        return max((value for year, value in self.planned if year < self.as_of.year), default=0)


def burn_up(
    chart: BurnUp, *, name: str, title: str, description: str, day_label: str, gap_label: str
) -> Markup:
    """The drawing; ``day_label`` and ``gap_label`` are the words at the line of the day."""
    x = Linear(chart.first_day.toordinal(), chart.end.toordinal(), LEFT, RIGHT)
    y = Linear(0, chart.highest * 1.04, BOTTOM, TOP)
    return drawing(
        horizontal_grid(((y(v), str(v)) for v in y.ticks(10)), left=LEFT, right=RIGHT),
        _years(chart, x),
        _outcome(chart, x, y),
        _plan(chart, x, y),
        _day(chart, x, y, day_label, gap_label),
        _values(chart, x, y),
        _milestones(chart, x, y),
        name=name,
        width=WIDTH,
        height=HEIGHT,
        title=title,
        description=description,
        class_="burn-up",
    )


def _end_of(year: int) -> date:
    return date(year + 1, 1, 1)


def _steps(points: Iterable[tuple[float, float]], start: tuple[float, float]) -> str:
    """A path that keeps its height until the next point, then jumps."""
    return f"M{number(start[0])} {number(start[1])}" + "".join(
        f"H{number(px)}V{number(py)}" for px, py in points
    )


def _years(chart: BurnUp, x: Linear) -> Markup:
    middles = [
        ((x(date(year, 1, 1).toordinal()) + x(_end_of(year).toordinal())) / 2, str(year))
        for year, _value in chart.planned
    ]
    return bottom_labels(middles, y=BOTTOM + 26)


def _plan(chart: BurnUp, x: Linear, y: Linear) -> Markup:
    points = [(x(_end_of(year).toordinal()), y(value)) for year, value in chart.planned]
    return element("path", d=_steps(points, (LEFT, y(0))), class_="burn-up__plan")


def _values(chart: BurnUp, x: Linear, y: Linear) -> Markup:
    """The planned totals, each above the step it begins; a milestone carries its own."""
    marked = dict(chart.milestones)
    return element(
        "g",
        *(
            element("text", value, x=x(_end_of(year).toordinal()) + 4, y=y(value) - 6, class_=VALUE)
            for year, value in chart.planned
            if marked.get(year) != value
        ),
    )


def _outcome(chart: BurnUp, x: Linear, y: Linear) -> Markup:
    points = [(x(day.toordinal()), y(value)) for day, value in chart.actual]
    path = _steps(points, (LEFT, y(0))) + f"H{number(x(chart.as_of.toordinal()))}"
    return element(
        "g",
        element("path", d=f"{path}V{number(y(0))}Z", class_="burn-up__area"),
        element("path", d=path, class_="burn-up__actual"),
    )


def _day(chart: BurnUp, x: Linear, y: Linear, day_label: str, gap_label: str) -> Markup:
    place, low, high = x(chart.as_of.toordinal()), y(chart.reached), y(chart.due)
    has_gap = chart.due > chart.reached
    return element(
        "g",
        element("line", x1=place, x2=place, y1=TOP - 8, y2=BOTTOM, class_="burn-up__day"),
        element(
            "text", day_label, x=place, y=TOP - 15, text_anchor="middle", class_="burn-up__label"
        ),
        element("line", x1=place, x2=place, y1=low, y2=high, class_="burn-up__gap")
        if has_gap
        else None,
        element(
            "text", gap_label, x=place + 9, y=(low + high) / 2, dy="0.35em", class_="burn-up__short"
        )
        if has_gap
        else None,
        element("circle", cx=place, cy=low, r=6, class_="burn-up__end"),
        element("text", chart.reached, x=place + 11, y=low + 5, class_="burn-up__reached"),
    )


def _milestones(chart: BurnUp, x: Linear, y: Linear) -> Markup:
    marks = []
    for year, value in chart.milestones:
        px, py = x(_end_of(year).toordinal()), y(value)
        diamond = f"M{number(px)} {number(py - 8)}l8 8l-8 8l-8 -8Z"
        marks.append(element("path", d=diamond, class_="burn-up__milestone"))
        marks.append(
            element("text", value, x=px - 12, y=py - 7, text_anchor="end", class_="burn-up__target")
        )
    return element("g", *marks)
