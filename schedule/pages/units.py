"""One unit as every page shows it: name, state and timing in words, planned year now and before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from charts.tile_grid import GLYPHS
from districts.models import District
from districts.wording import listed
from schedule import progress, wording
from schedule.models import PlanVersion
from schedule.progress import Standing
from schedule.services.reading import Position

from .question import Question


@dataclass(frozen=True, slots=True)
class UnitLine:
    district: District
    url: str
    state: str
    glyph: str
    words: str
    notes: tuple[str, ...]
    planned_year: int | None
    original_year: int | None
    certified_on: date | None

    @property
    def is_moved(self) -> bool:
        return self.original_year is not None and self.original_year != self.planned_year

    @property
    def sentence(self) -> str:
        """Everything about the unit that a tile says by colour and place."""
        return " · ".join((self.district.display_name, self.words, *self.notes))


def address(district: District, question: Question) -> str:
    """The unit's page, on the day the reader looks at."""
    return reverse("unit", args=[district.code]) + question.tail("as_of")


def years_of(version: PlanVersion) -> dict[str, int]:
    return dict(version.entries.values_list("district__code", "year"))


def original_years(question: Question) -> dict[str, int]:
    """The years of the first plan, when the reader looks at a later one."""
    return {} if question.version == question.original else years_of(question.original)


def lines(question: Question, position: Position) -> dict[str, UnitLine]:
    """Every counted unit by its code, in the order of the plan."""
    before = original_years(question)
    return {
        standing.code: line(question, position, standing, before.get(standing.code))
        for standing in position.progress.standings
    }


def line(
    question: Question, position: Position, standing: Standing, original_year: int | None
) -> UnitLine:
    district = position.districts[standing.code]
    return UnitLine(
        district=district,
        url=address(district, question),
        state=standing.status,
        glyph=GLYPHS[standing.status],
        words=wording.state_words(standing),
        notes=tuple(_notes(standing, position)),
        planned_year=standing.planned_year,
        original_year=original_year,
        certified_on=standing.certified_on,
    )


def _notes(standing: Standing, position: Position) -> Iterator[str]:
    """What belongs to the state: how early or late, and into whom an abolished unit went."""
    if timing := wording.timing_words(standing):
        yield timing
    if standing.status == progress.ABOLISHED and standing.successors:
        names = [position.districts[code].display_name for code in standing.successors]
        yield gettext("并入%(units)s") % {"units": listed(names)}
