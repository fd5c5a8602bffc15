"""The plan as stairs, one bar a unit, and the outcome climbing beside it: large, and for phones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Unpack

from .svg import Linear, Markup, Words, bottom_labels, drawing, element, hatch, number, side_labels


@dataclass(frozen=True, slots=True)
class Paper:
    """How large the drawing is and where the stairs stand on it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    is_small: bool = False


LARGE = Paper(1120, 520, 34, 1024, 58, 486)
SMALL = Paper(358, 470, 26, 332, 58, 440, is_small=True)
NOTE, NOTE_SMALL = 42, 20  # how high a note is
NOTE_ROOM = 300  # and how long, at most
BAR_GAP = 2
DIGIT = 20  # how wide one digit of the total is


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit on its step: the name of its colour, and what a pointer reads out."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Phase:
    """Years with a goal; ``due`` is what the whole plan asks for by their end."""

    name: str
    goal: str
    start: int
    end: int
    due: int


@dataclass(frozen=True, slots=True)
class Said:
    """The words on the drawing."""

    reached: str
    day: str
    gap: str
    due: str
    key: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stairs:
    """``steps``: the units of every year, in order. ``course``: the days on which the outcome grew
    and the total from then on; ``notes``: what happened on such a day, in one line and another."""

    steps: Mapping[int, Sequence[Unit]]
    course: Sequence[tuple[date, int]]
    phases: Sequence[Phase]
    as_of: date
    notes: Mapping[date, tuple[str, str]]

    @property
    def planned(self) -> dict[int, int]:
        """How many are due by the end of each year."""
        return dict(zip(self.steps, accumulate(map(len, self.steps.values())), strict=True))

    @property
    def reached(self) -> int:
        return self.course[-1][1] if self.course else 0

    @property
    def due(self) -> int:
        """What the plan asked for by the end of the last finished year."""
        return max((due for year, due in self.planned.items() if year < self.as_of.year), default=0)


@dataclass(frozen=True, slots=True)
class _Place:
    """The paper with its scales: years across, units up."""

    paper: Paper
    across: Linear
    up: Linear

    def x(self, day: date) -> float:
        return self.across(day.toordinal())

    def start_of(self, year: int) -> float:
        return self.x(date(year, 1, 1))


def stairs(chart: Stairs, said: Said, paper: Paper, **words: Unpack[Words]) -> Markup:
    """The drawing on one of the two papers."""
    at = _place(chart, paper)
    years = [((at.start_of(year) + at.start_of(year + 1)) / 2, str(year)) for year in chart.steps]
    return drawing(
        hatch(f"{words['name']}-hatch", size=6),
        *_phases(chart, at),
        side_labels(at.up, paper.left, paper.right),
        bottom_labels(
            [(x, year[2:] if paper.is_small else year) for x, year in years], y=paper.bottom + 20
        ),
        *_bars(chart, at, f"url(#{words['name']}-hatch)"),
        _key(said.key, paper),
        element("path", d=_plan(chart, at), class_="m-plan"),
        *_totals(chart, at),
        element("path", d=_course(chart, at), class_="m-real"),
        *_gap(chart, said, at),
        *_notes(chart, at),
        *_end(chart, said, at),
        width=paper.width,
        height=paper.height,
        class_="climb",
        **words,
    )


def _place(chart: Stairs, paper: Paper) -> _Place:
    first, last = min(chart.steps), max(chart.steps)
    end = max(date(last + 1, 1, 1).toordinal(), chart.as_of.toordinal())
    targets = [phase.due for phase in chart.phases]
    # A little air above, so that the highest mark is not cut.
    highest = max([*chart.planned.values(), chart.reached, *targets, 1]) * 1.04
    return _Place(
        paper,
        Linear(date(first, 1, 1).toordinal(), end, paper.left, paper.right),
        Linear(0, highest, paper.bottom, paper.top),
    )


def _phases(chart: Stairs, at: _Place) -> Iterator[Markup]:
    """A band behind every other phase; name, years and goal above its beginning."""
    paper = at.paper
    for index, phase in enumerate(chart.phases):
        left = at.start_of(max(phase.start, min(chart.steps)))
        right = at.start_of(min(phase.end, max(chart.steps)) + 1)
        if index % 2 == 0:
            box = {"x": left, "y": paper.top, "width": right - left}
            yield element("rect", **box, height=paper.bottom - paper.top, class_="m-band")
        years = "" if paper.is_small else f" {phase.start}–{phase.end}"
        name = element("tspan", phase.name, class_="b")
        yield element("path", d=f"M{number(left)} 6V{paper.top}", class_="m-axis")
        yield element("text", name, years, x=left + 5, y=20, class_="t2")
        yield element("text", phase.goal, x=left + 5, y=41, class_="t2")


def _bars(chart: Stairs, at: _Place, hatching: str) -> Iterator[Markup]:
    """A bar for each unit on the step of its year, from the ground of that step upwards."""
    height = at.up(0) - at.up(1) - BAR_GAP
    for (year, units), top in zip(chart.steps.items(), chart.planned.values(), strict=True):
        left, right = at.start_of(year) + 1.5, at.start_of(year + 1) - 1.5
        for level, unit in enumerate(units, top - len(units) + 1):
            y = at.up(level) + BAR_GAP / 2
            box = {"x": left, "y": y, "width": right - left, "height": height, "rx": 1}
            title = None if at.paper.is_small else element("title", unit.words)
            yield element("rect", title, **box, class_=f"f-{unit.kind}")
            if unit.kind == "gone":
                yield element("rect", **box, fill=hatching)
            yield from _glyph(unit.kind, left + 6, y + height / 2)


def _glyph(kind: str, x: float, y: float) -> Iterator[Markup]:
    """Colour alone tells nobody who cannot see it: a tick, or a stroke with its dot."""
    ways = {"pass": "l2.2 2.4l4-4.8", "late": "m3-3v3.4m0 1.2v1.4"}
    if kind in ways:
        yield element("path", d=f"M{number(x)} {number(y)}{ways[kind]}", class_=f"o-{kind}")


def _key(lines: Sequence[str], paper: Paper) -> Markup:
    """How to read it, in the corner above the stairs that is always empty."""
    x = paper.left + (paper.right - paper.left) * 0.24
    y = paper.top + (paper.bottom - paper.top) * 0.25
    spans = [element("tspan", line, x=x, y=y + 19 * row) for row, line in enumerate(lines)]
    return element("text", *spans, text_anchor="middle", class_="t2 halo")


def _plan(chart: Stairs, at: _Place) -> str:
    """The edge of the stairs: up at the beginning of a year, then along it."""
    steps = (
        f"V{number(at.up(due))}H{number(at.start_of(year + 1))}"
        for year, due in chart.planned.items()
    )
    return f"M{number(at.start_of(min(chart.steps)))} {number(at.up(0))}" + "".join(steps)


def _totals(chart: Stairs, at: _Place) -> Iterator[Markup]:
    """What is due by the end of each year; the goals of the phases stand at a diamond."""
    goals = {phase.end: phase.due for phase in chart.phases}
    for year, due in chart.planned.items():
        if goals.get(year) != due:
            place = {"x": at.start_of(year) + 5, "y": at.up(due) - 6}
            yield element("text", due, **place, class_="t2 halo climb__value")
    for year, due in goals.items():
        x, y = at.start_of(year + 1), at.up(due)
        diamond = f"M{number(x)} {number(y - 7)}l7 7l-7 7l-7 -7z"
        label = {"x": x - 12, "y": y - 8, "text_anchor": "end"}
        yield element("path", d=diamond, class_="m-goal")
        yield element("text", due, **label, class_="b halo climb__goal")


def _course(chart: Stairs, at: _Place) -> str:
    """The outcome keeps its height until the next day on which it grew."""
    start = f"M{number(at.across(at.across.low))} {number(at.up(0))}"
    jumps = (f"H{number(at.x(day))}V{number(at.up(total))}" for day, total in chart.course)
    return start + "".join(jumps) + f"H{number(at.x(chart.as_of))}"


def _gap(chart: Stairs, said: Said, at: _Place) -> Iterator[Markup]:
    """What the outcome lacks of the last finished step, measured where that step ends."""
    if chart.due <= chart.reached:
        return
    high, low = at.up(chart.due) + 2, at.up(chart.reached) - 7
    x = at.start_of(chart.as_of.year) + (9 if at.paper.is_small else 14)
    side, anchor = (-10, "end") if x > at.paper.right - 90 else (10, "start")
    place = {"x": x + side, "text_anchor": anchor}
    middle = (high + low) / 2
    foot = f"M{number(x - 5)} {number(high)}h10m-5 0V{number(low)}m-5 0h10"
    yield element("path", d=foot, class_="m-gap")
    yield element("text", said.gap, y=middle, class_="b late-t halo climb__gap", **place)
    if low - high > 40 and not at.paper.is_small:
        yield element("text", said.due, y=middle + 19, class_="t2 halo", **place)


def _notes(chart: Stairs, at: _Place) -> Iterator[Markup]:
    """The newest growths below the line, as many as there is room for."""
    paper, step = at.paper, NOTE_SMALL if at.paper.is_small else NOTE
    days = [(day, total) for day, total in reversed(chart.course) if day in chart.notes]
    x = at.x(days[0][0]) + 42 if days and not paper.is_small else at.x(chart.as_of) - 22
    room = paper.right - (NOTE_ROOM / 2 if paper.is_small else NOTE_ROOM)
    fitting = int((paper.bottom - at.up(chart.reached) - 14) // step) if x <= room else 0
    for row, (day, total) in enumerate(days[:fitting]):
        y, (head, more) = at.up(chart.reached) + step * (row + 1), chart.notes[day]
        if paper.is_small:
            yield element("text", head, x=x, y=y + 6, class_="halo")
            continue
        lead = f"M{number(at.x(day) + 14)} {number(at.up(total) + 5)}V{number(y - 11)}"
        yield element("path", d=f"{lead}H{number(x - 6)}", class_="m-lead")
        yield element("text", head, x=x, y=y - 6, class_="b halo")
        yield element("text", more, x=x, y=y + 12, class_="t2 halo")


def _end(chart: Stairs, said: Said, at: _Place) -> Iterator[Markup]:
    """A dot on the day, the number, and what it counts: above and below the line of the grid."""
    x, y, digits = at.x(chart.as_of), at.up(chart.reached), DIGIT * len(str(chart.reached))
    is_last = x > at.paper.right - 120
    side, anchor = (-1, "end") if is_last else (1, "start")
    beside = {"x": x + side * (18 + digits), "text_anchor": anchor}
    place = {"x": x + side * 12, "y": y - 14 if is_last else y + 8, "text_anchor": anchor}
    yield element("circle", cx=x, cy=y, r=6, class_="m-end")
    yield element("text", chart.reached, **place, class_="climb__reached")
    yield element("text", said.reached, **beside, y=y - 5, class_="b pass-t halo")
    if not at.paper.is_small:
        yield element("text", said.day, **beside, y=y + 16, class_="t2 halo")
