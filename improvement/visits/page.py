"""What the pages of a visit show: each drawn school with chance, reasons, record and findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from django.db.models import Prefetch

from improvement.models import Draw, Finding, SchoolVisit, Visit
from improvement.sampling.draw import Line
from improvement.sampling.frame import Candidate
from improvement.services.visits import Design, comes_out_again, design_of
from improvement.visits import words as words


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school of the frame; ``record`` and ``findings`` once somebody was there."""

    candidate: Candidate
    share: Fraction
    record: SchoolVisit | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def stratum(self) -> str:
        return words.stratum_label(self.candidate.stratum)

    @property
    def chance(self) -> str:
        return words.chance_text(self.share)

    @property
    def why(self) -> list[str]:
        return words.why(self.candidate.found)


@dataclass(frozen=True, slots=True)
class StratumLine:
    line: Line

    @property
    def label(self) -> str:
        return words.stratum_label(self.line.stratum)

    @property
    def expected(self) -> str:
        return f"{float(self.line.expected):.2f}"


def lines_of(design: Design) -> list[SchoolLine]:
    """All schools that can be drawn, the likeliest first."""
    lines = [SchoolLine(each, design.chances[each.code]) for each in design.frame]
    return sorted(lines, key=lambda line: (-line.share, line.candidate.code))


def strata_of(design: Design) -> list[StratumLine]:
    return [StratumLine(line) for line in design.strata]


class VisitPage:
    """One visit by its newest draw."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.draw = visit, visit.sample
        self.design = design_of(self.draw)
        self.look = words.LOOKS[visit.state]  # type: ignore[index]

    @cached_property
    def schools(self) -> list[SchoolLine]:
        """Those drawn, by code."""
        by_code = {each.code: each for each in self.design.frame}
        records = {row.school_code: row for row in self._records()}
        share = self.design.chances
        return [
            SchoolLine(by_code[code], share[code], row, [*row.findings.all()] if row else [])
            for code in self.draw.schools
            for row in [records.get(code)]
        ]

    def line_of(self, code: str) -> SchoolLine | None:
        return next((line for line in self.schools if line.candidate.code == code), None)

    @property
    def findings(self) -> list[Finding]:
        return [finding for line in self.schools for finding in line.findings]

    @property
    def left(self) -> list[SchoolLine]:
        """Schools without a record."""
        return [line for line in self.schools if line.record is None]

    @property
    def strata(self) -> list[StratumLine]:
        return strata_of(self.design)

    @property
    def comes_out_again(self) -> bool:
        return comes_out_again(self.draw)

    @cached_property
    def draws(self) -> list[tuple[Draw, list[str]]]:
        """Every draw, the names of the schools it drew."""
        rows = self.visit.draws.select_related("drawn_by")
        return [(row, list(_names(row))) for row in rows]

    def _records(self) -> Iterable[SchoolVisit]:
        live = Finding.objects.filter(removed_at=None).prefetch_related("photos")
        rows = self.visit.schools.select_related("recorded_by")
        return rows.prefetch_related(Prefetch("findings", live))


def _names(row: Draw) -> Iterator[str]:
    names = {each["code"]: each["name"] for each in row.frame}
    return (names[code] for code in row.schools)
