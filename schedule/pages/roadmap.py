"""The roadmap: one row per year, every unit with its state, in any edition of the plan."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from schedule import wording
from schedule.models import PlanVersion
from schedule.progress import PhaseProgress, Progress, YearProgress
from schedule.services.reading import Position

from . import home, units
from .question import Question
from .units import UnitLine


@dataclass(frozen=True, slots=True)
class YearRow:
    year: YearProgress
    lines: tuple[UnitLine, ...]
    is_over: bool


@dataclass(frozen=True, slots=True)
class PhaseSection:
    phase: PhaseProgress
    name: str
    rows: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the plan in the list of versions."""

    version: PlanVersion
    title: str
    url: str
    is_shown: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class RoadmapPage:
    question: Question
    position: Position
    bases: tuple[home.BasisChoice, ...]
    sections: tuple[PhaseSection, ...]
    editions: tuple[Edition, ...]
    moved: int
    download: str

    @property
    def progress(self) -> Progress:
        return self.position.progress

    @property
    def is_in_force(self) -> bool:
        return self.question.version == self.question.in_force


def build(question: Question, position: Position) -> RoadmapPage:
    lines = tuple(units.lines(question, position).values())
    return RoadmapPage(
        question=question,
        position=position,
        bases=home.bases(question, position, reverse("roadmap")),
        sections=tuple(
            _section(position.progress, phase, lines) for phase in position.progress.phases
        ),
        editions=tuple(_edition(question, version) for version in question.versions),
        moved=sum(line.is_moved for line in lines),
        download=urlencode({"version": question.version.number}),
    )


def _section(standing: Progress, phase: PhaseProgress, lines: tuple[UnitLine, ...]) -> PhaseSection:
    return PhaseSection(
        phase=phase,
        name=wording.said(phase.name),
        rows=tuple(
            YearRow(
                year=year,
                lines=tuple(line for line in lines if line.planned_year == year.year),
                is_over=year.year < standing.as_of.year,
            )
            for year in standing.years
            if phase.start_year <= year.year <= phase.end_year
        ),
    )


def _edition(question: Question, version: PlanVersion) -> Edition:
    number = "" if version == question.in_force else str(version.number)
    return Edition(
        version=version,
        title=wording.said(version.title),
        url=reverse("roadmap") + question.tail(version=number),
        is_shown=version == question.version,
        is_in_force=version == question.in_force,
    )
