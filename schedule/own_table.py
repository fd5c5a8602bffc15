"""A table of one's own: units × indicators × years, turned as asked, all of it in the address."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from audit.refusals import one_of
from audit.words import SEPARATOR
from districts.models import District
from districts.scope import Viewer
from indicators.wording import stage_name
from rest.books import Number, Sheet, write_book
from schedule import progress
from schedule.atlas import Atlas
from schedule.atlas_columns import Cell, Column
from schedule.atlas_table import about, call_of
from schedule.services.atlas import Results
from schedule.services.reading import today

UNIT, INDICATOR, YEAR = "unit", "indicator", "year"
TURNS = (UNIT, INDICATOR, YEAR)
ALL = "*"  # in the address, where it stays short


class Item(NamedTuple):
    """One of a dimension: its name in the address and what it is called."""

    name: str
    text: str


class OwnTable:
    """``rows`` is what stands at the left; the other two stand over the cells.

    Who has no ``viewer`` reads what was approved. Raises Unusable with what could be asked.
    """

    def __init__(self, asked: Any, viewer: Viewer | None = None) -> None:
        plain = {name: asked.get(name, "") for name in ("as_of", "basis")}
        self.atlas = Atlas({**plain, "show": "all"}, viewer)
        self.rows_are = one_of(asked, "rows", TURNS) or UNIT
        known: dict[str, list[str]] = {
            UNIT: list(self.units),
            INDICATOR: list(self.atlas.known),
            YEAR: [*map(str, self.atlas.years)],
        }
        self.asked = {name: self._asked(asked.getlist(name), name, known[name]) for name in TURNS}
        self.chosen = {name: _several(self.asked[name], known[name]) for name in TURNS}

    @cached_property
    def units(self) -> dict[str, District]:
        """Those that are counted, in the order of the plan."""
        standings = self.atlas.position.progress.standings
        return {row.code: self.atlas.position.districts[row.code] for row in standings}

    @cached_property
    def sets(self) -> dict[str, dict[str, str]]:
        """What is chosen in one act, by its pattern, with what it is called."""
        everything = {ALL: _("全部")}
        groups = {f"{ALL}{name[2:]}": c.group for name, c in self.atlas.known.items() if c.stage}
        letters = {
            f"{name}{ALL}": self.atlas.known[name].title
            for name in "BC"
            if name in self.atlas.known
        }
        return {UNIT: everything, INDICATOR: everything | groups | letters, YEAR: everything}

    def _asked(self, typed: list[str], name: str, there: list[str]) -> list[str]:
        """Sets, and what is in none of them. Raises Unusable for what there is not."""
        sets = [each for each in self.sets[name] if each in typed]
        for text in typed:
            if text not in sets:
                one_of({name: text}, name, there)
        return sets + [each for each in there if each in typed and not _several(sets, [each])]

    def fill(self) -> None:
        """What was not chosen is all there is; of the years the last that is complete."""
        usual = [str(self.atlas.usual_year)] if self.atlas.years else []
        everything = {UNIT: list(self.units), INDICATOR: list(self.atlas.known), YEAR: usual}
        self.chosen = {name: own or everything[name] for name, own in self.chosen.items()}

    @property
    def is_empty(self) -> bool:
        return not all(self.chosen.values())

    @cached_property
    def results(self) -> Results:
        return self.atlas.results_of(map(int, self.chosen[YEAR]))

    @property
    def is_demo(self) -> bool:
        return any(result.is_demo for result in self.results.values())

    def items(self, dimension: str) -> list[Item]:
        return [Item(name, self._text(dimension, name)) for name in self.chosen[dimension]]

    def _text(self, dimension: str, name: str) -> str:
        if dimension == UNIT:
            return self.units[name].display_name
        return name_of(self.atlas.known[name]) if dimension == INDICATOR else name

    @property
    def across(self) -> tuple[str, str]:
        """What stands over the cells: the first above the second."""
        first, second = (name for name in TURNS if name != self.rows_are)
        return first, second

    @property
    def lines(self) -> Iterator[tuple[Item, list[tuple[str, Cell]]]]:
        """What a row is about, and its cells with what each is about."""
        first, second = self.across
        heads = list(product(self.items(first), self.items(second)))
        for item in self.items(self.rows_are):
            yield (
                item,
                [
                    (
                        f"{above.text}{SEPARATOR}{below.text}",
                        self._cell({self.rows_are: item, first: above, second: below}),
                    )
                    for above, below in heads
                ],
            )

    def _cell(self, at: Mapping[str, Item]) -> Cell:
        result = self.results.get((at[UNIT].name, int(at[YEAR].name)))
        return self.atlas.known[at[INDICATOR].name].cell(result)

    def tail(self, **changes: Any) -> str:
        """All of it as the end of an address: who opens it sees what she may."""
        asked: dict[str, Any] = {**self.asked, "rows": self.rows_are, **changes}
        if self.atlas.as_of != today():
            asked.setdefault("as_of", self.atlas.as_of.isoformat())
        if self.atlas.basis != progress.PLAN:
            asked["basis"] = self.atlas.basis
        return "?" + urlencode(asked, doseq=True, safe=ALL)

    @property
    def call(self) -> str:
        """The same asked of the API, for which no name means all there are."""
        there = {UNIT: len(self.units), INDICATOR: len(self.atlas.known)}
        named = {name: own for name, own in self.chosen.items() if len(own) != there.get(name)}
        return call_of(self.atlas, **named)

    # -- to take away ----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return f"own-table-{self.atlas.basis}-{self.atlas.as_of.isoformat()}"

    def table(self) -> list[list[Any]]:
        """The head says of each column both things it is about."""
        rows: list[list[Any]] = []
        for item, cells in self.lines:
            rows = rows or [["", *(told for told, _cell in cells)]]
            rows.append([item.text, *(_value(cell) for _told, cell in cells)])
        return rows

    def book(self) -> bytes:
        sheets = [Sheet(_("自选表"), self.table(), 1), Sheet(_("说明"), list(about(self.atlas)))]
        return write_book(sheets)


def name_of(column: Column) -> str:
    stage = stage_name(column.stage) if column.stage else ""
    return SEPARATOR.join(filter(None, (stage, column.title)))


def _value(cell: Cell) -> Any:
    if cell.number is None:
        return "" if cell.text == "–" else cell.text
    exponent = cell.number.as_tuple().exponent
    return Number(cell.number, min(3, -exponent) if isinstance(exponent, int) else 0)


def _several(asked: Iterable[str], there: Iterable[str]) -> list[str]:
    """In the order of what there is, each once."""
    return [each for each in there if any(fnmatchcase(each, text) for text in asked)]
