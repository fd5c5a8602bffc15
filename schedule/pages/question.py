"""What the reader asks for (day, basis, version of the plan), and where each unit stands then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from charts.svg import Markup, element
from districts.models import District
from districts.sources import Link, source_of
from districts.wording import listed
from schedule import progress, totals, wording
from schedule.models import PlanVersion
from schedule.progress import Standing
from schedule.services import reading
from schedule.services.reading import Position

ASKED = ("as_of", "basis", "version")
LONGEST = 40  # characters of what was typed that are worth showing again


@dataclass(frozen=True)
class UnitLine:
    """A unit as every page shows it, in several places; ``original_year`` is the first plan's."""

    district: District
    standing: Standing
    url: str
    original_year: int | None
    successors: str

    @cached_property
    def state(self) -> str:
        return wording.shown_state(self.standing)

    @property
    def kind(self) -> str:
        """The name of its colour."""
        return wording.MARKS[self.state][0]

    @property
    def glyph(self) -> str:
        return wording.MARKS[self.state][1]

    @property
    def label(self) -> str:
        return str(wording.STATES[self.state])

    @cached_property
    def words(self) -> str:
        return wording.state_words(self.standing)

    @cached_property
    def notes(self) -> list[str]:
        """How early or late, and into whom an abolished unit went."""
        into = gettext("并入%(units)s") % {"units": self.successors} if self.successors else ""
        return [note for note in (wording.timing_words(self.standing), into) if note]

    @cached_property
    def sentence(self) -> str:
        """Everything in one line, as a pointer reads it out."""
        year = self.standing.planned_year
        said = " · ".join((self.district.display_name, self.words, *self.notes))
        return gettext("%(unit)s · 规划 %(year)s 年") % {"unit": said, "year": year or "–"}

    @cached_property
    def square(self) -> Markup:
        """The unit as a square with its glyph; made here because a page has a hundred of them."""
        return element("i", self.glyph, class_=f"square q-{self.kind}", title=self.sentence)

    @property
    def tile(self) -> Markup:
        """The unit as a tile that leads to its page: short to see, a whole sentence to hear."""
        year = element("span", self.standing.planned_year)
        return element(
            "a",
            element("span", wording.breakable_name(self.district), aria_hidden="true"),
            element("small", year, element("b", self.glyph), aria_hidden="true"),
            element("span", self.sentence, class_="sr"),
            class_=f"q-{self.kind}",
            href=self.url,
            title=self.sentence,
        )

    @property
    def is_moved(self) -> bool:
        return self.original_year not in (None, self.standing.planned_year)


@dataclass(frozen=True)
class Question:
    """A question that can be answered; ``problem`` says why it is not the one that was asked."""

    as_of: date
    basis: str
    version: PlanVersion
    versions: tuple[PlanVersion, ...]
    typed_day: str
    problem: Unusable | None = None

    @property
    def today(self) -> date:
        return reading.today()

    @property
    def is_today(self) -> bool:
        return self.as_of == self.today

    @property
    def in_force(self) -> PlanVersion:
        """The plan that was in force on the day."""
        return self.versions[0]

    @property
    def original(self) -> PlanVersion:
        return self.versions[-1]

    @property
    def source(self) -> Link:
        """Where the plan, by which all is measured, can be read."""
        return source_of(self.version)

    @cached_property
    def position(self) -> Position:
        """The answer."""
        return reading.position_shown(self.as_of, self.basis, self.version)

    @property
    def notes(self) -> list[str]:
        """What makes two totals differ, said wherever both stand."""
        counted = self.position.progress
        names = {code: unit.display_name for code, unit in self.position.districts.items()}
        said = (
            totals.gone_words(counted, names),
            totals.beside_words(counted, [names[code] for code in self._named_beside()]),
            totals.due_words(counted, names),
        )
        return [sentence for sentence in said if sentence]

    def _named_beside(self) -> list[str]:
        """Who is named on a list and not counted here, itself or as its predecessor."""
        position = self.position
        carried = {one.successor.code for one in position.successions if one.carries_certification}
        named = {code for rest in position.progress.unnamed for code in rest.named}
        return [code for code in position.beside if code in named - carried]

    @cached_property
    def original_years(self) -> dict[str, int]:
        """The years of the first plan, when the reader looks at a later one."""
        return {} if self.version == self.original else self.original.years

    def tail(self, *keep: str, **changes: str) -> str:
        """The question as the end of an address, with changes; what is default is left out."""
        parts = (self.as_of.isoformat(), self.basis, str(self.version.number))
        usual = (self.today.isoformat(), progress.PLAN, str(self.in_force.number))
        asked = dict(zip(ASKED, parts, strict=True))
        asked = {name: asked[name] for name in keep or ASKED} | changes
        defaults = dict(zip(ASKED, usual, strict=True))
        unusual = {name: value for name, value in asked.items() if value != defaults.get(name)}
        return f"?{urlencode(unusual)}" if unusual else ""

    @property
    def permalink(self) -> str:
        """The question as the end of an address that says the same on any later day."""
        parts = (self.as_of.isoformat(), self.basis, str(self.version.number))
        return f"?{urlencode(dict(zip(ASKED, parts, strict=True)))}"

    def address(self, district: District) -> str:
        """The unit's page, on the day the reader looks at."""
        return reverse("unit", args=[district.code]) + self.tail("as_of")

    @cached_property
    def lines(self) -> dict[str, UnitLine]:
        """Every counted unit by its code, in the order of the plan."""
        return {row.code: self.line(row) for row in self.position.progress.standings}

    def by_year(self) -> list[tuple[int | None, list[UnitLine]]]:
        """The units of each planned year in the order of the plan; who has none stands last."""
        lines = self.lines.values()
        years: list[int | None] = [year.year for year in self.position.progress.years]
        if any(line.standing.planned_year is None for line in lines):
            years.append(None)
        return [(y, [line for line in lines if line.standing.planned_year == y]) for y in years]

    def line(self, standing: Standing) -> UnitLine:
        district = self.position.districts[standing.code]
        is_gone = standing.status == progress.ABOLISHED
        return UnitLine(
            district=district,
            standing=standing,
            url=self.address(district),
            original_year=self.original_years.get(standing.code),
            successors=self.names(standing.successors) if is_gone else "",
        )

    def names(self, codes: Iterable[str]) -> str:
        return listed(self.position.districts[code].display_name for code in codes)

    def bases(self, page: str) -> list[tuple[str, int, str]]:
        """Both ways of counting, with the number of units on the day and the address."""
        count_on, address = self.position.count_on, reverse(page)
        return [
            (basis, count_on(basis), address + self.tail(basis=basis)) for basis in progress.BASES
        ]


def ask(parameters: Mapping[str, str]) -> Question:
    """The reader's question; a wrong one becomes today's with the reason in ``problem``.

    Raises Unusable when no plan is loaded: then there is nothing to show.
    """
    try:
        return _understood(parameters)
    except Unusable as problem:
        # A page that shows something is worth more than an error: it is today's, and says so.
        typed = parameters.get("as_of", "")[:LONGEST]
        return replace(_understood({}), problem=problem, typed_day=typed)


def _understood(parameters: Mapping[str, str]) -> Question:
    day = reading.parse_day(parameters.get("as_of", "").strip())
    basis = reading.parse_basis(parameters.get("basis"))
    versions = reading.versions_until(day)
    version = _version(parameters.get("version", ""), versions)
    return Question(day, basis, version, versions, typed_day=day.isoformat())


def _version(text: str, versions: tuple[PlanVersion, ...]) -> PlanVersion:
    known = {str(version.number): version for version in versions}
    if text and text not in known:
        sentence = _("没有第「%(found)s」版规划，或当时还未发布；可看第 1 到 %(last)s 版。") % {
            "found": text[:LONGEST],
            "last": versions[0].number,
        }
        raise Unusable.at("version", sentence, code="bad_version")
    return known.get(text, versions[0])
