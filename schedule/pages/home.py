"""The home page: one sentence, where the units stand, the phases, this year, and what changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from charts.square_rows import square_rows
from charts.svg import Markup
from schedule import progress, wording
from schedule.progress import PhaseProgress, Progress, YearProgress
from schedule.services.reading import Position

from . import changes, figures, ready, units
from .question import Question
from .ready import ReadySummary
from .search import Search
from .units import UnitLine


@dataclass(frozen=True, slots=True)
class Due:
    """How many the plan wants by the end of a year."""

    year: int
    count: int


@dataclass(frozen=True, slots=True)
class BasisChoice:
    """A way of counting that the reader may choose."""

    name: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PhaseCard:
    """A phase in figures; ``from_elsewhere`` were certified in it but planned for another one."""

    phase: PhaseProgress
    name: str
    is_over: bool
    is_ahead: bool
    from_elsewhere: int
    squares: Markup


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit that a search found; ``words`` is empty when it is not counted on this basis."""

    name: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class HomePage:
    question: Question
    position: Position
    search: Search
    found: tuple[Hit, ...]
    bases: tuple[BasisChoice, ...]
    due_before: Due | None
    due_next: Due | None
    lines: tuple[UnitLine, ...]
    this_year: tuple[UnitLine, ...]
    late: int
    unresolved: int
    phases: tuple[PhaseCard, ...]
    changes: tuple[changes.Change, ...]
    grid: Markup
    grid_legend: Markup
    burn_up: Markup
    burn_up_legend: Markup
    ready: ReadySummary

    @property
    def progress(self) -> Progress:
        return self.position.progress

    @property
    def roadmap_url(self) -> str:
        """The roadmap on the same day and basis."""
        return reverse("roadmap") + self.question.tail("as_of", "basis")


def build(question: Question, position: Position, search: Search) -> HomePage:
    standing = position.progress
    lines = units.lines(question, position)
    year = question.as_of.year
    return HomePage(
        question=question,
        position=position,
        search=search,
        found=_hits(question, search, lines),
        bases=bases(question, position, reverse("home")),
        due_before=_due(standing.years, year - 1),
        due_next=_due(standing.years, year),
        lines=tuple(lines.values()),
        this_year=tuple(line for line in lines.values() if line.planned_year == year),
        late=standing.count(progress.LATE),
        unresolved=standing.count(progress.ABOLISHED),
        phases=tuple(_card(standing, phase) for phase in standing.phases),
        changes=tuple(changes.lately(question, position)),
        grid=figures.grid(position, lines),
        grid_legend=figures.grid_legend(standing),
        burn_up=figures.against_plan(standing),
        burn_up_legend=figures.burn_up_legend(),
        ready=ready.summary(list(position.districts.values()), question.as_of),
    )


def _hits(question: Question, search: Search, lines: dict[str, UnitLine]) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            name=district.display_name,
            url=units.address(district, question),
            words=lines[district.code].words if district.code in lines else "",
        )
        for district in search.found
    )


def bases(question: Question, position: Position, url: str) -> tuple[BasisChoice, ...]:
    """Both ways of counting, each with its number of units on the day."""
    codes = units.years_of(question.version)
    existing = sum(position.districts[code].exists_on(question.as_of) for code in codes)
    counts = {progress.PLAN: len(codes), progress.CURRENT: existing}
    names = {progress.PLAN: gettext("规划单位"), progress.CURRENT: gettext("现行单位")}
    return tuple(
        BasisChoice(
            name=names[basis],
            count=counts[basis],
            url=url + question.tail(basis="" if basis == progress.PLAN else basis),
            is_chosen=basis == question.basis,
        )
        for basis in progress.BASES
    )


def _due(years: tuple[YearProgress, ...], year: int) -> Due | None:
    for entry in years:
        if entry.year == year:
            return Due(year, entry.cumulative_planned)
    return None


def _card(standing: Progress, phase: PhaseProgress) -> PhaseCard:
    inside = range(phase.start_year, phase.end_year + 1)
    cohort = [unit for unit in standing.standings if unit.planned_year in inside]
    own = sum(unit.certified_on is not None and unit.certified_on.year in inside for unit in cohort)
    name = wording.said(phase.name)
    return PhaseCard(
        phase=phase,
        name=name,
        is_over=standing.as_of.year > phase.end_year,
        is_ahead=standing.as_of.year < phase.start_year,
        from_elsewhere=phase.certified - own,
        squares=square_rows(
            [unit.status for unit in cohort],
            name=f"phase-{phase.start_year}",
            title=gettext("%(phase)s各单位的状态") % {"phase": name},
            description=_tally(unit.status for unit in cohort),
        ),
    )


def _tally(states: Iterable[str]) -> str:
    """How many stand where, in words."""
    seen = list(states)
    return "; ".join(
        f"{label} {seen.count(state)}" for state, label in wording.STATES.items() if state in seen
    )
