"""The city atlas: units by indicators, sorted, grouped and cut as the address asks."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from audit.refusals import one_of
from districts.models import District
from districts.scope import Viewer
from indicators.models import Standard
from indicators.services.rules import indicator_names, rules_of
from schedule import progress
from schedule.atlas_columns import OTHERS, SCHOOLS, SPREADS, Cell, Column, chosen, columns
from schedule.services import atlas as reading_atlas
from schedule.services import reading
from schedule.services.atlas import Result, Results
from schedule.services.reading import Position
from schedule.standing import Standing
from schedule.wording import MARKS, STATES, shown_state, timing_words

PHASE, REGION, NONE = "phase", "region", "none"
SHOWS, GROUPS = (SPREADS, SCHOOLS, OTHERS, "all"), (PHASE, REGION, NONE)
SORTS = ("plan", "name", "year", "late")
ASKED = ("year", "show", "group", "sort", "only", "state", "compare", "as_of", "basis")


@dataclass(frozen=True)
class Line:
    """One unit: where it stands, its results of this year and the last, what was open each year."""

    district: District
    standing: Standing
    result: Result | None
    before: Result | None
    open_by_year: Mapping[int, int]

    @property
    def state(self) -> str:
        return shown_state(self.standing)

    @property
    def look(self) -> str:
        return MARKS[self.state][0]

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def short(self) -> str:
        return str(MARKS[self.state][2])

    @property
    def late(self) -> str:
        return timing_words(self.standing)

    @property
    def is_failing(self) -> bool:
        return bool(self.result and self.result.still_open)


class Atlas:
    """``viewer`` sees what was handed in last, the public (None) what was approved."""

    def __init__(self, asked: Mapping[str, str], viewer: Viewer | None = None) -> None:
        self.viewer = viewer
        self.as_of = reading.parse_day(asked.get("as_of", "").strip())
        self.basis = reading.parse_basis(asked.get("basis"))
        self.open_by_year = reading_atlas.open_by_year(self.as_of, viewer)
        counts = Counter(year for years in self.open_by_year.values() for year in years)
        self.years = sorted(counts)
        # A year that has only begun says little of the city.
        full = [year for year in self.years if 2 * counts[year] >= max(counts.values())]
        self.usual_year = full[-1] if full else self.as_of.year
        self.year = int(one_of(asked, "year", map(str, self.years)) or self.usual_year)
        self.show = one_of(asked, "show", SHOWS) or SPREADS
        self.group = one_of(asked, "group", GROUPS) or PHASE
        self.only = one_of(asked, "only", ("failing",))
        self.state = one_of(asked, "state", STATES)
        self.compare = bool(one_of(asked, "compare", ("1",)))
        self.columns = chosen(self.known, self.show)
        names = [*SORTS, *(column.name for column in self.columns)]
        self.sort = one_of(asked, "sort", [*names, *(f"-{name}" for name in names)]) or "plan"

    @cached_property
    def standard(self) -> Standard | None:
        return Standard.objects.in_force_on(self.as_of)

    @cached_property
    def known(self) -> dict[str, Column]:
        standard = self.standard
        if standard is None:
            return {}
        rules = rules_of(standard)
        least = rules.limits["D1.satisfied"]
        return columns(indicator_names(standard), rules.dispersion_limits, least)

    @cached_property
    def position(self) -> Position:
        return reading.position_shown(self.as_of, self.basis)

    @cached_property
    def results(self) -> Results:
        return self.results_of((self.year - 1, self.year))

    def results_of(self, years: Iterable[int]) -> Results:
        if self.viewer is None:
            return reading_atlas.approved_results(years, self.as_of)
        return reading_atlas.newest_results(years, self.viewer)

    @cached_property
    def lines(self) -> list[Line]:
        """Every unit that is counted, in the order of the plan."""
        return [
            Line(
                self.position.districts[unit.code],
                unit,
                self.results.get((unit.code, self.year)),
                self.results.get((unit.code, self.year - 1)),
                self.open_by_year.get(unit.code, {}),
            )
            for unit in self.position.progress.standings
        ]

    @cached_property
    def rows(self) -> list[Line]:
        """Those that were asked for, sorted; who says nothing in a column stands last."""
        kept = [
            line
            for line in self.lines
            if (not self.only or line.is_failing) and self.state in ("", line.state)
        ]
        name, is_down = self.sort.removeprefix("-"), self.sort.startswith("-")
        key = self._key(name)
        known = [line for line in kept if key(line) is not None]
        known.sort(key=key, reverse=is_down)
        return known + [line for line in kept if key(line) is None]

    def _key(self, name: str) -> Callable[[Line], Any]:
        places = {line.standing.code: at for at, line in enumerate(self.lines)}
        keys: dict[str, Callable[[Line], Any]] = {
            "plan": lambda line: places[line.standing.code],
            "name": lambda line: (line.district.reading, line.district.code),
            "year": lambda line: line.standing.planned_year,
            "late": lambda line: line.standing.days_late if line.late else None,
        }
        return keys.get(name) or (lambda line: _weight(self.known[name].cell(line.result)))

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """Heading and units; one without a heading where nothing is grouped."""
        found: dict[str, list[Line]] = {}
        for line in self.rows:
            found.setdefault(self._group(line), []).append(line)
        order = [phase.name for phase in self.position.progress.phases]
        return sorted(
            found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
        )

    def _group(self, line: Line) -> str:
        if self.group == REGION:
            return line.district.region
        phase = progress.phase_of(self.position.progress.phases, line.standing.planned_year)
        return phase.name if phase and self.group == PHASE else ""

    @property
    def is_demo(self) -> bool:
        return any(result.is_demo for result in self.results.values())

    def tail(self, **changes: str) -> str:
        """The question as the end of an address, with changes; what is default is left out."""
        asked = {name: str(getattr(self, name)) for name in ASKED}
        asked["compare"] = "1" if self.compare else ""
        usual = {
            "year": str(self.usual_year),
            **{"show": SPREADS, "group": PHASE, "sort": "plan", "basis": progress.PLAN},
            "as_of": reading.today().isoformat(),
        }
        told = {name: value for name, value in {**asked, **changes}.items() if value}
        kept = {
            n: v
            for n, v in told.items()
            if v != usual.get(n) or (n, v) == ("as_of", changes.get(n))
        }
        # Never empty: who asks for nothing may have a view the page begins with.
        return "?" + urlencode(kept or {"only": ""})


def _weight(cell: Cell) -> Any:
    """Numbers by size; verdicts from what fails to what is met."""
    if cell.number is not None:
        return cell.number
    return {"not_met": 0, "unknown": 1, "met": 2}.get(cell.verdict) if cell.text != "–" else None
